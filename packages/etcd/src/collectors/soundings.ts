// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import { durationBounds } from '../duration-bounds.ts'
import { type Op, ops, results } from '../ops.ts'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import type { SoundingView } from '../view.ts'
import { ofMember } from './labels.ts'

const ofSounding = { ...ofMember, op: ops.join(', ') } as const
const source = 'RPCs Maintenance.Status, KV.Range, KV.Put or KV.DeleteRange at the member'

const metrics = defineMetrics({
  etcd_endpoint_up: {
    type: 'gauge',
    help: 'Whether the last Status call to the member succeeded; absent before the first has ended.',
    labels: ofMember,
    source: 'RPC Maintenance.Status',
  },
  etcd_endpoint_sounding_duration_seconds: {
    type: 'histogram',
    buckets: durationBounds,
    help: 'Duration of soundings that succeeded or ran into their deadline, in seconds.',
    labels: ofSounding,
    source,
  },
  etcd_endpoint_sounding_in_flight_seconds: {
    type: 'gauge',
    help: 'Age of the sounding that is under way, in seconds; 0 when none is. A stuck fsync completes nothing, but shows here.',
    labels: ofSounding,
    source,
  },
  etcd_endpoint_sounding_recent_max_seconds: {
    type: 'gauge',
    help: 'Longest sounding of the last 15 s that succeeded or ran into its deadline, in seconds; absent when there is none.',
    labels: ofSounding,
    source,
  },
  etcd_endpoint_sounding_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time at which a sounding last succeeded, in seconds; absent before the first success.',
    labels: ofSounding,
    source,
  },
  etcd_endpoint_soundings_total: {
    type: 'counter',
    help: 'Soundings that have ended; lagged ones were held up by the exporter itself and count for nothing else.',
    labels: { ...ofSounding, result: results.join(', ') },
    source,
  },
  etcd_endpoint_soundings_skipped_total: {
    type: 'counter',
    help: 'Soundings that were due and not made, as the one before was under way or the exporter was held up.',
    labels: ofSounding,
    source: 'the schedule of the soundings',
  },
})

type Set = SetSample<typeof metrics>

/** How far back `recent_max` looks, in seconds. */
const recentSeconds = 15

/** Tells what the soundings of each member have shown. */
export const soundings = (clusters: () => readonly JudgedCluster[]) =>
  stateModule({
    name: 'soundings',
    metrics,
    tell(set) {
      for (const { view: cluster } of clusters()) {
        const etcd_cluster = cluster.name
        for (const { label: member, soundings: views } of cluster.members) {
          const up = lastEnded(views.status)
          if (up !== undefined) set('etcd_endpoint_up', up === 'success' ? 1 : 0, { etcd_cluster, member })
          for (const op of ops) {
            const view = views[op]
            if (view !== undefined) report(set, view, { etcd_cluster, member, op })
          }
        }
      }
    },
  })

/** How the last sounding ended that says something of the member. */
function lastEnded(status: SoundingView | undefined) {
  return status?.recent.findLast(({ result }) => result !== 'lagged')?.result
}

function report(set: Set, view: SoundingView, labels: { etcd_cluster: string; member: string; op: Op }): void {
  set('etcd_endpoint_sounding_duration_seconds', view.durations, labels)
  set('etcd_endpoint_sounding_in_flight_seconds', view.inFlightSeconds ?? 0, labels)
  set('etcd_endpoint_soundings_skipped_total', view.skipped, labels)
  for (const result of results) {
    set('etcd_endpoint_soundings_total', view.totals.get(result) ?? 0, { ...labels, result })
  }
  if (view.lastSuccessAt !== undefined) {
    set('etcd_endpoint_sounding_last_success_timestamp_seconds', view.lastSuccessAt, labels)
  }
  const recent = view.recent
    .filter(({ result, endedAgo }) => endedAgo <= recentSeconds && (result === 'success' || result === 'deadline'))
    .map(({ begunAgo, endedAgo }) => begunAgo - endedAgo)
  if (recent.length > 0) set('etcd_endpoint_sounding_recent_max_seconds', Math.max(...recent), labels)
}
