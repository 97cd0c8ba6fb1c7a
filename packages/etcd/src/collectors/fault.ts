// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import { clusterElectionRisk, electionRisks } from '../verdicts/election-risk.ts'
import { faultPlaces, placeFaults } from '../verdicts/fault-place.ts'
import { ofCluster, ofMember } from './labels.ts'

const riskSource =
  'soundings by KV.Put and KV.Range of the last 15 s, wal_fsync on the metrics page, the timing flags or their defaults'
const stallSource =
  'soundings by KV.Put and KV.Range against leader, raftTerm and raftIndex of RPC Maintenance.Status, and wal_fsync on the metrics page'

/** Rows of the fault collector. */
export const faultMetrics = defineMetrics({
  etcd_endpoint_fault_place: {
    type: 'gauge',
    help: "Where calls to the member have been slow or failing in the last 10 s, 1 for one of the places: host (process, host, or way to it), defrag, quorum (network between members, other members, backlog), fsync (the member's own disk), none, unknown (too little was measured, or nothing that was explains its slow puts).",
    labels: { ...ofMember, place: faultPlaces.join(', ') },
    source:
      'medians of the soundings, each tier less the one before; wal_fsync, backend_commit and defrag_inflight on the metrics page',
  },
  etcd_endpoint_disk_stalled: {
    type: 'gauge',
    help: "Whether the member's disk hangs: calls through it hang and its raft stands still while it still names its old leader, or even Status hangs and its metrics page shows no fsync come to its end; absent for learners, and else while it does not answer.",
    labels: ofMember,
    source: stallSource,
  },
  etcd_endpoint_disk_stalled_seconds: {
    type: 'gauge',
    help: "For how long the member's disk has hung, in seconds since the first call that hung; 0 when it does not; absent as disk_stalled.",
    labels: ofMember,
    source: stallSource,
  },
  etcd_cluster_election_risk_ratio: {
    type: 'gauge',
    help: 'How near the leader is to losing an election: its slowest recent put or linearizable read over the election timeout, or the p99 of its recent fsyncs over two heartbeat intervals, whichever is more; warn at 0.25, page at 1; of the worst voter while no leader is known; absent when nothing was measured.',
    labels: ofCluster,
    source: riskSource,
  },
  etcd_endpoint_election_risk_ratio: {
    type: 'gauge',
    help: "The voter's own share of the election risk, as if it led: harmless in a follower until it is elected; absent while it does not answer and when nothing was measured.",
    labels: ofMember,
    source: riskSource,
  },
})

type Set = SetSample<typeof faultMetrics>

/** Tells which member is at fault, what of it, and how near the next election is. */
export const fault = (clusters: () => readonly JudgedCluster[]) =>
  stateModule({
    name: 'fault',
    metrics: faultMetrics,
    tell(set, now) {
      for (const judged of clusters()) {
        const ledSeconds = now() - judged.memory.leaders.changedAt
        setStalls(judged, set)
        setPlaces(judged, ledSeconds, set)
        setRisks(judged, ledSeconds, set)
      }
    },
  })

function setStalls({ view, memory: { stalls } }: JudgedCluster, set: Set): void {
  for (const { label } of view.members) {
    const labels = { etcd_cluster: view.name, member: label }
    const seconds = stalls.stalledSeconds(label)
    if (seconds === undefined) continue
    set('etcd_endpoint_disk_stalled', seconds > 0 ? 1 : 0, labels)
    set('etcd_endpoint_disk_stalled_seconds', seconds, labels)
  }
}

function setPlaces({ view, memory: { stalls } }: JudgedCluster, ledSeconds: number, set: Set): void {
  const isStalled = (label: string) => (stalls.stalledSeconds(label) ?? 0) > 0
  for (const [{ label }, found] of placeFaults(view, { isStalled, ledSeconds })) {
    for (const place of faultPlaces) {
      const labels = { etcd_cluster: view.name, member: label, place }
      set('etcd_endpoint_fault_place', place === found ? 1 : 0, labels)
    }
  }
}

function setRisks({ view }: JudgedCluster, ledSeconds: number, set: Set): void {
  const labels = { etcd_cluster: view.name }
  const risk = clusterElectionRisk(view, ledSeconds)
  if (risk !== undefined) set('etcd_cluster_election_risk_ratio', risk, labels)
  for (const [{ label }, share] of electionRisks(view, ledSeconds)) {
    set('etcd_endpoint_election_risk_ratio', share, { ...labels, member: label })
  }
}
