// SPDX-License-Identifier: Apache-2.0
import { lint, silent, systemClock } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { type LabelledMetrics, memberMetrics } from '../src/collectors/member-metrics.ts'
import { wantedNames } from '../src/member-metrics/families.ts'
import { MemberMetrics } from '../src/member-metrics/member-metrics.ts'
import { memberMetricsTable } from '../src/member-metrics/table.ts'
import { parseMetrics } from '../src/member-metrics/text-format.ts'
import type { RecentDurations } from '../src/member-metrics/view.ts'
import { startCluster } from './servers/cluster.ts'

const allNames = Object.keys(memberMetricsTable)
const aboutThePage = ['etcd_endpoint_metrics_last_success_timestamp_seconds', 'etcd_endpoint_metrics_up']
const sinceEtcd35 = ['etcd_endpoint_apply_duration_seconds']
/** Only where there is a peer, after half a minute. */
const ofPeers = ['etcd_endpoint_peer_round_trip_seconds']

const recent: RecentDurations = { seconds: 60, count: 12, mean: 0.004, p99: 0.0123, longest: 0.016 }

/** A member whose page has these lines. */
function member(lines: readonly string[], options: Partial<LabelledMetrics> = {}): LabelledMetrics {
  return {
    cluster: 'main',
    member: 'm1',
    peers: new Map(),
    isUp: true,
    lastSuccessAt: 1_700_000_000.5,
    page: parseMetrics(lines.map((line) => `${line}\n`).join(''), wantedNames),
    view: {
      ago: 1,
      isCurrent: true,
      clockOffsetSeconds: undefined,
      walFsync: recent,
      walFsyncStillSeconds: 0,
      backendCommit: { ...recent, mean: undefined, p99: undefined, longest: undefined },
      quotaBytes: undefined,
      isDefragmenting: false,
    },
    ...options,
  }
}

async function values(...members: readonly LabelledMetrics[]): Promise<Readonly<Record<string, number>>> {
  const { ending, values: found } = await runOnce(memberMetrics(() => members))
  if (ending !== 'success') throw new Error(`the run ended with ${ending}`)
  return found
}

const labels = '{etcd_cluster="main",member="m1"}'
const withoutPage = {
  [`etcd_endpoint_metrics_up${labels}`]: 1,
  [`etcd_endpoint_metrics_last_success_timestamp_seconds${labels}`]: 1_700_000_000.5,
}
const ofEmptyPage = {
  ...withoutPage,
  [`etcd_endpoint_wal_fsync_recent_mean_seconds${labels}`]: 0.004,
  [`etcd_endpoint_wal_fsync_recent_p99_seconds${labels}`]: 0.0123,
}

test('the table follows the naming rules', (t) => {
  t.same(lint(memberMetricsTable), [])
  t.end()
})

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`${version}: all that a member says of itself is told`, async (t) => {
    const cluster = await startCluster(t, { version })
    const [only] = cluster?.members ?? []
    if (only === undefined) return
    const metrics = new MemberMetrics({
      endpoint: only.clientUrl,
      page: new URL('/metrics', only.clientUrl),
      tls: { tlsOptions: () => ({}) },
      clock: systemClock,
      log: silent,
      periodSeconds: 0.5,
    })
    t.teardown(() => metrics.stop())
    metrics.start(new AbortController().signal)
    await until('the first page', async () => metrics.view())
    await only.client.put('key').value('value'.repeat(1000))
    await only.client.maintenance.defragment()
    const isWhole = () => (metrics.view()?.walFsync?.mean && metrics.view()?.backendCommit?.mean ? true : undefined)
    await until('a whole window', async () => isWhole())
    const source = () => [{ cluster: 'main', member: 'm1', peers: undefined, ...metrics.state() }]
    const { families, values: found } = await runOnce(memberMetrics(source))
    checkValues(t, (name) => found[`etcd_endpoint_${name}${labels}`] ?? Number.NaN)
    const missing = version === 'etcd_3_4' ? [...ofPeers, ...sinceEtcd35] : ofPeers
    t.same(families.map(({ name }) => name).toSorted(), allNames.filter((name) => !missing.includes(name)).toSorted())
    const counts = new Map(families.map(({ name, samples }) => [name, samples.at(-1)?.value ?? 0]))
    t.ok((counts.get('etcd_endpoint_wal_fsync_duration_seconds') ?? 0) >= 1)
    t.ok((counts.get('etcd_endpoint_backend_commit_duration_seconds') ?? 0) >= 1)
    t.equal(counts.get('etcd_endpoint_backend_defrag_duration_seconds'), 1)
    t.equal(counts.get('etcd_endpoint_backend_snapshot_duration_seconds'), 0)
    if (version !== 'etcd_3_4') t.ok((counts.get('etcd_endpoint_apply_duration_seconds') ?? 0) >= 2)
  })
}

function checkValues(t: Test, value: (name: string) => number): void {
  t.equal(value('metrics_up'), 1)
  t.ok(Math.abs(value('metrics_last_success_timestamp_seconds') - systemClock.unix()) < 10)
  t.ok(Math.abs(value('start_timestamp_seconds') - systemClock.unix()) < 60)
  t.equal(value('backend_quota_bytes'), 2 ** 31)
  t.equal(value('leader_changes_seen_total'), 1)
  t.ok(value('wal_written_bytes_total') > 5000)
  t.ok(value('open_fds') > 5 && value('open_fds') < value('max_fds'))
  t.ok(value('wal_fsync_recent_mean_seconds') > 0)
  t.ok(value('wal_fsync_recent_p99_seconds') > 0)
  t.ok(value('backend_commit_recent_mean_seconds') > 0)
  t.ok(value('backend_commit_recent_p99_seconds') > 0)
  for (const name of ['proposals_failed', 'heartbeat_send_failures', 'slow_read_indexes']) {
    t.equal(value(`${name}_total`), 0, name)
  }
  t.ok(value('slow_applies_total') >= 0)
  t.equal(value('proposals_pending'), 0)
  t.equal(value('defragmenting'), 0)
}

/** Lines of a real 3.7 member of three, some buckets left out; the peers are d97877e056f8670b and 1d99cc495b4af2c4. */
const roundTrips = ['d97877e056f8670b', '1d99cc495b4af2c4'].flatMap((id) => [
  `etcd_network_peer_round_trip_time_seconds_bucket{To="${id}",le="0.0001"} 0`,
  `etcd_network_peer_round_trip_time_seconds_bucket{To="${id}",le="0.0016"} 3`,
  `etcd_network_peer_round_trip_time_seconds_bucket{To="${id}",le="+Inf"} 4`,
  `etcd_network_peer_round_trip_time_seconds_sum{To="${id}"} 0.005395095`,
  `etcd_network_peer_round_trip_time_seconds_count{To="${id}"} 4`,
])

/** The round trips as they are told when these members are known. */
async function toldRoundTrips(peers: LabelledMetrics['peers']): Promise<unknown> {
  const { families } = await runOnce(memberMetrics(() => [member(roundTrips, { peers })]))
  const family = families.find(({ name }) => name === 'etcd_endpoint_peer_round_trip_seconds')
  return family?.samples.map(({ suffix, labels: pairs, value }) => [suffix, Object.fromEntries(pairs), value])
}

function roundTripsTo(peer: string): unknown[] {
  const own = { etcd_cluster: 'main', member: 'm1', peer }
  return [
    ['_bucket', { ...own, le: '0.0001' }, 0],
    ['_bucket', { ...own, le: '0.0016' }, 3],
    ['_bucket', { ...own, le: '+Inf' }, 4],
    ['_sum', own, 0.005395095],
    ['_count', own, 4],
  ]
}

test('round trips name the peer, by its ID while members are not known, and leave removed ones out', async (t) => {
  t.same(await toldRoundTrips(undefined), [...roundTripsTo('1d99cc495b4af2c4'), ...roundTripsTo('d97877e056f8670b')])
  t.same(await toldRoundTrips(new Map([['d97877e056f8670b', 'm2']])), roundTripsTo('m2'))
  t.same(await toldRoundTrips(new Map()), undefined)
})

test('a peer that is no ID never becomes a label', async (t) => {
  const lines = roundTrips.map((line) => line.replace(/To="[^"]*"/, 'To="free text"'))
  t.same(await values(member(lines, { peers: undefined })), ofEmptyPage)
})

test('what is not on the page is absent', async (t) => {
  t.same(await values(member([])), ofEmptyPage)
})

test('a quota that is switched off is absent', async (t) => {
  t.same(await values(member(['etcd_server_quota_backend_bytes -1'])), ofEmptyPage)
  t.same(await values(member(['etcd_server_quota_backend_bytes 0'])), ofEmptyPage)
  t.same(await values(member(['etcd_server_quota_backend_bytes 8.589934592e+09'])), {
    ...ofEmptyPage,
    [`etcd_endpoint_backend_quota_bytes${labels}`]: 8589934592,
  })
})

test('of a page that can not be read now only that is told', async (t) => {
  const { view, ...rest } = member(['etcd_server_proposals_pending 5'], { isUp: false })
  const stale = { ...rest, page: undefined, view: view && { ...view, ago: 11, isCurrent: false } }
  t.same(await values(stale), { ...withoutPage, [`etcd_endpoint_metrics_up${labels}`]: 0 })
  t.same(await values({ ...stale, isUp: undefined, lastSuccessAt: undefined, view: undefined }), {})
  const { families } = await runOnce(memberMetrics(() => [stale]))
  t.same(
    families.map(({ name }) => name),
    aboutThePage,
  )
})

test('members and clusters are told apart', async (t) => {
  const page = ['etcd_server_proposals_pending 5']
  const found = await values(member(page), member(page, { member: 'm2' }), member(page, { cluster: 'events' }))
  t.same(
    Object.keys(found).filter((name) => name.startsWith('etcd_endpoint_proposals_pending')),
    [
      'etcd_endpoint_proposals_pending{etcd_cluster="events",member="m1"}',
      'etcd_endpoint_proposals_pending{etcd_cluster="main",member="m1"}',
      'etcd_endpoint_proposals_pending{etcd_cluster="main",member="m2"}',
    ],
  )
})
