// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import { alarms, raisedAlarms, unknownMember } from '../verdicts/alarms.ts'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import { ofCluster } from './labels.ts'

/** Rows of the alarms collector. */
export const alarmsMetrics = defineMetrics({
  etcd_endpoint_alarm: {
    type: 'gauge',
    help: 'Whether an alarm is raised for the member: nospace (its quota is used up, the cluster refuses writes until it is disarmed), corrupt (its data differs), other; absent while no member answers.',
    labels: {
      ...ofCluster,
      member: `members of the cluster; the ID of a former one; ${unknownMember} where etcd names none`,
      alarm: alarms.join(', '),
    },
    source: 'RPC Maintenance.Status, errors; any member that answers tells the alarms of all',
  },
})

/** Tells the alarms that etcd has raised, without the Alarm call, which costs an fsync. */
export const alarmsCollector = (clusters: () => readonly JudgedCluster[]) =>
  stateModule({
    name: 'alarms',
    metrics: alarmsMetrics,
    tell(set) {
      for (const { view } of clusters()) {
        for (const [member, raised] of raisedAlarms(view) ?? []) {
          for (const alarm of alarms) {
            set('etcd_endpoint_alarm', raised.has(alarm) ? 1 : 0, { etcd_cluster: view.name, member, alarm })
          }
        }
      }
    },
  })
