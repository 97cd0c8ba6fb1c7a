// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { connect, logins } from './servers/admin.ts'
import { calm, startCluster } from './servers/cluster.ts'
import { fsyncCount, ownMetric, revision } from './servers/own-metrics.ts'
import { putFails } from './servers/put.ts'

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`${version}: three members agree, and counts are exact`, async (t) => {
    const cluster = await startCluster(t, { version, size: 3, flags: calm })
    if (!cluster) return
    const leader = await cluster.leader()
    t.equal(new Set(cluster.members.map(({ id }) => id)).size, 3)
    t.equal(await ownMetric(leader, 'etcd_server_is_leader'), 1)
    const before = await revision(leader)
    const fsyncs = await fsyncCount(leader)
    for (let n = 0; n < 5; n++) await leader.client.put('bed').value('x')
    t.equal((await revision(leader)) - before, 5)
    t.ok((await fsyncCount(leader)) - fsyncs >= 5)
  })
}

test('a killed member comes back with its data, ID and ports', async (t) => {
  const cluster = await startCluster(t)
  const member = cluster?.members[0]
  if (!cluster || !member) return
  await member.client.put('kept').value('x')
  const { id, pid } = member
  await member.kill()
  t.notOk(existsSync(`/proc/${pid}`))
  t.equal(await member.status(), undefined)
  await member.restart()
  t.not(member.pid, pid)
  t.equal((await cluster.leader()).id, id)
  t.equal(await member.client.get('kept').string(), 'x')
})

test('a paused leader is replaced, and follows when it is resumed', async (t) => {
  const cluster = await startCluster(t, { size: 3 })
  if (!cluster) return
  const old = await cluster.leader()
  old.pause()
  const next = await cluster.leader()
  t.not(next, old)
  old.resume()
  await until('the old leader to follow', async () => {
    const leader = (await old.status())?.leader
    return leader === (await next.status())?.leader ? leader : undefined
  })
})

test('a leader is moved on purpose', async (t) => {
  const cluster = await startCluster(t, { size: 3, flags: calm })
  if (!cluster) return
  const [to] = await cluster.followers()
  if (!to) return
  await cluster.moveLeader(to)
  t.equal(await cluster.leader(), to)
})

test('a learner is added and promoted, and a member removed', async (t) => {
  const cluster = await startCluster(t, { flags: calm })
  if (!cluster) return
  const learner = await cluster.add('learner')
  t.equal((await learner.status())?.isLearner, true)
  await cluster.promote(learner)
  t.notOk(await putFails(learner))
  t.equal((await learner.status())?.isLearner, false)
  const voter = await cluster.add('voter')
  await cluster.remove(learner)
  t.same(
    cluster.members.map(({ name }) => name),
    ['m1', 'm3'],
  )
  t.notOk(await putFails(voter))
})

test('a full member raises NOSPACE', async (t) => {
  const cluster = await startCluster(t, { flags: ['--quota-backend-bytes=16777216'] })
  const member = cluster?.members[0]
  if (!cluster || !member) return
  // Room is counted when the backend commits, so a quick machine writes more than fits.
  await t.rejects(cluster.fill(64_000_000), /database space exceeded/)
  t.match((await member.status())?.errors, [/NOSPACE/])
})

test('with TLS, only a good client certificate lets in', async (t) => {
  const cluster = await startCluster(t, { tls: {} })
  const member = cluster?.members[0]
  if (!cluster?.certificates || !member) return
  const { certificates } = cluster
  t.notOk(await putFails(member))
  for (const client of [certificates.expired, certificates.strange]) {
    const stranger = connect(member.clientUrl, { certificates: { ...certificates, client }, login: undefined })
    t.teardown(() => stranger.close())
    await t.rejects(stranger.get('bed').exec())
  }
})

test('with authentication, a user writes below its prefix alone', async (t) => {
  const cluster = await startCluster(t, { size: 3, auth: { prefix: 'sound/' }, flags: calm })
  const member = cluster?.members[2]
  if (!member) return
  const sounder = connect(member.clientUrl, { certificates: undefined, login: logins.sounder })
  const nobody = connect(member.clientUrl, { certificates: undefined, login: logins.nobody })
  t.teardown(() => sounder.close())
  t.teardown(() => nobody.close())
  await sounder.put('sound/x').value('x')
  await t.rejects(sounder.put('other').value('x').exec(), /permission denied/)
  await t.rejects(nobody.put('sound/x').value('x').exec(), /permission denied/)
  t.notOk(await putFails(member))
})
