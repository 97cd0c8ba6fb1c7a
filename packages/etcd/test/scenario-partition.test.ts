// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { calm, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { morePuts, placeOf, soundingCount } from './servers/soundings.ts'

tap.jobs = 2

for (const version of ['etcd_3_5', 'etcd_3_7'] as const) {
  test(`check 11: a follower cut off from its peers fails alone, and heals without a leader change (${version})`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { version, size: 3, proxyPeers: true, flags: calm })
    if (!cluster) return
    const exporter = await startExporter(t, cluster)
    await morePuts(exporter, cluster.members, 3)
    // The first writes to a new cluster may be slow for real, where the disk is busy.
    await exporter.shows('that nothing is amiss', 20, (page) =>
      cluster.members.every((member) => placeOf(page, member.name) === 'none'),
    )
    const [lonely] = await cluster.followers()
    if (!lonely) return
    const { name } = lonely
    const others = cluster.members.filter((member) => member !== lonely)
    exporter.never(
      'the majority was blamed or its leader changed',
      (page) =>
        others.some((member) => placeOf(page, member.name) !== 'none') ||
        page.value('etcd_cluster_quorum_available') !== 1 ||
        page.value('etcd_cluster_leaders') !== 1 ||
        page.value('etcd_cluster_leader_changes_total') !== 0 ||
        page.value('etcd_cluster_raft_term_rises_total') !== 0,
    )
    cluster.peers.set(name, 'stall')
    const page = await exporter.shows(
      'its place and its failures',
      15,
      (now) =>
        placeOf(now, name) === 'quorum' &&
        soundingCount(now, name, 'linearizable_read', 'deadline') > 0 &&
        soundingCount(now, name, 'put', 'deadline') > 0,
    )
    t.equal(page.value('etcd_endpoint_up', { member: name }), 1)
    for (const result of ['deadline', 'unreachable'] as const) {
      t.equal(soundingCount(page, name, 'serializable_read', result), 0)
    }
    cluster.peers.set(name, 'pass')
    const puts = soundingCount(page, name, 'put', 'success')
    await exporter.shows(
      'it to be healed',
      15,
      (now) => placeOf(now, name) === 'none' && soundingCount(now, name, 'put', 'success') > puts,
    )
  })
}
