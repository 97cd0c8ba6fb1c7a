// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { runOnce } from '@leadline/kit/testing'
import * as codec from 'dns-packet'
import { type Test, test } from 'tap'
import { dns } from '../src/probers/dns.ts'
import { endure } from './endure.ts'
import { type DnsQuery, framed } from './servers/dns.ts'
import { dribble, flood } from './servers/hostile.ts'
import { crafted, good, hex, malformed, odd, withOtherId } from './servers/hostile-dns.ts'
import { type TcpServer, tcpServer } from './servers/tcp.ts'

const yaml = '{query_name: a, transport_protocol: tcp}'

/** What a server does with a connection once it has read the query. */
type Talk = (socket: Socket, query: DnsQuery) => unknown

function framing(replies: Readonly<Record<string, (query: DnsQuery) => Buffer>>): Record<string, Talk> {
  const talks = Object.entries(replies).map(([what, make]): [string, Talk] => [
    what,
    (socket, query) => socket.write(framed(make(query))),
  ])
  return Object.fromEntries(talks)
}

const failing: Readonly<Record<string, Talk>> = {
  ...framing(malformed),
  'a length of zero': (socket) => socket.write(hex('0000')),
  'less than the length says, then the end': (socket) => socket.end(hex('ffff 00')),
  'the end at once': (socket) => socket.destroy(),
  'a reset within the message': (socket) => socket.write(hex('0100 00'), () => socket.resetAndDestroy()),
  'the wrong id': (socket, query) => socket.write(framed(withOtherId(good(query)))),
}

const lasting: Readonly<Record<string, Talk>> = {
  silence: () => undefined,
  'half a length': (socket) => socket.write(hex('00')),
  'less than the length says': (socket) => socket.write(hex('ffff 00')),
  'an octet now and then': (socket) => dribble(socket, Buffer.alloc(1000, 0xff)),
}

const succeeding: Readonly<Record<string, Talk>> = {
  ...framing(odd),
  'a reply octet by octet': (socket, query) => dribble(socket, framed(good(query))),
  'the reply twice': (socket, query) => socket.write(Buffer.concat([framed(good(query)), framed(good(query))])),
}

function server(t: Test, ways: Readonly<Record<string, Talk>>): Promise<TcpServer> {
  const talks = Object.values(ways)
  let connections = 0
  return tcpServer(t, (socket) => {
    socket.once('data', (framedQuery: Buffer) => {
      const octets = framedQuery.subarray(2)
      talks[connections++ % talks.length]?.(socket, { octets, packet: codec.decode(octets) })
    })
  })
}

test('replies that fail a probe at once', async (t) => {
  const { target, idle } = await server(t, failing)
  for (const what of Object.keys(failing)) {
    const { ending, records, values } = await runOnce(dns, { target, yaml })
    t.equal(ending, 'failed', what)
    t.match(records.at(-1), { level: 'error', message: 'Error while sending a DNS query' })
    t.equal(values['probe_dns_query_succeeded'], 0)
    await idle()
  }
})

test('replies that keep a probe waiting', async (t) => {
  const { target, idle } = await server(t, lasting)
  for (const what of Object.keys(lasting)) {
    const { ending, values } = await runOnce(dns, { target, yaml, timeoutSeconds: 0.1 })
    t.equal(ending, 'timeout', what)
    t.ok((values['probe_dns_duration_seconds{phase="request"}'] as number) > 0)
    await idle()
  }
})

test('replies that are odd and taken, as the peer takes them', async (t) => {
  const { target, idle } = await server(t, succeeding)
  for (const what of Object.keys(succeeding)) {
    t.equal((await runOnce(dns, { target, yaml })).ending, 'success', what)
    await idle()
  }
})

test('1,000 bad replies', async (t) => {
  const { target, idle } = await server(t, failing)
  await endure(t, { prober: dns, target, idle, yaml, endings: ['failed'], timeoutSeconds: 5 })
})

test('1,000 replies that never end', async (t) => {
  const { target, idle } = await server(t, lasting)
  await endure(t, { prober: dns, target, idle, yaml, endings: ['timeout'], timeoutSeconds: 0.02 })
})

test('1,000 odd replies', async (t) => {
  const { target, idle } = await server(t, succeeding)
  await endure(t, { prober: dns, target, idle, yaml, endings: ['success'], timeoutSeconds: 5 })
})

test('streams without end', async (t) => {
  const { target, idle } = await server(t, { flood: (socket) => flood(socket, Buffer.alloc(65_536, 0xff)) })
  await endure(t, { prober: dns, target, idle, yaml, endings: ['failed'], timeoutSeconds: 5, runs: 100 })
})

test('rules over the largest reply let other probes have their turn', async (t) => {
  // A name of 255 octets, each of which takes four characters in text form, owned by thousands of records.
  const name = `${`3f${'00'.repeat(63)}`.repeat(3)}3d${'00'.repeat(61)}00`
  const count = 5000
  const body = hex(`${name} 0001 0001 ${'c00c 0010 0001 00000000 0000'.repeat(count)}`)
  const { target } = await server(t, {
    large: (socket, query) => socket.write(framed(crafted(query, [1, count, 0, 0], body))),
  })
  const rules = `validate_answer_rrs: {fail_if_matches_regexp: [${Array(8).fill('"[0-9]+z"').join(', ')}]}`
  let longestGap = 0
  let last = performance.now()
  const look = (): void => {
    longestGap = Math.max(longestGap, performance.now() - last)
    last = performance.now()
  }
  const timer = setInterval(look, 5)
  t.teardown(() => clearInterval(timer))
  const options = { target, yaml: `${yaml.slice(0, -1)}, ${rules}}`, timeoutSeconds: 1 }
  const { ending, durationSeconds } = await runOnce(dns, options)
  look()
  t.match(ending, /^(success|timeout)$/)
  t.ok(durationSeconds < 1.5, `${durationSeconds} s`)
  t.ok(longestGap < durationSeconds * 500, `the longest gap was ${longestGap} ms of ${durationSeconds} s`)
})
