// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { RecordingLogger, systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { HttpReader } from '../src/http-reader.ts'
import { MemberMetrics } from '../src/member-metrics/member-metrics.ts'

const noTls = { tlsOptions: () => ({}) }
const maxBytes = 100_000

interface Site {
  readonly url: URL
  /** Connections accepted and requests answered so far. */
  readonly counts: { connections: number; requests: number }
}

async function serve(t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Site> {
  const counts = { connections: 0, requests: 0 }
  const server = createServer((request, response) => {
    counts.requests += 1
    answer(request, response)
  })
  server.on('connection', () => {
    counts.connections += 1
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`), counts }
}

function reader(t: Test, timeoutSeconds = 5): HttpReader {
  const made = new HttpReader(noTls, timeoutSeconds)
  t.teardown(() => made.close())
  return made
}

test('successive reads share one connection, whatever proxies the environment names', async (t) => {
  const nowhere = 'http://127.0.0.1:1'
  t.intercept(process, 'env', { value: { ...process.env, http_proxy: nowhere, HTTP_PROXY: nowhere, no_proxy: '' } })
  const { url, counts } = await serve(t, (request, response) => response.end(`${request.method} ${request.url}`))
  const pages = reader(t)
  for (let i = 0; i < 3; i++) t.match(await pages.read(url, maxBytes), { text: 'GET /metrics' })
  t.same(counts, { connections: 1, requests: 3 })
})

test('an answer with another status is refused with it, and the next read goes on', async (t) => {
  for (const status of [204, 301, 404, 415, 500]) {
    const { url, counts } = await serve(t, (_, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(status === 204 ? undefined : 'why')
    })
    const pages = reader(t)
    for (let i = 0; i < 2; i++) {
      await t.rejects(pages.read(url, maxBytes), { status, message: `GET ${url.href}: status ${status}` })
    }
    t.same(counts, { connections: 1, requests: 2 }, 'no redirect is followed, no request is tried twice')
  }
})

test('an endless page is given up at its bound, and so is an endless page of an error', async (t) => {
  for (const status of [200, 500]) {
    const { url } = await serve(t, (_, response) => {
      response.writeHead(status)
      const write = (): void => {
        if (response.destroyed) return
        if (response.write('x'.repeat(10_000))) setImmediate(write)
        else response.once('drain', write)
      }
      write()
    })
    const message = status === 200 ? 'the answer is longer than 100000 bytes' : 'status 500'
    await t.rejects(reader(t, 10).read(url, maxBytes), { message: `GET ${url.href}: ${message}` })
  }
})

test('a page that comes too slowly is given up at the deadline, wherever it stalls', async (t) => {
  const stalls: readonly ((response: ServerResponse) => void)[] = [
    () => {},
    (response) => void response.writeHead(200).write('half a '),
    (response) => void response.writeHead(404).write('half a '),
  ]
  for (const stall of stalls) {
    const { url } = await serve(t, (_, response) => stall(response))
    const begin = performance.now()
    await t.rejects(reader(t, 0.3).read(url, maxBytes), { message: `GET ${url.href}: no whole answer within 0.3 s` })
    const seconds = (performance.now() - begin) / 1000
    t.ok(seconds > 0.25 && seconds < 3, `after ${seconds} s`)
  }
})

test('a server that is not there, that leaves, or that speaks something else is told', async (t) => {
  const { url } = await serve(t, (request) => request.socket.destroy())
  await t.rejects(reader(t).read(url, maxBytes), { name: 'PageError', status: undefined, message: /socket hang up/ })
  await t.rejects(reader(t).read(new URL('http://127.0.0.1:1/metrics'), maxBytes), { message: /ECONNREFUSED/ })
  const other = createTcpServer((socket) => socket.end('\u0015\u0003\u0001'))
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => other.close())
  const noHttp = new URL(`http://127.0.0.1:${(other.address() as AddressInfo).port}/metrics`)
  await t.rejects(reader(t).read(noHttp, maxBytes), { message: /Expected HTTP/ })
})

test('after a read that was given up the next one has a connection of its own', async (t) => {
  let isSlow = true
  const { url, counts } = await serve(t, (_, response) => {
    if (!isSlow) response.end('page')
  })
  const pages = reader(t, 0.3)
  await t.rejects(pages.read(url, maxBytes), { message: /no whole answer/ })
  isSlow = false
  t.match(await pages.read(url, maxBytes), { text: 'page' })
  t.equal(counts.connections, 2)
})

test('credentials that can not be read fail a read by TLS only', async (t) => {
  const { url } = await serve(t, (_, response) => response.end('page'))
  const pages = new HttpReader(
    {
      tlsOptions: () => {
        throw new Error('ca_file /ca.pem: no such file')
      },
    },
    5,
  )
  t.teardown(() => pages.close())
  t.match(await pages.read(url, maxBytes), { text: 'page' })
  const secure = new URL(`https://${url.host}/metrics`)
  await t.rejects(pages.read(secure, maxBytes), { message: `GET ${secure.href}: ca_file /ca.pem: no such file` })
})

test('a page without metrics of etcd, or not of the format, is not taken for one', async (t) => {
  const pages = { '# HELP\nup 1\n': /no metrics of etcd on the page/, '<html>\n': /line 1: no metric name/ }
  for (const [page, expected] of Object.entries(pages)) {
    const { url } = await serve(t, (_, response) => response.end(page))
    const log = new RecordingLogger('warn', systemClock.unix)
    const options = { endpoint: url.origin, page: url, tls: noTls, clock: systemClock, log }
    const metrics = new MemberMetrics(options)
    t.teardown(() => metrics.stop())
    metrics.start(new AbortController().signal)
    await until('a read', async () => (metrics.state().isUp === false ? true : undefined))
    t.match(log.records[0]?.fields?.['err'], expected)
    t.equal(metrics.view(), undefined)
  }
})

test('reads never overlap, and end with the signal', async (t) => {
  let [underWay, most] = [0, 0]
  const { url, counts } = await serve(t, (_, response) => {
    underWay += 1
    most = Math.max(most, underWay)
    response.once('close', () => {
      underWay -= 1
    })
  })
  const log = new RecordingLogger('warn', systemClock.unix)
  const options = { endpoint: url.origin, page: url, tls: noTls, clock: systemClock, log, periodSeconds: 0.2 }
  const metrics = new MemberMetrics(options)
  t.teardown(() => metrics.stop())
  const controller = new AbortController()
  metrics.start(controller.signal)
  await until('five reads', async () => (counts.requests >= 5 ? true : undefined))
  t.equal(most, 1)
  controller.abort()
  await until('the connections to end', async () => (underWay === 0 ? true : undefined))
  const { requests } = counts
  // Three reads by another one of the same period, beside which this one would have begun two.
  const other = await serve(t, (_, response) => response.end('etcd_up 1\n'))
  const going = new MemberMetrics({ ...options, endpoint: other.url.origin, page: other.url })
  t.teardown(() => going.stop())
  going.start(new AbortController().signal)
  await until('three reads of the other', async () => (other.counts.requests >= 3 ? true : undefined))
  t.equal(counts.requests, requests)
})

test('the time of the server comes with its page', async (t) => {
  const { url } = await serve(t, (_, response) => {
    response.setHeader('Date', 'Sat, 21 Nov 2026 08:49:37 GMT')
    response.end('page')
  })
  t.strictSame(await reader(t).read(url, maxBytes), { text: 'page', dateAt: Date.UTC(2026, 10, 21, 8, 49, 37) / 1000 })
  const silent = await serve(t, (_, response) => {
    response.sendDate = false
    response.end('page')
  })
  t.strictSame(await reader(t).read(silent.url, maxBytes), { text: 'page', dateAt: undefined })
})
