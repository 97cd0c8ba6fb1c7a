// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:net'
import { test } from 'tap'
import { ApiError } from '../src/client/failure.ts'
import { sendStatus, startFakeApi } from './servers/fake-api.ts'
import { cronjobs, openAt } from './servers/open.ts'

/** The error that a request fails with. */
async function errorOf(request: Promise<unknown>): Promise<ApiError> {
  const error = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiError)) throw new Error(`not an ApiError: ${String(error)}`, { cause: error })
  return error
}

test('an object is got, with our name told, below the prefix of the server', async (t) => {
  const api = await startFakeApi(t)
  api.set(`/k8s/clusters/c-1${cronjobs}`, 'a', { spec: 1 })
  const cluster = openAt(t, `${api.url}/k8s/clusters/c-1/`)
  t.match(await cluster.get(`${cronjobs}/a`), { metadata: { name: 'a' }, spec: 1 })
  t.match(api.requests, [{ headers: { 'user-agent': 'leadline-test/1', accept: 'application/json' } }])
  t.equal(api.requests.length, 1)
})

test('an answer of each kind has its class and one clear line', async (t) => {
  const api = await startFakeApi(t)
  const cluster = openAt(t, api.url)
  const cases = [
    [403, 'User "jane" cannot list', 'forbidden', 'forbidden: needs list on cronjobs in batch for jane'],
    [403, 'no', 'forbidden', 'forbidden: needs list on cronjobs in batch'],
    [404, 'could not find the requested resource', 'not_found', 'could not find the requested resource'],
    [409, 'modified', 'conflict', 'modified'],
    [410, 'too old', 'gone', 'too old'],
    [422, 'is\n  invalid', 'other', 'is invalid'],
    [503, 'down', 'server_error', 'down'],
  ] as const
  for (const [status, said, failure, text] of cases) {
    api.faults = [(_, response) => (sendStatus(response, status, said), true)]
    const error = await errorOf(cluster.get(cronjobs, { timeoutSeconds: 0.4 }))
    t.match(error, { failure, status, message: `GET ${api.url}${cronjobs}: ${text}` })
  }
  api.faults = [
    (_, response) => (response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n'), true),
  ]
  t.match(await errorOf(cluster.get('/api')), { failure: 'other', message: /Client sent an HTTP request to an HTTPS/ })
  api.faults = [(_, response) => (response.writeHead(200).end('<html>secret</html>'), true)]
  t.match(await errorOf(cluster.get('/api')), {
    failure: 'other',
    message: `GET ${api.url}/api: the answer is not JSON`,
  })
})

test('a read is tried again when the server is in trouble, a write is not', async (t) => {
  const api = await startFakeApi(t)
  const cluster = openAt(t, api.url, { options: { random: () => 0 } })
  let left = 2
  api.faults.push((_, response) => {
    if (left-- > 0) sendStatus(response, 503, 'apiserver is shutting down')
    return left >= 0
  })
  t.match(await cluster.get(cronjobs), { kind: 'List' })
  t.equal(api.requests.length, 3)
  left = 1
  const body = { metadata: { name: 'a' } }
  t.match(await errorOf(cluster.write('POST', cronjobs, body)), { failure: 'server_error' })
  t.equal(api.requests.length, 4)
  t.match(await cluster.write('POST', cronjobs, body), { metadata: { name: 'a' } })
})

test('Retry-After is obeyed for reads and writes, but never past the deadline', async (t) => {
  const api = await startFakeApi(t)
  const cluster = openAt(t, api.url, { options: { random: () => 0 } })
  let retryAfter: string | undefined = '1'
  api.faults.push((_, response) => {
    if (retryAfter === undefined) return false
    sendStatus(response, 429, 'too many requests', { 'retry-after': retryAfter })
    if (retryAfter === '1') retryAfter = undefined
    return true
  })
  const begin = performance.now()
  await cluster.write('POST', cronjobs, { metadata: { name: 'a' } })
  t.ok(performance.now() - begin >= 1000)
  retryAfter = '60'
  const error = await errorOf(cluster.get(cronjobs))
  t.match(error, { failure: 'throttled', retryAfterSeconds: 60 })
  t.ok(performance.now() - begin < 5000)
})

test('at the deadline what an earlier attempt met is told', async (t) => {
  const api = await startFakeApi(t)
  const cluster = openAt(t, api.url)
  api.faults.push((_, response) => {
    if (api.requests.length === 1) sendStatus(response, 503, 'etcd is down')
    return true
  })
  t.match(await errorOf(cluster.get(cronjobs, { timeoutSeconds: 1 })), {
    failure: 'server_error',
    message: /etcd is down/,
  })
  t.equal(api.requests.length, 2)
})

test('the deadline ends a request whatever the server does, and an abort ends it at once', async (t) => {
  const api = await startFakeApi(t)
  const cluster = openAt(t, api.url)
  api.faults = [(_, response) => response.writeHead(200).write('{')]
  const begin = performance.now()
  t.match(await errorOf(cluster.get(cronjobs, { timeoutSeconds: 0.2 })), {
    failure: 'deadline',
    message: `GET ${api.url}${cronjobs}: no whole answer within 0.2 s`,
  })
  api.faults = [() => true]
  t.match(await errorOf(cluster.get(cronjobs, { timeoutSeconds: 0.2 })), { failure: 'deadline' })
  const leaving = new AbortController()
  const request = cluster.get(cronjobs, { signal: leaving.signal })
  leaving.abort(new Error('draining'))
  await t.rejects(request, { message: 'draining' })
  t.ok(performance.now() - begin < 2000)
})

test('a server that is not there is unreachable', async (t) => {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const cluster = openAt(t, `http://127.0.0.1:${port}`)
  t.match(await errorOf(cluster.get('/version', { timeoutSeconds: 0.3 })), { failure: 'unreachable' })
  await new Promise((resolve) => server.close(resolve))
  t.match(await errorOf(cluster.get('/version', { timeoutSeconds: 0.3 })), {
    failure: 'unreachable',
    message: `GET http://127.0.0.1:${port}/version: connect ECONNREFUSED 127.0.0.1:${port}`,
  })
})

test('no proxy of the environment is used, but the one that the kubeconfig names', async (t) => {
  const [api, proxy] = [await startFakeApi(t), await startFakeApi(t)]
  process.env['http_proxy'] = proxy.url
  t.teardown(() => {
    delete process.env['http_proxy']
  })
  await openAt(t, api.url).get(cronjobs)
  t.equal(proxy.requests.length, 0)
  proxy.faults.push((_, response) => (sendStatus(response, 418, 'the proxy'), true))
  const cluster = openAt(t, api.url, { cluster: { 'proxy-url': proxy.url } })
  t.match(await errorOf(cluster.get(cronjobs)), { status: 418 })
})

test("the cluster's clock is told against ours", async (t) => {
  const api = await startFakeApi(t, { aheadSeconds: 300 })
  const cluster = openAt(t, api.url)
  t.equal(cluster.skewSeconds(), undefined)
  await cluster.get(cronjobs)
  const seconds = cluster.skewSeconds() as number
  t.ok(Math.abs(seconds - 300) <= 1.05, `${seconds}`)
})
