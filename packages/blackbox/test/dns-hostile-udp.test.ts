// SPDX-License-Identifier: Apache-2.0
import dgram from 'node:dgram'
import { runOnce } from '@leadline/kit/testing'
import type * as codec from 'dns-packet'
import { test } from 'tap'
import { dns } from '../src/probers/dns.ts'
import { endure } from './endure.ts'
import { type Answer, addressRecord, dnsServer, replyTo } from './servers/dns.ts'
import { good, malformed, odd, withOtherId } from './servers/hostile-dns.ts'

const yaml = 'query_name: example.com'
const many = Array(40).fill(addressRecord('127.0.0.1', 'example.com'))

const failing: Readonly<Record<string, Answer>> = {
  ...Object.fromEntries(Object.entries(malformed).map(([what, make]) => [what, sending(make)])),
  'an empty datagram': (_query, send) => send(Buffer.alloc(0)),
  'more than 512 octets': (query, send) => send(replyTo(query, { answers: many })),
}

const succeeding: Readonly<Record<string, Answer>> = {
  ...Object.fromEntries(Object.entries(odd).map(([what, make]) => [what, sending(make)])),
  'wrong ids, then the right one': (query, send) => {
    for (let i = 0; i < 5; i++) send(withOtherId(good(query)))
    send(good(query))
  },
}

function sending(make: (query: Parameters<Answer>[0]) => Buffer): Answer {
  return (query, send) => send(make(query))
}

/** Answers in each of the ways in turn. */
function inTurn(ways: Readonly<Record<string, Answer>>): Answer {
  const answers = Object.values(ways)
  let asked = 0
  return (query, send) => answers[asked++ % answers.length]?.(query, send)
}

test('replies that fail a probe at once', async (t) => {
  const { target } = await dnsServer(t, 'udp', inTurn(failing))
  for (const what of Object.keys(failing)) {
    const { ending, values, records } = await runOnce(dns, { target, yaml })
    t.equal(ending, 'failed', what)
    t.match(records.at(-1), { level: 'error', message: 'Error while sending a DNS query' })
    t.match(values, { probe_dns_query_succeeded: 0, probe_dns_answer_rrs: 0 })
    t.ok((values['probe_dns_duration_seconds{phase="request"}'] as number) > 0)
  }
})

test('replies that are odd and taken, as the peer takes them', async (t) => {
  const { target } = await dnsServer(t, 'udp', inTurn(succeeding))
  for (const what of Object.keys(succeeding)) {
    const { ending, values } = await runOnce(dns, { target, yaml })
    t.equal(ending, 'success', what)
    t.equal(values['probe_dns_query_succeeded'], 1)
  }
})

test('1,000 bad replies', async (t) => {
  const { target } = await dnsServer(t, 'udp', inTurn(failing))
  await endure(t, { prober: dns, target, yaml, endings: ['failed'], timeoutSeconds: 5 })
})

test('1,000 odd replies', async (t) => {
  const { target } = await dnsServer(t, 'udp', inTurn(succeeding))
  await endure(t, { prober: dns, target, yaml, endings: ['success'], timeoutSeconds: 5 })
})

test('1,000 times silence', async (t) => {
  const { target } = await dnsServer(t, 'udp', () => undefined)
  await endure(t, { prober: dns, target, yaml, endings: ['timeout'], timeoutSeconds: 0.02 })
})

test('floods of wrong ids', async (t) => {
  const { target } = await dnsServer(t, 'udp', (query, send) => {
    const wrong = withOtherId(good(query))
    for (let i = 0; i < 100; i++) send(wrong)
  })
  await endure(t, { prober: dns, target, yaml, endings: ['timeout'], timeoutSeconds: 0.2, runs: 64 })
})

test('a flood of 10,000 wrong ids costs one probe its time, and no other', async (t) => {
  const flooding = await dnsServer(t, 'udp', (query, send) => {
    const wrong = withOtherId(good(query))
    for (let i = 0; i < 10_000; i++) send(wrong)
  })
  const plain = await dnsServer(t, 'udp', (query, send) => send(good(query)))
  const flooded = runOnce(dns, { target: flooding.target, yaml, timeoutSeconds: 1 })
  t.equal((await runOnce(dns, { target: plain.target, yaml, timeoutSeconds: 1 })).ending, 'success')
  const { ending, durationSeconds } = await flooded
  t.equal(ending, 'timeout')
  t.ok(durationSeconds < 1.5, `${durationSeconds} s`)
})

/** A TXT record of a name of one letter. */
function textRecord(octets: number): codec.Answer {
  return { type: 'TXT', name: 'a', ttl: 1, data: [Buffer.alloc(220), Buffer.alloc(octets)] }
}

test('512 octets are taken, the 513th is lost', async (t) => {
  for (const { length, ending } of [
    { length: 512, ending: 'success' },
    { length: 513, ending: 'failed' },
  ]) {
    const { target } = await dnsServer(t, 'udp', (query, send) => {
      const short = replyTo(query, { answers: [textRecord(200)] })
      const reply = replyTo(query, { answers: [textRecord(200 + length - short.length)] })
      t.equal(reply.length, length)
      send(reply)
    })
    const run = await runOnce(dns, { target, yaml: 'query_name: a' })
    t.equal(run.ending, ending, `${length} octets`)
    t.equal(run.values['probe_dns_query_succeeded'], ending === 'success' ? 1 : 0)
  }
})

test('what others send to the socket is not heard', async (t) => {
  const stranger = dgram.createSocket('udp4')
  t.teardown(() => stranger.close())
  const { target } = await dnsServer(t, 'udp', (query, send) => {
    const { port, address } = query.from as dgram.RemoteInfo
    stranger.send(replyTo(query, { rcode: 3 }), port, address, () => send(good(query)))
  })
  const { ending } = await runOnce(dns, { target, yaml })
  t.equal(ending, 'success', 'the forged NXDOMAIN with the right id came first')
})
