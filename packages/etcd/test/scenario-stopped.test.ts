// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { morePuts, soundingCount } from './servers/soundings.ts'

tap.jobs = 2

for (const version of ['etcd_3_4', 'etcd_3_7'] as const) {
  test(`check 6: a paused leader is down within 3 s though its port accepts, and up within 3 s of going on (${version})`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { version, size: 3 })
    if (!cluster) return
    const exporter = await startExporter(t, cluster)
    await morePuts(exporter, cluster.members, 2)
    const leader = await cluster.leader()
    const labels = { member: leader.name }
    leader.pause()
    const page = await exporter.shows('it to be down', 3, (now) => now.value('etcd_endpoint_up', labels) === 0)
    t.equal(soundingCount(page, leader.name, 'status', 'unreachable'), 0)
    await cluster.leader()
    const changes = 'etcd_cluster_leader_changes_total'
    const changed = await exporter.shows(
      'the next leader',
      3,
      (now) => now.value(changes) === 1 && now.value('etcd_cluster_leaders') === 1,
    )
    // More than one where no candidate won at first.
    t.ok((changed.value('etcd_cluster_raft_term_rises_total') ?? 0) >= 1)
    t.equal(changed.value('etcd_cluster_quorum_margin'), 0)
    leader.resume()
    await exporter.shows('it to be up', 3, (now) => now.value('etcd_endpoint_up', labels) === 1)
  })
}

for (const version of ['etcd_3_5', 'etcd_3_7'] as const) {
  test(`check 8: with 2 of 3 stopped the quorum is lost within 5 s, and the third still reads (${version})`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { version, size: 3 })
    if (!cluster) return
    const exporter = await startExporter(t, cluster)
    await morePuts(exporter, cluster.members, 2)
    const [third, ...stopped] = await cluster.followers()
    if (!third) return
    stopped.push(await cluster.leader())
    for (const member of stopped) member.pause()
    const lost = await exporter.shows(
      'no quorum and no leader',
      5,
      (page) => page.value('etcd_cluster_quorum_available') === 0 && page.value('etcd_cluster_has_leader') === 0,
    )
    t.equal(lost.value('etcd_cluster_leaders'), 0)
    t.equal(lost.value('etcd_cluster_quorum_margin'), -1)
    t.equal(lost.value('etcd_endpoint_up', { member: third.name }), 1)
    const reads = (page: typeof lost) => soundingCount(page, third.name, 'serializable_read', 'success')
    const after = await exporter.shows('three more reads', 4, (page) => reads(page) >= reads(lost) + 3)
    t.equal(soundingCount(after, third.name, 'serializable_read', 'deadline'), 0)
    for (const member of stopped) member.resume()
    await exporter.shows(
      'the quorum again',
      6,
      (page) => page.value('etcd_cluster_quorum_available') === 1 && page.value('etcd_cluster_has_leader') === 1,
    )
  })
}
