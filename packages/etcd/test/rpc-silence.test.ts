// SPDX-License-Identifier: Apache-2.0
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import { test } from 'tap'
import { failureOf, openFor } from './rpc-open.ts'
import { startHttp2 } from './servers/fake-etcd.ts'

/** Says NOT_FOUND, which no real member would. */
const answer = (stream: ServerHttp2Stream): void =>
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true })

test('a connection that has gone silent is left for a new one, and what is under way on it may end there', async (t) => {
  const sessions = new Set<ServerHttp2Session>()
  const held: ServerHttp2Stream[] = []
  const url = await startHttp2(t, (stream, session) => {
    sessions.add(session)
    if (sessions.size === 1) held.push(stream)
    else answer(stream)
  })
  const member = openFor(t, url)
  const slow = failureOf(member.put('k', 'v', 20))
  t.equal((await failureOf(member.status(2))).failure, 'deadline')
  t.equal((await failureOf(member.status(2))).code, 'NOT_FOUND', 'by the new connection')
  t.equal(sessions.size, 2)
  const [first] = sessions
  t.notOk(first?.destroyed, 'the old one is still waited for')
  const [put] = held
  if (put === undefined || first === undefined) return
  const closed = new Promise((resolve) => first.once('close', resolve))
  answer(put)
  t.equal((await slow).code, 'NOT_FOUND', 'by the old connection')
  await closed
})

test('a connection on which other calls are answered is kept', async (t) => {
  const sessions = new Set<ServerHttp2Session>()
  const url = await startHttp2(t, (stream, session, rpc) => {
    sessions.add(session)
    if (rpc !== 'Put') answer(stream)
  })
  const member = openFor(t, url)
  const put = failureOf(member.put('k', 'v', 2))
  t.equal((await failureOf(member.status(2))).code, 'NOT_FOUND')
  t.equal((await put).failure, 'deadline')
  t.equal((await failureOf(member.status(2))).code, 'NOT_FOUND')
  t.equal(sessions.size, 1)
})
