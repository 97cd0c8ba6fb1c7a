// SPDX-License-Identifier: Apache-2.0
import { lint } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { agreement, agreementMetrics } from '../src/collectors/agreement.ts'
import { alarmsCollector, alarmsMetrics } from '../src/collectors/alarms.ts'
import { fault, faultMetrics } from '../src/collectors/fault.ts'
import { leadership, leadershipMetrics } from '../src/collectors/leadership.ts'
import { quorum, quorumMetrics } from '../src/collectors/quorum.ts'
import { quota, quotaMetrics } from '../src/collectors/quota.ts'
import { createClusterMemory, type JudgedCluster } from '../src/verdicts/cluster-memory.ts'
import { createHashRounds } from '../src/verdicts/hash-rounds.ts'
import type { ClusterView } from '../src/view.ts'
import { cluster, ended, sounding, steady } from './verdict-views.ts'

const tables = { agreementMetrics, alarmsMetrics, faultMetrics, leadershipMetrics, quorumMetrics, quotaMetrics }

for (const [name, table] of Object.entries(tables)) {
  test(`the rows of ${name} keep to the rules`, async (t) => {
    t.strictSame(lint(table), [])
  })
}

/** A cluster that has been looked at each second for some time. */
function judged(view: ClusterView, seconds = 1): () => readonly JudgedCluster[] {
  const memory = createClusterMemory()
  const begin = performance.now() / 1000 - seconds
  for (let second = 0; second < seconds; second++) memory.add(begin + second, view)
  return () => [{ view, memory, hashes: createHashRounds(3600) }]
}

const clock = { now: () => 50, unix: () => 1_700_000_000 }
const quick = { serializable_read: steady(0.002), linearizable_read: steady(0.003), put: steady(0.004) }
const blind = cluster([{ label: 'a1', status: undefined }], { listedVoters: undefined })

test('leadership of a cluster with a deposed leader', async (t) => {
  const view = cluster([{ label: 'a1' }, { label: 'a2', status: { leaderId: 'a2', raftTerm: 3 } }])
  const { values } = await runOnce(leadership(judged(view)))
  t.strictSame(values, {
    'etcd_cluster_has_leader{etcd_cluster="main"}': 1,
    'etcd_cluster_leader_changes_total{etcd_cluster="main"}': 0,
    'etcd_cluster_leader_flapping{etcd_cluster="main"}': 0,
    'etcd_cluster_leaderless_seconds_total{etcd_cluster="main"}': 0,
    'etcd_cluster_leaders{etcd_cluster="main"}': 2,
    'etcd_cluster_raft_term_rises_total{etcd_cluster="main"}': 0,
    'etcd_cluster_raft_term_spread{etcd_cluster="main"}': 1,
    'etcd_endpoint_is_leader{etcd_cluster="main",member="a1"}': 1,
    'etcd_endpoint_is_leader{etcd_cluster="main",member="a2"}': 1,
    'etcd_endpoint_leader_claim_stale{etcd_cluster="main",member="a1"}': 1,
    'etcd_endpoint_leader_claim_stale{etcd_cluster="main",member="a2"}': 0,
  })
})

test('quorum of a cluster that serves', async (t) => {
  const view = cluster([{ label: 'a1', soundings: quick }, { label: 'a2', status: undefined }, { label: 'a3' }])
  const { values } = await runOnce(quorum(judged(view)))
  t.strictSame(values, {
    'etcd_cluster_quorum_available{etcd_cluster="main"}': 1,
    'etcd_cluster_quorum_margin{etcd_cluster="main"}': 0,
    'etcd_endpoint_never_answered{etcd_cluster="main",member="a1"}': 0,
    'etcd_endpoint_never_answered{etcd_cluster="main",member="a2"}': 1,
    'etcd_endpoint_never_answered{etcd_cluster="main",member="a3"}': 0,
  })
})

test('a hanging disk is a fault, a place and a risk', async (t) => {
  const hanging = sounding([ended('success', 5)], 4)
  const view = cluster([{ label: 'a1', soundings: { ...quick, linearizable_read: hanging, put: hanging } }])
  const { values } = await runOnce(fault(judged(view, 6)))
  t.equal(values['etcd_endpoint_disk_stalled{etcd_cluster="main",member="a1"}'], 1)
  t.equal(values['etcd_endpoint_disk_stalled_seconds{etcd_cluster="main",member="a1"}']?.toFixed(3), '7.000')
  t.equal(values['etcd_cluster_election_risk_ratio{etcd_cluster="main"}'], 4)
  t.equal(values['etcd_endpoint_election_risk_ratio{etcd_cluster="main",member="a1"}'], 4)
  const places = Object.entries(values).filter(([name, value]) => name.includes('fault_place') && value === 1)
  t.strictSame(places, [['etcd_endpoint_fault_place{etcd_cluster="main",member="a1",place="fsync"}', 1]])
})

test('quota of a member that stands still', async (t) => {
  const status = { quotaBytes: 2_000_000 }
  const view = cluster([{ label: 'a1', ago: 0, status }, { label: 'a2' }])
  const { values } = await runOnce(quota(judged(view, 20)))
  t.strictSame(values, {
    'etcd_endpoint_quota_bytes{etcd_cluster="main",member="a1"}': 2_000_000,
    'etcd_endpoint_quota_file_seconds_left{etcd_cluster="main",member="a1"}': Number.POSITIVE_INFINITY,
    'etcd_endpoint_quota_in_use_ratio{etcd_cluster="main",member="a1"}': 0.45,
    'etcd_endpoint_quota_in_use_seconds_left{etcd_cluster="main",member="a1"}': Number.POSITIVE_INFINITY,
    'etcd_endpoint_quota_seconds_left{etcd_cluster="main",member="a1"}': Number.POSITIVE_INFINITY,
    'etcd_endpoint_quota_used_ratio{etcd_cluster="main",member="a1"}': 0.5,
  })
})

test('agreement of a cluster in the middle of an upgrade', async (t) => {
  const older = { version: '3.5.35', storageVersion: undefined, revision: 90 }
  const view = cluster([{ label: 'a1' }, { label: 'a2', status: older }, { label: 'b1', status: { clusterId: 'c2' } }])
  const { values } = await runOnce(agreement(judged(view), clock))
  t.strictSame(values, {
    'etcd_cluster_hash_state{etcd_cluster="main",state="agree"}': 0,
    'etcd_cluster_hash_state{etcd_cluster="main",state="disagree"}': 0,
    'etcd_cluster_hash_state{etcd_cluster="main",state="unchecked"}': 1,
    'etcd_cluster_revision_spread{etcd_cluster="main"}': 10,
    'etcd_cluster_storage_versions{etcd_cluster="main"}': 1,
    'etcd_cluster_versions{etcd_cluster="main"}': 2,
    'etcd_endpoint_wrong_cluster{etcd_cluster="main",member="a1"}': 0,
    'etcd_endpoint_wrong_cluster{etcd_cluster="main",member="a2"}': 0,
    'etcd_endpoint_wrong_cluster{etcd_cluster="main",member="b1"}': 1,
  })
})

test('the last comparison of hashes tells whose data differs, and when', async (t) => {
  const view = cluster([{ label: 'a1' }, { label: 'a2' }, { label: 'a3' }])
  const hashes = createHashRounds(3600)
  for (const hash of [1, 2, 1]) {
    hashes.next(40, view)
    const header = { clusterId: 'c1', memberId: 'a1', revision: 100, raftTerm: 2 }
    hashes.answer(40, { ...header, hash, compactRevision: 1, hashRevision: 100 })
  }
  const clusters = [{ view, memory: createClusterMemory(), hashes }]
  const { values } = await runOnce(agreement(() => clusters, clock))
  t.equal(values['etcd_cluster_hash_state{etcd_cluster="main",state="disagree"}'], 1)
  t.equal(values['etcd_cluster_hash_timestamp_seconds{etcd_cluster="main"}'], 1_699_999_990)
  t.strictSame(
    ['a1', 'a2', 'a3'].map((label) => values[`etcd_endpoint_hash_differs{etcd_cluster="main",member="${label}"}`]),
    [0, 1, 0],
  )
})

test('each member shows each alarm as raised or not', async (t) => {
  const errors = ['memberID:161 alarm:NOSPACE', 'alarm:CORRUPT']
  const { values } = await runOnce(alarmsCollector(judged(cluster([{ label: 'a1', status: { errors } }]))))
  t.equal(Object.keys(values).length, 6)
  const raised = Object.entries(values).filter(([, value]) => value === 1)
  t.strictSame(Object.fromEntries(raised), {
    'etcd_endpoint_alarm{alarm="nospace",etcd_cluster="main",member="a1"}': 1,
    'etcd_endpoint_alarm{alarm="corrupt",etcd_cluster="main",member="unknown"}': 1,
  })
})

test('of a cluster of which nothing is known, next to nothing is told', async (t) => {
  const clusters = judged(blind)
  const runs = await Promise.all([
    runOnce(leadership(clusters)),
    runOnce(quorum(clusters)),
    runOnce(quota(clusters)),
    runOnce(alarmsCollector(clusters)),
  ])
  t.strictSame(Object.assign({}, ...runs.map(({ values }) => values)), {
    'etcd_cluster_leaderless_seconds_total{etcd_cluster="main"}': 0,
    'etcd_endpoint_never_answered{etcd_cluster="main",member="a1"}': 1,
  })
})
