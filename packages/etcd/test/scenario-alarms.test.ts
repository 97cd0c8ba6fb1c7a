// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { decimalId } from './servers/admin.ts'
import { calm, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { soundingCount } from './servers/soundings.ts'

tap.jobs = 3

for (const [version, size] of [
  ['etcd_3_4', 1],
  ['etcd_3_5', 1],
  ['etcd_3_7', 3],
] as const) {
  test(`check 14: a CORRUPT alarm is shown within 5 s, at its member alone (${version})`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { version, size, flags: calm })
    if (!cluster) return
    const exporter = await startExporter(t, cluster)
    const { client } = await cluster.leader()
    const [member] = cluster.members
    if (!member) return
    const alarm = { memberID: decimalId(member.id), alarm: 'Corrupt' } as const
    await client.maintenance.alarm({ ...alarm, action: 'Activate' })
    const page = await exporter.shows(
      'the alarm and the refused calls',
      5,
      (now) =>
        now.value('etcd_endpoint_alarm', { member: member.name, alarm: 'corrupt' }) === 1 &&
        soundingCount(now, member.name, 'put', 'corrupt') > 0,
    )
    for (const { name } of cluster.members) {
      t.equal(page.value('etcd_endpoint_alarm', { member: name, alarm: 'corrupt' }), name === member.name ? 1 : 0)
      t.equal(page.value('etcd_endpoint_alarm', { member: name, alarm: 'nospace' }), 0)
      t.equal(soundingCount(page, name, 'put', 'other'), 0)
    }
    await client.maintenance.alarm({ ...alarm, action: 'Deactivate' })
    await exporter.shows(
      'it to be over',
      5,
      (now) => now.value('etcd_endpoint_alarm', { member: member.name, alarm: 'corrupt' }) === 0,
    )
  })
}
