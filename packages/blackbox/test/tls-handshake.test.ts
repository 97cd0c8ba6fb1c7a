// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { test } from 'tap'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'
import { materialOf, shake } from './servers/shake.ts'
import { tlsServer } from './servers/tls.ts'

const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000)

test('verifies name and chain, and says what is wrong', async (t) => {
  const root = await makeAuthority('root')
  const middle = await makeAuthority('middle', { authority: root })
  const other = await makeAuthority('other')
  const good = await makeCertificate({ authority: middle, names: ['a.example'], ips: ['127.0.0.1'] })
  const old = await makeCertificate({ authority: root, names: ['a.example'], notBefore: ago(9), notAfter: ago(1) })
  const early = await makeCertificate({ authority: root, names: ['a.example'], notBefore: ago(-1) })
  const client = await makeCertificate({ authority: root, names: ['a.example'], usages: ['1.3.6.1.5.5.7.3.2'] })
  const unknown = /^tls: failed to verify certificate: x509: certificate signed by unknown authority/
  const cases = [
    ['a chain of three', good, [middle], root, 'a.example', undefined],
    ['an address', good, [middle], root, '127.0.0.1', undefined],
    ['a chain that ends at a trusted intermediate', good, [], middle, 'a.example', undefined],
    ['a trusted leaf', good, [], good, 'a.example', undefined],
    ['a missing intermediate', good, [], root, 'a.example', unknown],
    ['another authority', good, [middle], other, 'a.example', unknown],
    ['another name', good, [middle], root, 'b.example', /x509: certificate is valid for a.example, not b.example$/],
    ['another address', good, [middle], root, '::1', /x509: certificate is valid for 127.0.0.1, not ::1$/],
    ['an expired leaf', old, [], root, 'a.example', /has expired or is not yet valid: current time .* is after /],
    ['an early leaf', early, [], root, 'a.example', /has expired or is not yet valid: current time .* is before /],
    ['a certificate for clients', client, [], root, 'a.example', /specifies an incompatible key usage$/],
  ] as const
  for (const [name, certificate, chain, ca, serverName, wrong] of cases) {
    const { port, idle } = await tlsServer(t, { certificate, chain })
    const shaken = shake(t, { port, serverName, config: { ca: ca.certPem } })
    if (wrong === undefined) {
      const { socket } = await shaken
      t.equal(socket.destroyed, false, name)
      socket.destroy()
    } else await t.rejects(shaken, { message: wrong }, name)
    await idle()
    const { socket } = await shake(t, { port, serverName, config: { insecure_skip_verify: true } })
    t.equal(socket.destroyed, false, `${name}, without verification`)
  }
})

test('sends names as SNI, addresses not', async (t) => {
  const certificate = await makeCertificate()
  const { port, serverNames } = await tlsServer(t, { certificate })
  const config = { insecure_skip_verify: true }
  const names = ['a.example', 'a.example.', '127.0.0.1', '::1', '[::1]', '']
  for (const serverName of names) {
    const { socket } = await shake(t, { port, serverName, config })
    // With TLS 1.3 the server is done after the client.
    socket.end()
    await once(socket.resume(), 'close')
  }
  t.strictSame(serverNames, ['a.example', 'a.example', false, false, false, false])
})

test('without a name to verify there is no handshake', async (t) => {
  const certificate = await makeCertificate()
  const { port, idle } = await tlsServer(t, { certificate })
  await t.rejects(shake(t, { port, serverName: '', config: { ca: certificate.certPem } }), {
    message: 'tls: either server_name or insecure_skip_verify must be specified',
  })
  await idle()
})

test('speaks the versions that the config allows, from TLS 1.2 on by default', async (t) => {
  const certificate = await makeCertificate({ names: ['a.example'] })
  const config = { ca: certificate.certPem }
  const old = await tlsServer(t, {
    certificate,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  })
  const modern = await tlsServer(t, { certificate, minVersion: 'TLSv1.3' })
  const both = await tlsServer(t, { certificate })
  const spoken = async (port: number, versions: object): Promise<string | null> =>
    (await shake(t, { port, config: { ...config, ...versions } })).socket.getProtocol()
  await t.rejects(spoken(old.port, {}), { message: /^tls: handshake failed: / })
  t.equal(await spoken(old.port, { min_version: 'TLS10' }), 'TLSv1')
  await t.rejects(spoken(modern.port, { max_version: 'TLS12' }), { message: /^tls: handshake failed: / })
  t.equal(await spoken(both.port, { max_version: 'TLS12' }), 'TLSv1.2')
  t.equal(await spoken(both.port, {}), 'TLSv1.3')
})

test('shows a client certificate', async (t) => {
  const root = await makeAuthority('root')
  const certificate = await makeCertificate({ authority: root, names: ['a.example'] })
  const client = await makeCertificate({ authority: root, subject: 'CN=prober' })
  const server = { certificate, ca: root.certPem, requestCert: true, maxVersion: 'TLSv1.2' } as const
  const { port } = await tlsServer(t, {
    ...server,
    talk: (socket) => socket.end(String(socket.getPeerCertificate().subject.CN)),
  })
  const config = { ca: root.certPem }
  const { socket } = await shake(t, { port, config: { ...config, cert: client.certPem, key: client.keyPem } })
  t.equal(String(await once(socket, 'data')), 'prober')
  await t.rejects(shake(t, { port, config }), { message: /^tls: handshake failed: / })
})

test('agrees on a protocol', async (t) => {
  const certificate = await makeCertificate({ names: ['a.example'] })
  const config = { ca: certificate.certPem }
  const { port } = await tlsServer(t, { certificate, ALPNProtocols: ['http/1.1', 'h2'] })
  const { socket } = await shake(t, { port, config, alpn: ['h2', 'http/1.1'] })
  t.equal(socket.alpnProtocol, 'http/1.1')
  t.equal((await shake(t, { port, config })).socket.alpnProtocol, false)
  await t.rejects(shake(t, { port, config, alpn: ['spdy/3'] }), { message: /^tls: handshake failed: .*protocol/ })
})

test('each handshake is a full one, and what was found about a chain is kept', async (t) => {
  const root = await makeAuthority('root')
  const [one, two] = await Promise.all([1, 2].map(() => makeCertificate({ authority: root, names: ['a.example'] })))
  const first = await tlsServer(t, { certificate: one as never })
  const second = await tlsServer(t, { certificate: two as never, chain: [root] })
  const material = await materialOf({ ca: root.certPem })
  const seen = []
  for (const { port } of [first, first, second]) {
    const { socket } = await shake(t, { port, config: { ca: root.certPem } })
    t.equal(socket.isSessionReused(), false)
    seen.push(material.peers.get(socket))
  }
  t.equal(seen[0], seen[1])
  t.not(seen[0], seen[2])
  t.equal(material.verdicts.size, 2)
})

test('rejects with the reason of a signal that aborted before', async (t) => {
  const certificate = await makeCertificate()
  const { port } = await tlsServer(t, { certificate })
  const reason = new Error('too late')
  await t.rejects(shake(t, { port, signal: AbortSignal.abort(reason) }), reason)
})
