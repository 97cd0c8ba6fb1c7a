// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import { test } from 'tap'
import { startStopwatch } from '../../../test/servers/stopwatch.ts'
import { startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { morePuts, placeOf } from './servers/soundings.ts'
import { needStrace, slowFsync } from './servers/strace.ts'

// The disk hangs until it is set free; each wait below counts from when it began to.
const foreverSeconds = 120

for (const [version, stallSeconds] of [
  ['etcd_3_4', 6],
  ['etcd_3_7', 15],
] as const) {
  // Status waits for the backend's commits, so that only a log that hangs alone surely leaves two leaders to be seen.
  test(`check 5: a leader whose log hangs is told from the one after it within 5 s (${version})`, async (t) => {
    if (!needStrace(t)) return
    const cluster = await startCluster(t, { version, size: 3 })
    if (!cluster) return
    const exporter = await startExporter(t, cluster)
    await morePuts(exporter, cluster.members, 3)
    const { name: member, pid } = await cluster.leader()
    const others = cluster.members.filter(({ name }) => name !== member)
    exporter.never('another disk was blamed', (page) =>
      others.some(
        ({ name }) =>
          page.value('etcd_endpoint_disk_stalled', { member: name }) === 1 || placeOf(page, name) === 'fsync',
      ),
    )
    const disk = await slowFsync(pid, foreverSeconds, 'wal')
    t.teardown(() => disk.stop())
    const stalled = startStopwatch()
    await exporter.shows('a put in flight for 2 s', stalled.left(3), (page) =>
      cluster.members.some(
        ({ name }) => (page.value('etcd_endpoint_sounding_in_flight_seconds', { member: name, op: 'put' }) ?? 0) > 2,
      ),
    )
    await exporter.shows(
      'two leaders of different terms',
      stalled.left(5),
      (page) =>
        page.value('etcd_cluster_leaders') === 2 &&
        (page.value('etcd_cluster_raft_term_spread') ?? 0) >= 1 &&
        page.value('etcd_endpoint_leader_claim_stale', { member }) === 1,
    )
    const page = await exporter.shows(
      'the stalled disk',
      stalled.left(15),
      (now) => now.value('etcd_endpoint_disk_stalled', { member }) === 1,
    )
    t.equal(placeOf(page, member), 'fsync')
    t.equal(page.value('etcd_endpoint_up', { member }), 1)
    await setTimeout((stallSeconds - stalled.seconds) * 1000)
    await disk.stop()
    await exporter.shows(
      'it to be over',
      10,
      (now) =>
        now.value('etcd_endpoint_disk_stalled', { member }) === 0 &&
        now.value('etcd_cluster_leaders') === 1 &&
        now.value('etcd_cluster_raft_term_spread') === 0,
    )
  })
}
