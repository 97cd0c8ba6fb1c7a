// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { freePorts } from '../../../test/servers/address.ts'
import { failureOf, openFor } from './rpc-open.ts'
import { decimalId } from './servers/admin.ts'
import { startCluster } from './servers/cluster.ts'
import { fsyncCount } from './servers/own-metrics.ts'

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`${version}: every call tells what etcd tells`, async (t) => {
    const etcd = (await startCluster(t, { version }))?.members[0]
    if (!etcd) return
    const member = openFor(t, etcd.clientUrl)
    const before = await member.status(5)
    t.equal(before.memberId, etcd.id)
    t.equal(before.leaderId, etcd.id)
    t.equal(`etcd_${before.version.replace('.', '_').replace(/\..*/, '')}`, version)
    t.strictSame(before.errors, [])
    t.ok(before.dbSizeInUseBytes > 0 && before.dbSizeBytes >= before.dbSizeInUseBytes)
    t.equal(before.quotaBytes, version === 'etcd_3_7' ? 2_147_483_648 : undefined)
    t.equal(before.storageVersion, version === 'etcd_3_7' ? '3.7.0' : undefined)
    t.equal(before.downgradeEnabled, version === 'etcd_3_7' ? false : undefined)

    const { revision } = before
    t.equal((await member.delete('sound/m1', 5)).revision, revision, 'the deletion of an absent key is no revision')
    t.equal((await member.put('sound/m1', 'once', 5)).revision, revision + 1)
    t.equal(await etcd.client.get('sound/m1').string(), 'once')
    t.equal((await member.serializableRead('sound/m1', 5)).revision, revision + 1)
    t.equal((await member.linearizableRead('sound/m1', 5)).revision, revision + 1)
    t.equal((await member.delete('sound/m1', 5)).revision, revision + 2)
    t.ok((await member.status(5)).raftAppliedIndex > before.raftAppliedIndex)

    const { members, clusterId } = await member.memberList(5)
    t.equal(clusterId, before.clusterId)
    t.strictSame(members, [
      { id: etcd.id, name: 'm1', peerUrls: [etcd.peerUrl], clientUrls: [etcd.clientUrl], isLearner: false },
    ])
    const hash = await member.hashKv(revision + 1, 5)
    t.equal(hash.hash, (await member.hashKv(revision + 1, 5)).hash)
    t.not(hash.hash, (await member.hashKv(revision + 2, 5)).hash)
    t.equal(hash.hashRevision, version === 'etcd_3_7' ? revision + 1 : undefined)
    t.match(await failureOf(member.hashKv(revision + 9, 5)), { failure: 'other', code: 'OUT_OF_RANGE' })
  })
}

test('only writes make the member sync its log', async (t) => {
  const etcd = (await startCluster(t))?.members[0]
  if (!etcd) return
  const member = openFor(t, etcd.clientUrl)
  const before = await fsyncCount(etcd)
  for (let round = 0; round < 5; round++) {
    await Promise.all([member.status(5), member.serializableRead('k', 5), member.linearizableRead('k', 5)])
    await member.memberList(5)
  }
  t.equal(await fsyncCount(etcd), before)
  await member.put('k', 'v', 5)
  t.equal(await fsyncCount(etcd), before + 1)
})

test('a dead port is unreachable at once, and a name that nobody knows too', async (t) => {
  const [port] = await freePorts('127.0.0.1', 1)
  for (const url of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`, 'http://etcd.invalid:2379']) {
    const member = openFor(t, url)
    for (let call = 0; call < 2; call++) {
      const failure = await failureOf(member.status(10))
      t.match(failure, { failure: 'unreachable', code: 'UNAVAILABLE' })
      t.match(failure.message, `Status at ${url}: `)
      t.ok(failure.tookSeconds < 5)
    }
  }
})

test('calls under way at the end fail as unreachable', async (t) => {
  const etcd = (await startCluster(t))?.members[0]
  if (!etcd) return
  const member = openFor(t, etcd.clientUrl)
  await member.status(5)
  etcd.pause()
  const underWay = failureOf(member.put('k', 'v', 30))
  member.close()
  t.match(await underWay, { failure: 'unreachable', message: /the channel was closed$/ })
  t.match(await failureOf(member.status(5)), { failure: 'unreachable', message: /the channel was closed$/ })
})

test('a put that is refused for want of space is nospace, while a deletion is let through', async (t) => {
  const cluster = await startCluster(t, { flags: ['--quota-backend-bytes=16777216'] })
  const etcd = cluster?.members[0]
  if (!cluster || !etcd) return
  // etcd learns of its size with each commit of its backend, ten times a second: quick puts get past the quota.
  await t.rejects(cluster.fill(80_000_000))
  const member = openFor(t, etcd.clientUrl)
  t.match(await failureOf(member.put('k', 'v', 5)), { failure: 'nospace', code: 'RESOURCE_EXHAUSTED' })
  await member.delete('k', 5)
  const { errors, quotaBytes } = await member.status(5)
  t.match(errors.join(), 'NOSPACE')
  t.equal(quotaBytes, 16_777_216)
})

test('with a CORRUPT alarm writes fail as corrupt, reads go on, and Status tells it', async (t) => {
  const etcd = (await startCluster(t))?.members[0]
  if (!etcd) return
  await etcd.client.maintenance.alarm({ action: 'Activate', alarm: 'Corrupt', memberID: decimalId(etcd.id) })
  const member = openFor(t, etcd.clientUrl)
  t.match(await failureOf(member.put('k', 'v', 5)), { failure: 'corrupt', code: 'DATA_LOSS' })
  t.match(await failureOf(member.delete('k', 5)), { failure: 'corrupt', code: 'DATA_LOSS' })
  await member.linearizableRead('k', 5)
  t.match((await member.status(5)).errors.join(), 'CORRUPT')
})

test('without a quorum, reads that need one fail at their deadline, and the others go on', async (t) => {
  const cluster = await startCluster(t, { size: 3 })
  if (!cluster) return
  const [one, ...others] = cluster.members
  if (one === undefined) return
  const member = openFor(t, one.clientUrl)
  await member.linearizableRead('k', 5)
  for (const other of others) other.pause()
  const reads = Promise.all([failureOf(member.linearizableRead('k', 2)), failureOf(member.put('k', 'v', 2))])
  await member.serializableRead('k', 2)
  await member.memberList(2)
  t.match((await member.status(2)).memberId, one.id)
  for (const { failure, tookSeconds } of await reads) {
    t.match(failure, /^(deadline|no_leader)$/)
    t.ok(tookSeconds < 2.5)
  }
})
