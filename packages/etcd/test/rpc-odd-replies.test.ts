// SPDX-License-Identifier: Apache-2.0
import { constants, type ServerHttp2Session } from 'node:http2'
import { test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { failureOf, openFor } from './rpc-open.ts'
import { startFakeEtcd, startHttp2 } from './servers/fake-etcd.ts'

const header = { cluster_id: '18446744073709551615', member_id: '9007199254740993', revision: '7', raft_term: '3' }
const status = { header, version: '3.6.5', dbSize: '20480', leader: '1', raftIndex: '9', raftTerm: '3' }

test('IDs beyond what a double holds are exact', async (t) => {
  const member = openFor(t, await startFakeEtcd(t, { status: () => status }))
  t.match(await member.status(2), { clusterId: 'ffffffffffffffff', memberId: '20000000000001', leaderId: '1' })
})

test('what an old server does not send is undefined', async (t) => {
  const member = openFor(t, await startFakeEtcd(t, { status: () => ({ ...status, leader: '0' }), hashKv: () => ({}) }))
  const reply = await member.status(2)
  t.equal(reply.leaderId, undefined)
  t.equal(reply.storageVersion, undefined)
  t.equal(reply.quotaBytes, undefined)
  t.equal(reply.downgradeEnabled, undefined)
  t.strictSame(await member.hashKv(1, 2), {
    clusterId: '0',
    memberId: '0',
    revision: 0,
    raftTerm: 0,
    hash: 0,
    compactRevision: 0,
    hashRevision: undefined,
  })
})

for (const [sent, read] of [
  ['0', undefined],
  ['-1', -1],
  ['2147483648', 2_147_483_648],
] as const) {
  test(`a quota of ${sent} is read as ${read}`, async (t) => {
    const url = await startFakeEtcd(t, { status: () => ({ ...status, dbSizeQuota: sent, downgradeInfo: {} }) })
    const reply = await openFor(t, url).status(2)
    t.equal(reply.quotaBytes, read)
    t.equal(reply.downgradeEnabled, false)
  })
}

test('a member that was never started has neither a name nor client URLs', async (t) => {
  const members = [{ ID: '255', peerURLs: ['http://10.0.0.1:2380'] }]
  const member = openFor(t, await startFakeEtcd(t, { memberList: () => ({ header, members }) }))
  t.strictSame((await member.memberList(2)).members, [
    { id: 'ff', name: '', peerUrls: ['http://10.0.0.1:2380'], clientUrls: [], isLearner: false },
  ])
})

test('a server that never answers is a deadline, on time', async (t) => {
  const member = openFor(t, await startHttp2(t, () => {}))
  const failure = await failureOf(member.status(0.3))
  t.equal(failure.failure, 'deadline')
  t.match(failure.message, /^Status at http:\/\/127\.0\.0\.1:\d+: no answer within 0\.3 s$/)
  t.ok(failure.tookSeconds < 0.6)
})

test('a refused stream is not tried again behind our back', async (t) => {
  let streams = 0
  const url = await startHttp2(t, (stream) => {
    streams++
    stream.close(constants.NGHTTP2_REFUSED_STREAM)
  })
  t.equal((await failureOf(openFor(t, url).status(2))).failure, 'unreachable')
  t.equal(streams, 1)
})

test('a reset stream is some other failure, and its connection goes on', async (t) => {
  const url = await startHttp2(t, (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR))
  const failure = await failureOf(openFor(t, url).status(2))
  t.match(failure, { failure: 'other', code: 'INTERNAL' })
})

test('a connection that is lost in the midst of a call is unreachable, and the next call makes a new one', async (t) => {
  let sessions = 0
  const url = await startHttp2(t, (stream, session) => {
    sessions++
    if (sessions === 1) session.destroy()
    else stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true })
  })
  const member = openFor(t, url)
  t.equal((await failureOf(member.status(2))).failure, 'unreachable')
  t.equal((await failureOf(member.status(2))).code, 'NOT_FOUND')
})

test('after GOAWAY the next connection is made', async (t) => {
  const sessions = new Set<ServerHttp2Session>()
  const url = await startHttp2(t, (stream, session) => {
    sessions.add(session)
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true })
    if (sessions.size === 1) session.goaway()
  })
  const member = openFor(t, url)
  t.match(await failureOf(member.status(2)), { code: 'NOT_FOUND', message: `Status at ${url}: NOT_FOUND` })
  // Calls that race it are refused by the server, which is a failure like any other.
  await until('a call over another connection', async () => {
    const { failure } = await failureOf(member.status(2))
    return failure === 'unreachable' ? undefined : failure
  })
  t.equal(sessions.size, 2)
})

test('a web server is some other failure', async (t) => {
  const url = await startHttp2(t, (stream) => {
    stream.respond({ ':status': 404, 'content-type': 'text/html' })
    stream.end('<html></html>')
  })
  t.match(await failureOf(openFor(t, url).status(2)), { failure: 'other', code: 'UNIMPLEMENTED' })
})

test('a stream that the server cancels as its deadline runs out has met the deadline; one cancelled before has not', async (t) => {
  for (const [seconds, failure] of [
    [0.96, 'deadline'],
    [0.2, 'other'],
  ] as const) {
    const url = await startHttp2(t, (stream) => {
      setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), seconds * 1000)
    })
    t.match(await failureOf(openFor(t, url).status(1)), { failure })
  }
})
