// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import tap, { test } from 'tap'
import { startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { morePuts, placeOf, soundingCount } from './servers/soundings.ts'

tap.jobs = 2

/** Long enough for a gRPC channel at its defaults to wait for seconds before its next try. */
const downSeconds = 10

test('check 7: a killed member is down within 3 s, and up within 3 s of its return', { buffered: true }, async (t) => {
  const cluster = await startCluster(t, { size: 3 })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  await morePuts(exporter, cluster.members, 2)
  const [member] = await cluster.followers()
  if (!member) return
  const labels = { member: member.name }
  await member.kill()
  const page = await exporter.shows('it to be down', 3, (now) => now.value('etcd_endpoint_up', labels) === 0)
  for (const { name } of cluster.members) {
    if (name !== member.name) t.equal(page.value('etcd_endpoint_up', { member: name }), 1)
  }
  await setTimeout(downSeconds * 1000)
  await member.start()
  await exporter.shows('it to be up', 3, (now) => now.value('etcd_endpoint_up', labels) === 1)
})

test('check 12: a member whose clients are cut off is down, though the others see nothing of it', {
  buffered: true,
}, async (t) => {
  const cluster = await startCluster(t, { size: 3, proxyClients: true })
  const [member, other] = cluster?.members ?? []
  if (!cluster || !member || !other) return
  const exporter = await startExporter(t, cluster)
  await morePuts(exporter, cluster.members, 2)
  member.clientProxy?.set('stall')
  const page = await exporter.shows(
    'it to be down',
    3,
    (now) => now.value('etcd_endpoint_up', { member: member.name }) === 0,
  )
  t.equal(page.value('etcd_endpoint_up', { member: other.name }), 1)
  t.equal(page.value('etcd_cluster_members', { role: 'voter' }), 3)
  t.equal(page.value('etcd_cluster_quorum_available'), 1)
  await exporter.shows('the way to it as the place', 5, (now) => placeOf(now, member.name) === 'host')
  t.equal(soundingCount(await exporter.page(), member.name, 'status', 'unreachable'), 0)
})

test('check 9: while all members are down, the page goes on and drops no series of them', {
  buffered: true,
}, async (t) => {
  const cluster = await startCluster(t, { size: 3 })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  await morePuts(exporter, cluster.members, 2)
  const before = await exporter.page()
  for (const member of cluster.members) member.pause()
  const page = await exporter.shows('all to be down', 5, (now) =>
    cluster.members.every(({ name }) => now.value('etcd_endpoint_up', { member: name }) === 0),
  )
  for (const name of ['etcd_endpoint_soundings_total', 'etcd_endpoint_sounding_last_success_timestamp_seconds']) {
    t.equal(page.count(name), before.count(name))
  }
  t.notMatch(page.text, /^etcd_.* NaN$/m)
})

test('check 20: members come and go with the member list, and learners are no voters', {
  buffered: true,
}, async (t) => {
  const cluster = await startCluster(t)
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  const voters = (count: number, learners: number) =>
    exporter.shows(
      `${count} voters and ${learners} learners`,
      5,
      (page) =>
        page.value('etcd_cluster_members', { role: 'voter' }) === count &&
        page.value('etcd_cluster_members', { role: 'learner' }) === learners,
    )
  const learner = await cluster.add('learner')
  await voters(1, 1)
  await exporter.shows(
    'the learner to be up',
    5,
    (page) => page.value('etcd_endpoint_up', { member: learner.name }) === 1,
  )
  await cluster.promote(learner)
  await voters(2, 0)
  await cluster.remove(learner)
  await voters(1, 0)
  const page = await exporter.page()
  t.notMatch(page.text, `member="${learner.name}"`)
})
