// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import { hasAnswered } from '../verdicts/fresh.ts'
import { quorumAvailable, quorumMargin } from '../verdicts/quorum.ts'
import { quorumPatienceSeconds } from '../verdicts/thresholds.ts'
import { ofCluster, ofMember } from './labels.ts'

/** Rows of the quorum collector. */
export const quorumMetrics = defineMetrics({
  etcd_cluster_quorum_available: {
    type: 'gauge',
    help: `Whether the cluster can read linearizably or commit, as seen from the exporter: 0 when neither has succeeded at any voter for ${quorumPatienceSeconds} seconds; absent before the first member list and without evidence.`,
    labels: ofCluster,
    source: 'soundings by KV.Range and KV.Put at each voter; Status where they are not permitted',
  },
  etcd_cluster_quorum_margin: {
    type: 'gauge',
    help: 'Voters that may still be lost before the quorum is, by those that answer Status: 0 when one more is too many, negative when too few answer; absent before the first member list.',
    labels: ofCluster,
    source: 'RPC Maintenance.Status of each voter against RPC Cluster.MemberList; learners do not count',
  },
  etcd_endpoint_never_answered: {
    type: 'gauge',
    help: 'Whether the member has answered nothing since the exporter first knew of it: it has never started, or the way to it was never open.',
    labels: ofMember,
    source: 'soundings of the member',
  },
})

/** Tells whether each cluster can serve, and how far it is from not serving. */
export const quorum = (clusters: () => readonly JudgedCluster[]) =>
  stateModule({
    name: 'quorum',
    metrics: quorumMetrics,
    tell(set) {
      for (const { view } of clusters()) {
        const labels = { etcd_cluster: view.name }
        const [available, margin] = [quorumAvailable(view), quorumMargin(view)]
        if (available !== undefined) set('etcd_cluster_quorum_available', available ? 1 : 0, labels)
        if (margin !== undefined) set('etcd_cluster_quorum_margin', margin, labels)
        for (const member of view.members) {
          const own = { ...labels, member: member.label }
          set('etcd_endpoint_never_answered', hasAnswered(member) ? 0 : 1, own)
        }
      }
    },
  })
