// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import { freshVoters } from '../verdicts/fresh.ts'
import { claimsToLead, currentLeader, isStaleClaim, leaderClaims, termSpread } from '../verdicts/leadership.ts'
import { flapping } from '../verdicts/thresholds.ts'
import { ofCluster, ofMember } from './labels.ts'

const status = 'RPC Maintenance.Status of each member, leader and raftTerm'

/** Rows of the leadership collector. */
export const leadershipMetrics = defineMetrics({
  etcd_cluster_leaders: {
    type: 'gauge',
    help: 'Voters that now say that they lead: 1 in health, 2 while a deposed leader has not noticed, as with a hanging disk; absent while no voter answers.',
    labels: ofCluster,
    source: status,
  },
  etcd_cluster_has_leader: {
    type: 'gauge',
    help: 'Whether the voters that answer know a leader: 0 when more than half of them know none; absent while no voter answers.',
    labels: ofCluster,
    source: status,
  },
  etcd_endpoint_is_leader: {
    type: 'gauge',
    help: 'Whether the member itself says that it leads, rightly or not; absent for learners and while it does not answer.',
    labels: ofMember,
    source: status,
  },
  etcd_endpoint_leader_claim_stale: {
    type: 'gauge',
    help: 'Whether the member says that it leads while a leader of a higher raft term is known: it serves no writes; absent for learners and while it does not answer.',
    labels: ofMember,
    source: status,
  },
  etcd_cluster_raft_term_spread: {
    type: 'gauge',
    help: 'Highest minus lowest raft term among the members that answer: above 0 for longer than an election, some member is cut off or hangs; absent while none answers.',
    labels: ofCluster,
    source: status,
  },
  etcd_cluster_leader_changes_total: {
    type: 'counter',
    help: 'Elections won since the exporter started, by leaders of a higher raft term that were seen; restarts of members do not reset it; absent before the first leader.',
    labels: ofCluster,
    source: status,
  },
  etcd_cluster_raft_term_rises_total: {
    type: 'counter',
    help: 'Raft terms begun since the exporter started, elections that nobody won included; rising without leader changes, a member stands for election in vain; absent before the first leader.',
    labels: ofCluster,
    source: status,
  },
  etcd_cluster_leader_flapping: {
    type: 'gauge',
    help: `Whether the leader has changed ${flapping.changes} times or more in the last ${flapping.withinSeconds} seconds; absent before the first leader.`,
    labels: ofCluster,
    source: status,
  },
  etcd_cluster_leaderless_seconds_total: {
    type: 'counter',
    help: 'Seconds since the exporter started in which voters answered and more than half of them knew no leader; as exact as the looks, one each second.',
    labels: ofCluster,
    source: status,
  },
})

type Set = SetSample<typeof leadershipMetrics>

/** Tells who leads each cluster, who only thinks so, and how often that changes. */
export const leadership = (clusters: () => readonly JudgedCluster[]) =>
  stateModule({
    name: 'leadership',
    metrics: leadershipMetrics,
    tell(set, now) {
      for (const judged of clusters()) {
        setNow(judged, set)
        setHistory(judged, now(), set)
      }
    },
  })

function setNow({ view }: JudgedCluster, set: Set): void {
  const labels = { etcd_cluster: view.name }
  const voters = freshVoters(view)
  const leader = currentLeader(view)
  const spread = termSpread(view)
  if (spread !== undefined) set('etcd_cluster_raft_term_spread', spread, labels)
  if (leader !== undefined) {
    set('etcd_cluster_leaders', leaderClaims(view).length, labels)
    set('etcd_cluster_has_leader', leader === 'none' ? 0 : 1, labels)
  }
  for (const one of voters) {
    const own = { ...labels, member: one.member.label }
    set('etcd_endpoint_is_leader', claimsToLead(one) ? 1 : 0, own)
    set('etcd_endpoint_leader_claim_stale', isStaleClaim(one, leader) ? 1 : 0, own)
  }
}

function setHistory({ view, memory: { leaders } }: JudgedCluster, now: number, set: Set): void {
  const labels = { etcd_cluster: view.name }
  set('etcd_cluster_leaderless_seconds_total', leaders.leaderlessSeconds, labels)
  if (leaders.changes === undefined || leaders.termRises === undefined) return
  set('etcd_cluster_leader_changes_total', leaders.changes, labels)
  set('etcd_cluster_raft_term_rises_total', leaders.termRises, labels)
  set('etcd_cluster_leader_flapping', leaders.isFlapping(now) ? 1 : 0, labels)
}
