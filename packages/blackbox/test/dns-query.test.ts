// SPDX-License-Identifier: Apache-2.0
import dgram from 'node:dgram'
import { once } from 'node:events'
import { readConfig } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { dnsConfig } from '../src/dns/config.ts'
import { makeQuery } from '../src/dns/query.ts'
import { dns } from '../src/probers/dns.ts'
import { addressRecord, dnsServer, replyTo, transports } from './servers/dns.ts'

test('what is sent: one question, no EDNS, an id of its own', async (t) => {
  for (const transport of transports) {
    const { target, queries } = await dnsServer(t, transport, (query, send) => send(replyTo(query)))
    const ask = async (yaml: string) => {
      await runOnce(dns, { target, yaml: `{transport_protocol: ${transport}, ${yaml}}` })
      return queries.at(-1)
    }
    const plain = await ask('query_name: example.com')
    t.match(plain?.packet, {
      type: 'query',
      opcode: 'QUERY',
      flag_rd: true,
      flag_ad: false,
      flag_cd: false,
      questions: [{ name: 'example.com', type: 'ANY', class: 'IN' }],
    })
    t.strictSame(plain?.octets.toString('hex', 4), '0001000000000000076578616d706c6503636f6d0000ff0001')
    const other = await ask('query_name: version.bind., query_type: TXT, query_class: CH, recursion_desired: false')
    t.match(other?.packet, { flag_rd: false, questions: [{ name: 'version.bind', type: 'TXT', class: 'CH' }] })
    const modern = await ask('query_name: ., query_type: HTTPS')
    t.equal(modern?.octets.toString('hex', 12), '0000410001', 'the root, and a type of today')
    const escaped = await ask("query_name: 'my\\.printer\\032a.example'")
    t.equal(escaped?.octets.toString('latin1', 12, 12 + 23), '\x0cmy.printer a\x07example\0\x00')
  }
})

test('ids are random and the query is otherwise the same', async (t) => {
  const config = readConfig(dnsConfig, 'query_name: example.com', 'test.yml')
  const queries = Array.from({ length: 3000 }, () => makeQuery(config))
  t.ok(new Set(queries.map(({ id }) => id)).size > 2500, 'ids hardly ever repeat')
  t.ok(queries.every(({ id, framed }) => framed.readUInt16BE(2) === id && framed.readUInt16BE(0) === framed.length - 2))
  t.equal(new Set(queries.map(({ framed }) => framed.toString('hex', 4))).size, 1)
})

test('names of the target: port, family, literal', async (t) => {
  for (const transport of transports) {
    const yaml = `{query_name: a, transport_protocol: ${transport}`
    const v4 = await dnsServer(t, transport, (query, send) => send(replyTo(query)))
    const v6 = await dnsServer(t, transport, (query, send) => send(replyTo(query)), '::1')
    const rows = [
      { target: v4.target, more: '', family: 4 },
      { target: v6.target, more: '', family: 6 },
      { target: `localhost:${v4.port}`, more: ', preferred_ip_protocol: ip4', family: 4 },
      { target: `localhost:${v4.port}`, more: ', preferred_ip_protocol: ip4, ip_protocol_fallback: false', family: 4 },
      { target: v4.target, more: ', preferred_ip_protocol: ip6', family: 4 },
    ]
    for (const { target, more, family } of rows) {
      const { ending, values } = await runOnce(dns, { target, yaml: `${yaml}${more}}` })
      t.equal(ending, 'success', `${transport} ${target}${more}`)
      t.equal(values['probe_ip_protocol'], family)
    }
    const refused = await runOnce(dns, {
      target: v4.target,
      yaml: `${yaml}, preferred_ip_protocol: ip6, ip_protocol_fallback: false}`,
    })
    t.equal(refused.ending, 'failed', 'a literal of the wrong family without fallback')
    t.match(refused.values, {
      probe_ip_protocol: 0,
      probe_ip_addr_hash: 0,
      probe_dns_query_succeeded: 0,
      probe_dns_answer_rrs: 0,
      probe_dns_authority_rrs: 0,
      probe_dns_additional_rrs: 0,
      'probe_dns_duration_seconds{phase="resolve"}': 0,
      'probe_dns_duration_seconds{phase="connect"}': 0,
      'probe_dns_duration_seconds{phase="request"}': 0,
    })
  }
})

/** What a probe says it asks, however it ends. */
async function asked(target: string, yaml: string) {
  const { records } = await runOnce(dns, { target, yaml, timeoutSeconds: 0.2 })
  return records.find(({ message }) => message === 'Making DNS query')?.fields
}

test('default ports', async (t) => {
  t.match(await asked('127.0.0.1', 'query_name: a'), { ip: '127.0.0.1', port: 53 })
  t.match(await asked('::1', 'query_name: a'), { ip: '::1', port: 53 })
  t.match(await asked('[::1]', 'query_name: a'), { ip: '::1', port: 53 })
  t.match(await asked('127.0.0.1:domain', 'query_name: a'), { port: 53 })
  t.match(await asked('127.0.0.1', '{query_name: a, transport_protocol: tcp}'), { port: 53 })
  const overTls = '{query_name: a, transport_protocol: tcp, dns_over_tls: true}'
  t.match(await asked('127.0.0.1', overTls), { port: 853 })
  t.match(await asked('127.0.0.1:53', overTls), { port: 53 })
})

test('a port that is none', async (t) => {
  for (const target of ['127.0.0.1:0', '127.0.0.1:', '127.0.0.1:65536', '127.0.0.1:no-such-service']) {
    const { ending, records } = await runOnce(dns, { target, yaml: 'query_name: a' })
    t.equal(ending, 'failed', target)
    t.match(records.at(-1), { message: 'The port of the target is not a port' })
  }
})

test('the source address', async (t) => {
  for (const transport of transports) {
    const { target } = await dnsServer(t, transport, (query, send) => send(replyTo(query)))
    const from = (address: string) => ({
      target,
      yaml: `{query_name: a, transport_protocol: ${transport}, source_ip_address: "${address}"}`,
    })
    t.equal((await runOnce(dns, from('127.0.0.1'))).ending, 'success', transport)
    const foreign = await runOnce(dns, from('192.0.2.1'))
    t.equal(foreign.ending, 'failed', `${transport}: an address that is not this machine's`)
    t.match(foreign.records.at(-1), { message: 'Error while sending a DNS query', fields: { err: /EADDRNOTAVAIL/ } })
    t.equal((await runOnce(dns, from('::1'))).ending, 'failed', `${transport}: an address of the other family`)
  }
  const server = dgram.createSocket('udp4')
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const heard = once(server, 'message')
  const { port } = server.address()
  const probe = runOnce(dns, {
    target: `127.0.0.1:${port}`,
    yaml: '{query_name: a, source_ip_address: 127.0.0.5}',
    timeoutSeconds: 0.2,
  })
  const [, from] = (await heard) as [Buffer, dgram.RemoteInfo]
  t.equal(from.address, '127.0.0.5')
  t.equal((await probe).ending, 'timeout')
})

test('a closed port is told at once, by either transport', async (t) => {
  const free = dgram.createSocket('udp4')
  free.bind(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address()
  free.close()
  await once(free, 'close')
  for (const transport of transports) {
    const { ending, records, values } = await runOnce(dns, {
      target: `127.0.0.1:${port}`,
      yaml: `{query_name: a, transport_protocol: ${transport}}`,
    })
    t.equal(ending, 'failed', transport)
    t.match(records.at(-1), { message: 'Error while sending a DNS query', fields: { err: /ECONNREFUSED/ } })
    t.equal(values['probe_dns_query_succeeded'], 0)
  }
})

test('an address that cannot be asked', async (t) => {
  // The kernel refuses to connect to a broadcast address; nothing is sent.
  const { ending, records } = await runOnce(dns, { target: '255.255.255.255:53', yaml: 'query_name: a' })
  t.equal(ending, 'failed', JSON.stringify(records.at(-1)))
  t.match(records.at(-1), { message: 'Error while sending a DNS query', fields: { err: /^connect E/ } })
})

test('a reply is taken as it is: TC bit, other question, other opcode', async (t) => {
  const { target, queries } = await dnsServer(t, 'udp', (query, send) => {
    const answered = replyTo(query, { truncated: true, answers: [addressRecord('192.0.2.1', 'else.example')] })
    answered.write('EXAMPLE', 13, 'latin1')
    send(answered)
  })
  const { ending, values } = await runOnce(dns, { target, yaml: 'query_name: example.com' })
  t.equal(ending, 'success')
  t.equal(values['probe_dns_answer_rrs'], 1)
  t.equal(queries.length, 1, 'no second try by TCP')
})

test('a silent server: the wait is in the request phase, and the socket is gone', async (t) => {
  for (const transport of transports) {
    const { target } = await dnsServer(t, transport, () => undefined)
    const yaml = `{query_name: a, transport_protocol: ${transport}}`
    const { ending, values, durationSeconds } = await runOnce(dns, { target, yaml, timeoutSeconds: 0.2 })
    t.equal(ending, 'timeout', transport)
    t.ok((values['probe_dns_duration_seconds{phase="request"}'] as number) > 0.15)
    t.ok((values['probe_dns_duration_seconds{phase="connect"}'] as number) < 0.1)
    t.ok(durationSeconds < 0.7)
    t.equal(values['probe_dns_query_succeeded'], 0)
  }
})

test('a caller that left before the probe began costs no socket', async (t) => {
  const { target, queries } = await dnsServer(t, 'udp', (query, send) => send(replyTo(query)))
  const controller = new AbortController()
  controller.abort()
  const { ending } = await runOnce(dns, { target, yaml: 'query_name: a', controller })
  t.equal(ending, 'aborted')
  t.equal(queries.length, 0)
})
