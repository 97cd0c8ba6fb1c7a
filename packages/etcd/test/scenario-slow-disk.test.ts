// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { calm, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { ownMetric } from './servers/own-metrics.ts'
import { failedSoundings, morePuts, placeOf, quantileBetween } from './servers/soundings.ts'
import { needStrace, slowFsync } from './servers/strace.ts'

tap.jobs = 3

/** Beyond this a put is slow though the machine is not. */
const slowPutSeconds = 0.05

/** Of each member, before a fault. */
const puts = 5

for (const version of ['etcd_3_4', 'etcd_3_7'] as const) {
  test(`check 1: leader fdatasync +60 ms names the leader's fsync within 15 s, and nobody else (${version})`, {
    buffered: true,
  }, async (t) => {
    if (!needStrace(t)) return
    const cluster = await startCluster(t, { version, size: 3, flags: calm })
    if (!cluster) return
    const exporter = await startExporter(t, cluster)
    const leader = await cluster.leader()
    const others = await cluster.followers()
    const before = await morePuts(exporter, cluster.members, puts)
    exporter.never('a follower was blamed', (page) => others.some(({ name }) => placeOf(page, name) !== 'none'))
    const disk = await slowFsync(leader.pid, 0.06)
    const page = await exporter.shows(
      "the leader's fsync",
      15,
      (now) =>
        placeOf(now, leader.name) === 'fsync' &&
        (quantileBetween(before, now, leader.name, 'put', 0.99) ?? 0) > slowPutSeconds,
    )
    // Linearizable reads wait for what the leader is at, and always for the same, as all soundings keep to their grid.
    for (const op of ['status', 'serializable_read'] as const) {
      for (const { name } of others) {
        const median = quantileBetween(before, page, name, op, 0.5) ?? Number.NaN
        t.ok(median <= slowPutSeconds, `${op} at ${name}: ${median} s`)
      }
    }
    t.strictSame(failedSoundings(page), [])
    t.equal(await ownMetric(leader, 'etcd_server_heartbeat_send_failures_total'), 0)
    await disk.stop()
    await exporter.shows('it to be over', 15, (now) => placeOf(now, leader.name) === 'none')
    t.equal((await exporter.page()).value('etcd_cluster_leader_changes_total'), 0)
  })
}

test("check 2: follower fdatasync +300 ms moves only that follower's series (etcd_3_5)", {
  buffered: true,
}, async (t) => {
  if (!needStrace(t)) return
  const cluster = await startCluster(t, { version: 'etcd_3_5', size: 3, flags: calm })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  const [slow] = await cluster.followers()
  if (!slow) return
  const others = cluster.members.filter((member) => member !== slow)
  const before = await morePuts(exporter, cluster.members, puts)
  exporter.never('another member was blamed', (page) => others.some(({ name }) => placeOf(page, name) !== 'none'))
  await slowFsync(slow.pid, 0.3)
  const page = await exporter.shows(
    "the follower's fsync",
    15,
    (now) =>
      placeOf(now, slow.name) === 'fsync' &&
      (now.value('etcd_endpoint_sounding_recent_max_seconds', { member: slow.name, op: 'put' }) ?? 0) > 0.3,
  )
  for (const { name } of others) {
    const median = quantileBetween(before, page, name, 'put', 0.5) ?? Number.NaN
    t.ok(median <= slowPutSeconds, `${name}: ${median} s`)
  }
})

test('check 3: leader fdatasync +260 ms is an election risk above 1 before any leader change', {
  buffered: true,
}, async (t) => {
  if (!needStrace(t)) return
  const cluster = await startCluster(t, { size: 3 })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  const leader = await cluster.leader()
  const failures = 'etcd_endpoint_heartbeat_send_failures_total'
  const member = leader.name
  const before = await morePuts(exporter, cluster.members, puts)
  const changes = before.value('etcd_cluster_leader_changes_total')
  exporter.never(
    'the leader changed before it was shown',
    (page) => page.value('etcd_cluster_leader_changes_total') !== changes,
  )
  await slowFsync(leader.pid, 0.26)
  await exporter.shows(
    'slow puts, late heartbeats and the risk',
    15,
    (now) =>
      (quantileBetween(before, now, member, 'put', 0.99) ?? 0) > 0.25 &&
      (now.value(failures, { member }) ?? 0) > (before.value(failures, { member }) ?? 0) &&
      (now.value('etcd_cluster_election_risk_ratio') ?? 0) > 1,
  )
})

test('check 4: leader fdatasync +1.3 s is seen within 5 s without a leader change', { buffered: true }, async (t) => {
  if (!needStrace(t)) return
  const cluster = await startCluster(t, { size: 3, flags: calm })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  const { name: member, pid } = await cluster.leader()
  await morePuts(exporter, cluster.members, puts)
  exporter.never('the leader changed', (page) => page.value('etcd_cluster_leader_changes_total') !== 0)
  await slowFsync(pid, 1.3)
  await exporter.shows(
    'a put of 1.3 s and the risk',
    5,
    (now) =>
      (now.value('etcd_endpoint_sounding_in_flight_seconds', { member, op: 'put' }) ?? 0) >= 1.3 &&
      (now.value('etcd_cluster_election_risk_ratio') ?? 0) > 0.25,
  )
  await exporter.shows("the leader's fsync", 15, (now) => placeOf(now, member) === 'fsync')
})

test('check 5: a leader whose whole disk hangs is named though it may not even answer Status (etcd_3_5)', {
  buffered: true,
}, async (t) => {
  if (!needStrace(t)) return
  const cluster = await startCluster(t, { version: 'etcd_3_5', size: 3 })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  await morePuts(exporter, cluster.members, 3)
  const { name: member, pid } = await cluster.leader()
  const others = cluster.members.filter(({ name }) => name !== member)
  exporter.never('another disk was blamed', (page) =>
    others.some(({ name }) => page.value('etcd_endpoint_disk_stalled', { member: name }) === 1),
  )
  const disk = await slowFsync(pid, 60)
  t.teardown(() => disk.stop())
  await exporter.shows('the stalled disk', 15, (now) => now.value('etcd_endpoint_disk_stalled', { member }) === 1)
  await disk.stop()
  await exporter.shows(
    'it to be over',
    10,
    (now) => now.value('etcd_endpoint_disk_stalled', { member }) === 0 && now.value('etcd_cluster_leaders') === 1,
  )
})
