// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { calm, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'

tap.jobs = 2

for (const version of ['etcd_3_4', 'etcd_3_7'] as const) {
  test(`check 10: three leader moves are counted and flap, one does not, and no restart resets the count (${version})`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { version, size: 3, flags: calm })
    if (!cluster) return
    const exporter = await startExporter(t, cluster)
    const before = await exporter.page()
    t.equal(before.value('etcd_cluster_leader_changes_total'), 0)
    for (const moves of [1, 2, 3]) {
      const [to] = await cluster.followers()
      if (!to) return
      await cluster.moveLeader(to)
      const page = await exporter.shows(
        `${moves} leader changes`,
        3,
        (now) =>
          now.value('etcd_cluster_leader_changes_total') === moves &&
          now.value('etcd_endpoint_is_leader', { member: to.name }) === 1,
      )
      t.equal(page.value('etcd_cluster_leader_flapping'), moves === 3 ? 1 : 0)
    }
    const [follower] = await cluster.followers()
    if (!follower) return
    const labels = { member: follower.name }
    await follower.restart()
    const counted = 'etcd_endpoint_leader_changes_seen_total'
    const after = await exporter.shows(
      'etcd to count anew',
      15,
      (page) => (page.value(counted, labels) ?? 9) < 4 && page.value('etcd_endpoint_up', labels) === 1,
    )
    t.equal(after.value('etcd_cluster_leader_changes_total'), 3)
    t.equal(after.value('etcd_cluster_raft_term_rises_total'), 3)
  })
}

test('check 15: members that hold the same data agree (etcd_3_5)', { buffered: true }, async (t) => {
  const cluster = await startCluster(t, { version: 'etcd_3_5', size: 3, flags: calm })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  await exporter.shows('agreement', 10, (page) => page.value('etcd_cluster_hash_state', { state: 'agree' }) === 1)
})
