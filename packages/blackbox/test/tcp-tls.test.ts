// SPDX-License-Identifier: Apache-2.0
import net, { type Socket } from 'node:net'
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { tcp } from '../src/probers/tcp.ts'
import { makeAuthority, makeCertificate, makeKeys, type TestCertificate } from './servers/certificates.ts'
import { serveTls } from './servers/starttls.ts'
import { lineReader, type TcpServer, tcpServer } from './servers/tcp.ts'

const certificateGauges = [
  'probe_ssl_earliest_cert_expiry',
  'probe_ssl_last_chain_expiry_timestamp_seconds',
  'probe_tls_version_info{version="TLS 1.3"}',
]

const authority = await makeAuthority('Test Root')
const certificate = await makeCertificate({ authority, names: ['localhost', 'mail.example'], serial: '0abc' })

/** A config with the authority trusted. */
function trusting({ certPem }: TestCertificate, yaml: string, tls = 'true', more = ''): string {
  return `tls: ${tls}\n${yaml}\ntls_config:\n  ca: ${JSON.stringify(certPem)}\n${more}`
}

function tlsServer(t: Test, leaf: TestCertificate, ...chain: TestCertificate[]): Promise<TcpServer> {
  return tcpServer(t, async (socket) => (await serveTls(socket, leaf, chain)).resume())
}

test('the certificate has to be valid for the name that is asked for', async (t) => {
  const server = await tlsServer(t, certificate)
  const byName = `localhost:${server.port}`
  const probe = async (target: string, more: string): Promise<string> => {
    const yaml = trusting(authority, 'preferred_ip_protocol: ip4', 'true', more)
    const { ending, values } = await runOnce(tcp, { target, yaml })
    const names = Object.keys(values).filter((name) => /_(ssl|tls)_/.test(name))
    t.equal(names.length > 0, ending === 'success', 'certificate metrics are there on success only')
    t.equal('probe_failed_due_to_regex' in values, ending === 'success')
    return ending
  }
  t.equal(await probe(byName, ''), 'success', 'the name of the target')
  t.equal(await probe(server.target, ''), 'failed', 'the address of the target')
  t.equal(await probe(server.target, '  server_name: mail.example\n'), 'success', 'server_name')
  t.equal(await probe(byName, '  server_name: other.example\n'), 'failed', 'server_name comes before the target')
  t.equal(await probe(server.target, '  insecure_skip_verify: true\n'), 'success', 'no verification')
})

test('certificate metrics', async (t) => {
  const server = await tlsServer(t, certificate)
  const yaml = trusting(authority, 'preferred_ip_protocol: ip4')
  const { values } = await runOnce(tcp, { target: `localhost:${server.port}`, yaml })
  for (const name of certificateGauges) t.ok(name in values, name)
  t.equal(values['probe_ssl_earliest_cert_expiry'], certificate.notAfter)
  const info = Object.keys(values).find((name) => name.startsWith('probe_ssl_last_chain_info'))
  t.match(info, /issuer="CN=Test Root",serialnumber="0abc",subject="CN=localhost"/)
  t.match(info, /subjectalternative="localhost,mail\.example"/)
  t.notOk('probe_tls_cipher_info' in values)
  t.notOk(
    Object.keys(values).some((name) => name.startsWith('probe_tls_cipher_info')),
    'the cipher is for http only',
  )
})

test('an untrusted certificate and a version that is not spoken', async (t) => {
  const server = await tlsServer(t, certificate)
  const target = `localhost:${server.port}`
  const stranger = await makeAuthority('Test Root')
  const untrusted = await runOnce(tcp, { target, yaml: trusting(stranger, 'preferred_ip_protocol: ip4') })
  t.equal(untrusted.ending, 'failed')
  t.equal(untrusted.records.at(-1)?.message, 'TLS handshake failed')
  t.match(untrusted.records.at(-1)?.fields?.['err'], /certificate signed by unknown authority/)
  const old = trusting(authority, 'preferred_ip_protocol: ip4', 'true', '  min_version: TLS10\n  max_version: TLS11\n')
  t.equal((await runOnce(tcp, { target, yaml: old })).ending, 'failed')
})

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000)
}

test('a cross-signed chain: the first expiry is of what is sent, the last of the best chain', async (t) => {
  const oldRoot = await makeAuthority('Old Root', { notAfter: inDays(1) })
  const keys = await makeKeys()
  const newRoot = await makeAuthority('New Root', { keys, notAfter: inDays(400) })
  const crossed = await makeAuthority('New Root', { keys, authority: oldRoot, notAfter: inDays(200) })
  const leaf = await makeCertificate({ authority: newRoot, names: ['localhost'], notAfter: inDays(30) })
  const server = await tlsServer(t, leaf, crossed, oldRoot)
  const ca = { ...oldRoot, certPem: oldRoot.certPem + newRoot.certPem }
  const yaml = trusting(ca, 'preferred_ip_protocol: ip4')
  const { ending, values } = await runOnce(tcp, { target: `localhost:${server.port}`, yaml })
  t.equal(ending, 'success')
  t.equal(values['probe_ssl_earliest_cert_expiry'], oldRoot.notAfter)
  t.equal(values['probe_ssl_last_chain_expiry_timestamp_seconds'], leaf.notAfter)
})

test('the target sees a whole handshake and close_notify', async (t) => {
  const server = await tlsServer(t, certificate)
  // What the prober sends is seen on its way to the server.
  let sent: Buffer[] = []
  const proxy = await tcpServer(t, (socket) => {
    const onwards = net.connect(server.port, '127.0.0.1')
    socket.on('data', (bytes) => sent.push(bytes))
    socket.pipe(onwards).pipe(socket)
  })
  for (const version of ['TLS12', 'TLS13']) {
    sent = []
    const more = `  server_name: localhost\n  max_version: ${version}\n`
    const { ending } = await runOnce(tcp, { target: proxy.target, yaml: trusting(authority, '', 'true', more) })
    t.equal(ending, 'success', version)
    await proxy.idle()
    // 1.3 hides the types of its last records: Finished and the alert are application data (23).
    const last = version === 'TLS12' ? [22, 21] : [23, 23]
    t.strictSame(recordTypes(Buffer.concat(sent)).slice(-2), last, version)
  }
})

/** Content types of TLS records (RFC 8446 section 5.1). */
function recordTypes(records: Buffer): number[] {
  const types: number[] = []
  for (let at = 0; at < records.length; at += 5 + records.readUInt16BE(at + 3)) types.push(records.readUInt8(at))
  return types
}

const smtpModule = `query_response:
  - expect: "^220 ([^ ]+) ESMTP (.+)$"
  - send: EHLO prober
  - expect: "^250-(.*)"
  - send: STARTTLS
  - expect: ^220
  - starttls: true
  - send: EHLO prober
  - expect: "^250-AUTH (.*)$"
    labels: [{name: auth, value: $1}]
  - send: QUIT
`

/** An SMTP server that goes over to TLS. */
async function smtp(socket: Socket, received: (string | undefined)[], leaf: TestCertificate): Promise<void> {
  const line = lineReader(socket)
  socket.write('220 mail.example ESMTP Test\r\n')
  received.push(await line())
  socket.write('250-mail.example\r\n250-PIPELINING\r\n250 STARTTLS\r\n')
  received.push(await line())
  socket.write('220 2.0.0 Ready to start TLS\r\n')
  const secured = await serveTls(socket, leaf)
  const securedLine = lineReader(secured)
  received.push(await securedLine())
  secured.write('250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n')
  received.push(await securedLine())
  secured.end()
}

test('SMTP with STARTTLS', async (t) => {
  const received: (string | undefined)[] = []
  const finished = Promise.withResolvers<void>()
  const server = await tcpServer(t, (socket) => smtp(socket, received, certificate).finally(finished.resolve))
  const yaml = trusting(authority, `preferred_ip_protocol: ip4\n${smtpModule}`, 'false')
  const { ending, values } = await runOnce(tcp, { target: `localhost:${server.port}`, yaml })
  t.equal(ending, 'success')
  await finished.promise
  t.strictSame(received, ['EHLO prober', 'STARTTLS', 'EHLO prober', 'QUIT'])
  for (const name of certificateGauges) t.ok(name in values, name)
  t.equal(values['probe_ssl_earliest_cert_expiry'], certificate.notAfter)
  t.equal(values['probe_expect_info{auth="PLAIN LOGIN"}'], 1)
  t.equal(values['probe_failed_due_to_regex'], 0)
})

test('STARTTLS with a certificate for another name', async (t) => {
  const other = await makeCertificate({ authority, names: ['other.example'] })
  const server = await tcpServer(t, (socket) => smtp(socket, [], other))
  const target = `localhost:${server.port}`
  const yaml = (more: string): string => trusting(authority, `preferred_ip_protocol: ip4\n${smtpModule}`, 'false', more)
  const { ending, values, records } = await runOnce(tcp, { target, yaml: yaml('') })
  t.equal(ending, 'failed')
  t.equal(records.at(-1)?.message, 'TLS handshake failed')
  t.equal(values['probe_failed_due_to_regex'], 0)
  t.notOk('probe_ssl_earliest_cert_expiry' in values)
  const named = await runOnce(tcp, { target, yaml: yaml('  server_name: other.example\n') })
  t.equal(named.ending, 'success')
})

test('plain text behind the reply to STARTTLS is not taken for protected text', async (t) => {
  const server = await tcpServer(t, async (socket) => {
    await lineReader(socket)()
    socket.write('220 go\r\n250-AUTH INJECTED\r\n')
    await serveTls(socket, certificate)
  })
  const entries = 'query_response: [{send: STARTTLS}, {expect: "^220"}, {starttls: true}, {expect: "^250-AUTH"}]'
  const yaml = trusting(authority, entries, 'false', '  server_name: localhost\n')
  const { ending, records } = await runOnce(tcp, { target: server.target, yaml })
  t.equal(ending, 'failed')
  t.equal(records.at(-1)?.message, 'Plain text came after the reply that starttls follows')
})

test('a second handshake on the connection is refused', async (t) => {
  const server = await tlsServer(t, certificate)
  const more = '  server_name: localhost\n'
  for (const [tls, entries] of [
    ['true', '[{starttls: true}]'],
    ['false', '[{starttls: true}, {starttls: true}]'],
  ] as const) {
    const yaml = trusting(authority, `query_response: ${entries}`, tls, more)
    const { ending, values, records } = await runOnce(tcp, { target: server.target, yaml })
    t.equal(ending, 'failed')
    t.equal(records.at(-1)?.message, 'starttls on a connection that is TLS already')
    t.ok('probe_ssl_earliest_cert_expiry' in values, 'the first handshake is reported')
  }
})

test('a dialogue over TLS from the start', async (t) => {
  const server = await tcpServer(t, async (socket) => {
    const secured = await serveTls(socket, certificate)
    secured.write('* OK IMAP4rev1\r\n')
    const line = await lineReader(secured)()
    secured.end(`${line?.split(' ')[0]} OK\r\n`)
  })
  const entries = 'query_response: [{expect: "^[*] OK", send: a1 NOOP}, {expect: "^a1 OK"}]'
  const yaml = trusting(authority, entries, 'true', '  server_name: localhost\n')
  t.equal((await runOnce(tcp, { target: server.target, yaml })).ending, 'success')
})
