// SPDX-License-Identifier: Apache-2.0
import { status } from '@grpc/grpc-js'
import { test } from 'tap'
import { failureOf, openFor } from './rpc-open.ts'
import { enableAuth, logins } from './servers/admin.ts'
import { startCluster } from './servers/cluster.ts'
import { startFakeEtcd } from './servers/fake-etcd.ts'
import { ownMetric } from './servers/own-metrics.ts'

const auth = { prefix: 'sound/' }

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`${version}: a user with a role on a prefix does, and others are refused as auth`, async (t) => {
    const etcd = (await startCluster(t, { version, auth }))?.members[0]
    if (!etcd) return
    const member = openFor(t, etcd.clientUrl, logins.sounder)
    t.equal((await member.status(5)).memberId, etcd.id)
    t.equal((await member.memberList(5)).members.length, 1)
    await member.put('sound/m1', 'v', 5)
    await member.serializableRead('sound/m1', 5)
    await member.linearizableRead('sound/m1', 5)
    await member.delete('sound/m1', 5)

    t.match(await failureOf(member.put('elsewhere', 'v', 5)), {
      failure: 'auth',
      message: /^Put at .*: etcdserver: permission denied; grant it to a role of the exporter's user$/,
    })
    t.match(await failureOf(openFor(t, etcd.clientUrl, logins.nobody).put('sound/m1', 'v', 5)), { failure: 'auth' })
    t.match(await failureOf(openFor(t, etcd.clientUrl).put('sound/m1', 'v', 5)), {
      failure: 'auth',
      message: /: etcdserver: user name is empty; authentication is on: set username and password$/,
    })
    const wrong = openFor(t, etcd.clientUrl, { ...logins.sounder, password: 'not-the-secret' })
    const failure = await failureOf(wrong.status(5))
    t.match(failure, {
      failure: 'auth',
      message: /^Authenticate at .*authentication failed, invalid user ID or password; check username and password$/,
    })
    t.notMatch(failure.message, 'not-the-secret')
  })

  test(`${version}: a token that the member has forgotten is got anew, once`, async (t) => {
    const etcd = (await startCluster(t, { version, auth }))?.members[0]
    if (!etcd) return
    const member = openFor(t, etcd.clientUrl, logins.sounder)
    await member.put('sound/m1', 'v', 5)
    const before = await ownMetric(etcd, authenticateCount)
    // The same password again; etcd drops the tokens of a user whose password is set.
    const { username: name, password } = logins.sounder
    await etcd.client.auth.userChangePassword({ name, password })
    await Promise.all(Array.from({ length: 5 }, () => member.put('sound/m1', 'v', 5)))
    t.equal((await ownMetric(etcd, authenticateCount)) - before, 1)
  })
}

const authenticateCount =
  'grpc_server_started_total{grpc_method="Authenticate",grpc_service="etcdserverpb.Auth",grpc_type="unary"}'

test('with authentication off, a user is no hindrance, and its switching on is noticed', async (t) => {
  const etcd = (await startCluster(t))?.members[0]
  if (!etcd) return
  const member = openFor(t, etcd.clientUrl, logins.sounder)
  await member.put('sound/m1', 'v', 5)
  await member.put('sound/m1', 'v', 5)
  t.equal(await ownMetric(etcd, authenticateCount), 1, 'asked once whether it is on')
  await enableAuth(etcd.client, auth.prefix)
  await member.put('sound/m1', 'v', 5)
  t.equal((await failureOf(member.put('elsewhere', 'v', 5))).failure, 'auth')
  t.equal(await ownMetric(etcd, authenticateCount), 2)
})

test('a token that is always refused makes one more login, no loop', async (t) => {
  let logIns = 0
  let statuses = 0
  const url = await startFakeEtcd(t, {
    authenticate: () => ({ token: `token-${++logIns}` }),
    status() {
      statuses++
      return { code: status.UNAUTHENTICATED, details: 'etcdserver: invalid auth token' }
    },
  })
  const failure = await failureOf(openFor(t, url, logins.sounder).status(5))
  t.match(failure, { failure: 'auth', code: 'UNAUTHENTICATED' })
  t.notMatch(failure.message, 'token-')
  t.equal(logIns, 2)
  t.equal(statuses, 2)
})

test('calls at a time share one login, and each sends its token', async (t) => {
  let logIns = 0
  const tokens: string[] = []
  const url = await startFakeEtcd(t, {
    authenticate: () => ({ token: `token-${++logIns}` }),
    status(_request, token) {
      tokens.push(token)
      return {}
    },
  })
  const member = openFor(t, url, logins.sounder)
  await Promise.all([member.status(5), member.status(5), member.status(5)])
  await member.status(5)
  t.equal(logIns, 1)
  t.strictSame(tokens, Array(4).fill('token-1'))
})

test('a refused password is not tried again at once', async (t) => {
  let logIns = 0
  const url = await startFakeEtcd(t, {
    authenticate() {
      logIns++
      return {
        code: status.INVALID_ARGUMENT,
        details: 'etcdserver: authentication failed, invalid user ID or password',
      }
    },
  })
  const member = openFor(t, url, logins.sounder)
  for (let call = 0; call < 3; call++) t.equal((await failureOf(member.status(5))).failure, 'auth')
  t.equal(logIns, 1)
})

test('a login counts within the deadline of the call', async (t) => {
  const etcd = (await startCluster(t, { auth }))?.members[0]
  if (!etcd) return
  const member = openFor(t, etcd.clientUrl, logins.sounder)
  etcd.pause()
  const failure = await failureOf(member.status(0.5))
  t.match(failure, { failure: 'deadline', message: /^Status at .*: no login within 0\.5/ })
  t.ok(failure.tookSeconds < 0.9)
  etcd.resume()
  t.equal((await member.status(5)).memberId, etcd.id)
})

test('a password file that is not there is told as auth', async (t) => {
  const member = openFor(t, 'http://127.0.0.1:1', { username: 'sounder', password_file: '/nowhere/password' })
  t.match(await failureOf(member.status(5)), { failure: 'auth', message: /password_file: ENOENT/ })
})
