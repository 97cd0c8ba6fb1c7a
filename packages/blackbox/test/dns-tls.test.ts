// SPDX-License-Identifier: Apache-2.0
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { dns } from '../src/probers/dns.ts'
import { endure } from './endure.ts'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'
import { type Answer, addressRecord, answerOnStream, dnsServer, replyTo } from './servers/dns.ts'
import { tcpServer } from './servers/tcp.ts'
import { tlsServer } from './servers/tls.ts'

const authority = await makeAuthority('Test Root')
const certificate = await makeCertificate({ authority, names: ['localhost', 'dns.example'] })

const answer: Answer = (query, send) => send(replyTo(query, { answers: [addressRecord('127.0.0.1')] }))

/** A DNS over TLS config that trusts the test's authority. */
function overTls(more = ''): string {
  return `query_name: example.com
transport_protocol: tcp
dns_over_tls: true
preferred_ip_protocol: ip4
tls_config:
  ca: ${JSON.stringify(authority.certPem)}
${more}`
}

async function ending(target: string, more = ''): Promise<string> {
  return (await runOnce(dns, { target, yaml: overTls(more) })).ending
}

test('DNS over TLS: the name of the certificate', async (t) => {
  const { port, serverNames } = await tlsServer(t, { certificate, talk: (socket) => answerOnStream(socket, answer) })
  t.equal(await ending(`localhost:${port}`), 'success', 'the name of the target')
  t.strictSame(serverNames, ['localhost'])
  t.equal(await ending(`127.0.0.1:${port}`), 'failed', 'the address of the target')
  t.equal(await ending(`127.0.0.1:${port}`, '  server_name: dns.example'), 'success', 'server_name')
  t.equal(serverNames.at(-1), 'dns.example')
  t.equal(await ending(`localhost:${port}`, '  server_name: other.example'), 'failed')
  t.equal(await ending(`127.0.0.1:${port}`, '  insecure_skip_verify: true'), 'success')
})

test('DNS over TLS: the handshake is in the connect phase, and there is no certificate metric', async (t) => {
  const { target, idle } = await tlsServer(t, { certificate, talk: (socket) => answerOnStream(socket, answer) })
  const { values } = await runOnce(dns, { target, yaml: overTls('  server_name: localhost') })
  t.match(values, { probe_dns_answer_rrs: 1, probe_dns_query_succeeded: 1 })
  t.ok((values['probe_dns_duration_seconds{phase="connect"}'] as number) > 0)
  t.ok((values['probe_dns_duration_seconds{phase="request"}'] as number) > 0)
  t.strictSame(
    Object.keys(values).filter((name) => /_(ssl|tls)_/.test(name)),
    [],
  )
  await idle()
})

test('DNS over TLS: a certificate that nobody vouches for, and a server that speaks no TLS', async (t) => {
  const stranger = await makeCertificate({ names: ['localhost'] })
  const untrusted = await tlsServer(t, { certificate: stranger, talk: (socket) => answerOnStream(socket, answer) })
  const plain = await dnsServer(t, 'tcp', answer)
  for (const target of [`localhost:${untrusted.port}`, `localhost:${plain.port}`]) {
    const run = await runOnce(dns, { target, yaml: overTls(), timeoutSeconds: 1 })
    t.match(run.ending, /^(failed|timeout)$/, JSON.stringify(run.records.at(-1)?.fields))
    t.equal(run.values['probe_dns_query_succeeded'], 0)
  }
})

test('DNS over TLS: a missing CA file is told by name', async (t) => {
  const { target } = await dnsServer(t, 'tcp', answer)
  const yaml = '{query_name: a, transport_protocol: tcp, dns_over_tls: true, tls_config: {ca_file: /nowhere/ca.pem}}'
  const run = await runOnce(dns, { target, yaml })
  t.equal(run.ending, 'failed')
  t.match(JSON.stringify(run.records.at(-1)), /nowhere\/ca\.pem/)
})

test('DNS over TLS: 300 handshakes that never end', async (t) => {
  const { target, idle } = await tcpServer(t)
  const yaml = '{query_name: a, transport_protocol: tcp, dns_over_tls: true}'
  await endure(t, { prober: dns, target, idle, yaml, endings: ['timeout'], timeoutSeconds: 0.05, runs: 300 })
})
