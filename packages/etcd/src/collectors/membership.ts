// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import { unsoundedReasons } from '../membership/roster.ts'
import { type MembershipView, membershipFailures } from '../membership/view.ts'
import { ofCluster } from './labels.ts'

/** Rows of the membership collector. */
export const membershipMetrics = defineMetrics({
  etcd_cluster_members: {
    type: 'gauge',
    help: 'Members in the last member list, whether started or not; absent before the first list.',
    labels: { ...ofCluster, role: 'voter, learner' },
    source: 'RPC Cluster.MemberList, isLearner',
  },
  etcd_cluster_unsounded_members: {
    type: 'gauge',
    help: 'Members in the last member list that are not sounded, by why not; absent before the first list.',
    labels: { ...ofCluster, reason: unsoundedReasons.join(', ') },
    source: 'RPC Cluster.MemberList, clientURLs',
  },
  etcd_cluster_membership_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time at which a member last gave the member list, in seconds; absent before the first.',
    labels: ofCluster,
    source: 'RPC Cluster.MemberList',
  },
  etcd_cluster_membership_failures_total: {
    type: 'counter',
    help: 'Rounds in which nobody gave the member list, or in which the endpoints to ask were not found out.',
    labels: { ...ofCluster, failure: membershipFailures.join(', ') },
    source: 'RPC Cluster.MemberList, first of the endpoints; SRV lookup; Kubernetes API',
  },
  etcd_cluster_wrong_cluster_endpoints: {
    type: 'gauge',
    help: 'Endpoints that belong to another cluster and so are not sounded; absent before the first reply of any.',
    labels: ofCluster,
    source: 'cluster_id in the headers of replies, against that of the first replies',
  },
})

/** A cluster's name and how finding its members goes. */
export interface NamedMembership {
  readonly name: string
  readonly membership: MembershipView
}

/** Tells who the members of each cluster are by numbers, and how well that is known. */
export const membershipCollector = (clusters: () => readonly NamedMembership[]) =>
  stateModule({
    name: 'membership',
    metrics: membershipMetrics,
    tell(set) {
      for (const cluster of clusters()) setCluster(set, cluster)
    },
  })

function setCluster(
  set: SetSample<typeof membershipMetrics>,
  { name: etcd_cluster, membership: { counts, lastSuccessAt, failures, foreignEndpoints } }: NamedMembership,
): void {
  if (counts !== undefined) {
    set('etcd_cluster_members', counts.voters, { etcd_cluster, role: 'voter' })
    set('etcd_cluster_members', counts.learners, { etcd_cluster, role: 'learner' })
    for (const reason of unsoundedReasons) {
      set('etcd_cluster_unsounded_members', counts.unsounded[reason], { etcd_cluster, reason })
    }
  }
  if (lastSuccessAt !== undefined) {
    set('etcd_cluster_membership_last_success_timestamp_seconds', lastSuccessAt, { etcd_cluster })
  }
  for (const [failure, count] of failures) {
    set('etcd_cluster_membership_failures_total', count, { etcd_cluster, failure })
  }
  if (foreignEndpoints !== undefined) set('etcd_cluster_wrong_cluster_endpoints', foreignEndpoints, { etcd_cluster })
}
