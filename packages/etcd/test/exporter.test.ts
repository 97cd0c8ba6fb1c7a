// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import type { Page } from '../../../test/servers/page.ts'
import { metricsSections } from '../src/docs.ts'
import { startCluster } from './servers/cluster.ts'
import { startExporter, startUnsounded } from './servers/exporter.ts'

/** What shows on the page of any etcd, once every collector has had something to tell. */
const always = [
  'etcd_cluster_credentials_readable',
  'etcd_cluster_election_risk_ratio',
  'etcd_cluster_has_leader',
  'etcd_cluster_leader_changes_total',
  'etcd_cluster_leader_flapping',
  'etcd_cluster_leaderless_seconds_total',
  'etcd_cluster_leaders',
  'etcd_cluster_members',
  'etcd_cluster_membership_failures_total',
  'etcd_cluster_membership_last_success_timestamp_seconds',
  'etcd_cluster_quorum_available',
  'etcd_cluster_quorum_margin',
  'etcd_cluster_raft_term_rises_total',
  'etcd_cluster_raft_term_spread',
  'etcd_cluster_revision_spread',
  'etcd_cluster_unsounded_members',
  'etcd_cluster_versions',
  'etcd_cluster_wrong_cluster_endpoints',
  'etcd_endpoint_alarm',
  'etcd_endpoint_backend_commit_duration_seconds',
  'etcd_endpoint_backend_commit_recent_mean_seconds',
  'etcd_endpoint_backend_commit_recent_p99_seconds',
  'etcd_endpoint_backend_defrag_duration_seconds',
  'etcd_endpoint_backend_quota_bytes',
  'etcd_endpoint_backend_snapshot_duration_seconds',
  'etcd_endpoint_clock_offset_seconds',
  'etcd_endpoint_db_in_use_bytes',
  'etcd_endpoint_db_size_bytes',
  'etcd_endpoint_defragmenting',
  'etcd_endpoint_disk_stalled',
  'etcd_endpoint_disk_stalled_seconds',
  'etcd_endpoint_election_risk_ratio',
  'etcd_endpoint_fault_place',
  'etcd_endpoint_heartbeat_send_failures_total',
  'etcd_endpoint_info',
  'etcd_endpoint_is_leader',
  'etcd_endpoint_is_learner',
  'etcd_endpoint_leader_changes_seen_total',
  'etcd_endpoint_leader_claim_stale',
  'etcd_endpoint_max_fds',
  'etcd_endpoint_metrics_last_success_timestamp_seconds',
  'etcd_endpoint_metrics_up',
  'etcd_endpoint_never_answered',
  'etcd_endpoint_open_fds',
  'etcd_endpoint_proposals_failed_total',
  'etcd_endpoint_proposals_pending',
  'etcd_endpoint_quota_bytes',
  'etcd_endpoint_quota_file_seconds_left',
  'etcd_endpoint_quota_in_use_ratio',
  'etcd_endpoint_quota_in_use_seconds_left',
  'etcd_endpoint_quota_seconds_left',
  'etcd_endpoint_quota_used_ratio',
  'etcd_endpoint_raft_applied_index',
  'etcd_endpoint_raft_index',
  'etcd_endpoint_raft_term',
  'etcd_endpoint_revision',
  'etcd_endpoint_slow_applies_total',
  'etcd_endpoint_slow_read_indexes_total',
  'etcd_endpoint_sounding_duration_seconds',
  'etcd_endpoint_sounding_in_flight_seconds',
  'etcd_endpoint_sounding_last_success_timestamp_seconds',
  'etcd_endpoint_sounding_recent_max_seconds',
  'etcd_endpoint_soundings_skipped_total',
  'etcd_endpoint_soundings_total',
  'etcd_endpoint_start_timestamp_seconds',
  'etcd_endpoint_up',
  'etcd_endpoint_wal_fsync_duration_seconds',
  'etcd_endpoint_wal_fsync_recent_mean_seconds',
  'etcd_endpoint_wal_fsync_recent_p99_seconds',
  'etcd_endpoint_wal_written_bytes_total',
  'etcd_endpoint_wrong_cluster',
  'etcd_exporter_held_up_seconds_total',
]

/** What shows beside it of some versions. */
const beside = {
  etcd_3_4: [],
  etcd_3_5: ['etcd_endpoint_apply_duration_seconds'],
  etcd_3_7: [
    'etcd_cluster_storage_versions',
    'etcd_endpoint_apply_duration_seconds',
    'etcd_endpoint_downgrade_enabled',
  ],
} as const

/** The names of the tables that are on a page. */
function namesOn(page: Page): readonly string[] {
  const names = metricsSections.slice(0, -1).flatMap(({ metrics }) => Object.keys(metrics))
  return names.filter((name) => page.text.includes(`\n# TYPE ${name} `)).toSorted()
}

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`${version} is sounded in every way, and what it tells is on the page`, async (t) => {
    const cluster = await startCluster(t, { version })
    if (!cluster) return
    const [member] = cluster.members
    if (!member) return
    const exporter = await startExporter(t, cluster)
    const wanted = [...always, ...beside[version]].toSorted()
    const page = await exporter.shows('every metric', 20, (now) => namesOn(now).length >= wanted.length)
    t.strictSame(namesOn(page), wanted)
    const labels = { member: member.name }
    t.equal(page.value('etcd_endpoint_up', labels), 1)
    t.equal(page.value('etcd_endpoint_is_leader', labels), 1)
    t.equal(page.value('etcd_cluster_leaders'), 1)
    t.equal(page.value('etcd_endpoint_is_learner', labels), 0)
    t.equal(page.value('etcd_endpoint_fault_place', { ...labels, place: 'none' }), 1)
    t.equal(page.value('etcd_endpoint_quota_seconds_left', labels), Number.POSITIVE_INFINITY)
    t.ok(Math.abs(page.value('etcd_endpoint_clock_offset_seconds', labels) ?? 9) <= 1, 'on the same machine')
    const info = { ...labels, endpoint: member.clientUrl, member_id: member.id }
    t.equal(page.value('etcd_endpoint_info', info), 1)
    const status = await member.status()
    t.equal(page.value('etcd_endpoint_raft_term', labels), Number(status?.raftTerm))
    t.ok((page.value('etcd_endpoint_revision', labels) ?? 0) > 1, 'the canary has written')
    const indexes = ['raft_index', 'raft_applied_index'].map((name) => page.value(`etcd_endpoint_${name}`, labels))
    t.ok(indexes.every((index) => (index ?? 0) > 3))
    t.ok(
      (page.value('etcd_endpoint_db_size_bytes', labels) ?? 0) >=
        (page.value('etcd_endpoint_db_in_use_bytes', labels) ?? 1),
    )
  })
}

test('over TLS the ends of the certificates show', async (t) => {
  const cluster = await startCluster(t, { tls: { serverDays: 3 } })
  if (!cluster?.certificates) return
  const { authority, client } = cluster.certificates
  const tls_config = { ca_file: authority.certificateFile, cert_file: client.certificateFile, key_file: client.keyFile }
  const exporter = await startExporter(t, cluster, { tls_config })
  const end = 'etcd_endpoint_certificate_expiry_timestamp_seconds'
  const page = await exporter.shows('the certificate', 10, (now) => now.value(end) !== undefined)
  const days = ((page.value(end) ?? 0) - Date.now() / 1000) / 86_400
  t.ok(days > 2.9 && days < 3.1, `${days}`)
  t.ok((page.value('etcd_cluster_client_certificate_expiry_timestamp_seconds') ?? 0) > Date.now() / 1000)
  t.equal(page.value('etcd_cluster_credentials_readable'), 1)
  t.equal(page.value('etcd_endpoint_metrics_up'), 1)
})

test('a dead seed is told of once, in metrics and in one line, and the exporter goes on', async (t) => {
  const cluster = await startCluster(t)
  const [member] = cluster?.members ?? []
  if (!cluster || !member) return
  await member.kill()
  const exporter = await startUnsounded(
    t,
    cluster.members.map(({ clientUrl }) => clientUrl),
  )
  const page = await exporter.shows('a failure', 5, (now) => now.value('etcd_endpoint_up') === 0)
  t.equal(page.value('etcd_cluster_quorum_available'), undefined, 'who the voters are is not known')
  t.ok((page.value('etcd_cluster_membership_failures_total', { failure: 'unreachable' }) ?? 0) > 0)
  t.equal(page.value('etcd_endpoint_never_answered'), 1)
  const lines = exporter
    .output()
    .split('\n')
    .filter((line) => line.includes('op=status'))
  t.equal(lines.length, 1)
  t.match(lines[0], /level=WARN msg="Sounding fails" .*result=unreachable err=".*ECONNREFUSED/)
  await member.start()
  await exporter.shows('it to be up', 5, (now) => now.value('etcd_endpoint_up') === 1)
})
