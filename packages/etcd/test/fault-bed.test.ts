// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { connect } from './servers/admin.ts'
import { calm, startCluster } from './servers/cluster.ts'
import { fsyncCount } from './servers/own-metrics.ts'
import { putFails, putTimes } from './servers/put.ts'
import { needStrace, slowFsync } from './servers/strace.ts'

test('a slow fsync delays puts, and no longer when it is stopped', async (t) => {
  if (!needStrace(t)) return
  const cluster = await startCluster(t, { flags: calm })
  const member = cluster?.members[0]
  if (!member) return
  t.ok((await putTimes(member))[0] < 0.06)
  const disk = await slowFsync(member.pid, 0.06)
  const [seconds] = await putTimes(member)
  t.ok(seconds >= 0.06 && seconds < 0.3, `${seconds} s`)
  await disk.stop()
  t.ok((await putTimes(member))[0] < 0.06)
})

test('a stalled fsync ends when it is stopped', async (t) => {
  if (!needStrace(t)) return
  const cluster = await startCluster(t, { flags: calm })
  const member = cluster?.members[0]
  if (!member) return
  const disk = await slowFsync(member.pid, 60)
  const put = member.client.put('stalled').value('x').exec()
  const fsyncs = await fsyncCount(member)
  t.ok(await putFails(member))
  t.equal(await fsyncCount(member), fsyncs)
  await disk.stop()
  await put
  t.ok((await fsyncCount(member)) > fsyncs)
})

test('a slow follower slows only its own puts', async (t) => {
  if (!needStrace(t)) return
  const cluster = await startCluster(t, { size: 3, flags: calm })
  if (!cluster) return
  const leader = await cluster.leader()
  const [slow, quick] = await cluster.followers()
  if (!slow || !quick) return
  await slowFsync(slow.pid, 0.3)
  // Not each of them: an entry that it hears of together with its commit is applied before its own fsync.
  const times = await putTimes(slow)
  t.ok((times.at(-1) ?? 0) >= 0.3, `${times.join(' ')} s`)
  t.ok((await putTimes(quick))[0] < 0.3)
  t.ok((await putTimes(leader))[0] < 0.3)
})

test('a member that is cut off from its peers loses the quorum, and finds it again', async (t) => {
  const cluster = await startCluster(t, { size: 3, proxyPeers: true })
  if (!cluster) return
  const leader = await cluster.leader()
  const [lonely] = await cluster.followers()
  if (!lonely) return
  cluster.peers.set(lonely.name, 'stall')
  await until('it to miss the leader', async () => ((await lonely.status())?.leader === '0' ? true : undefined))
  t.ok(await putFails(lonely))
  t.notOk(await putFails(leader))
  cluster.peers.set(lonely.name, 'pass')
  await until('it to be in step', async () => ((await putFails(lonely)) ? undefined : true))
})

test('a leader that is cut off from its peers is replaced', async (t) => {
  const cluster = await startCluster(t, { size: 3, proxyPeers: true })
  if (!cluster) return
  const old = await cluster.leader()
  cluster.peers.set(old.name, 'stall')
  const next = await until('another leader', async () => {
    const leader = await cluster.leader()
    return leader === old ? undefined : leader
  })
  t.notOk(await putFails(next))
  t.ok(await putFails(old))
})

test('a proxied client port stalls, is late, resets and passes, while the member goes on', async (t) => {
  const cluster = await startCluster(t, { proxyClients: true })
  const member = cluster?.members[0]
  if (!member) return
  const listed = await member.client.cluster.memberList({})
  t.same(listed.members[0]?.clientURLs, [member.clientUrl])
  const client = connect(member.clientUrl, { certificates: undefined, login: undefined })
  t.teardown(() => client.close())
  const put = (seconds: number): Promise<unknown> =>
    client
      .put('bed')
      .value('x')
      .options({ deadline: Date.now() + seconds * 1000 })
      .exec()
  await put(5)
  member.clientProxy?.set('stall')
  await t.rejects(put(0.3), /DEADLINE_EXCEEDED/)
  t.equal(await member.client.get('bed').string(), 'x')
  member.clientProxy?.set({ delaySeconds: 0.1 })
  const begun = performance.now()
  await put(5)
  t.ok(performance.now() - begun >= 195)
  member.clientProxy?.set('reset')
  await t.rejects(put(5), /UNAVAILABLE/)
  member.clientProxy?.set('pass')
  await until('it to pass', () => put(1).catch(() => undefined))
})
