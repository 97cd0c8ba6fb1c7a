// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto'
import { readConfig } from '@leadline/kit'
import { type Test, test } from 'tap'
import { dial } from '../src/net/dial.ts'
import { reportCertificates, reportCipher } from '../src/tls/certificates.ts'
import { tlsConfig } from '../src/tls/config.ts'
import { tlsMaterial } from '../src/tls/context.ts'
import { handshake } from '../src/tls/handshake.ts'
import { makeAuthority, makeCertificate, makeKeys } from './servers/certificates.ts'
import { type TlsServerOptions, tlsServer } from './servers/tls.ts'

const inDays = (days: number): Date => new Date(Math.floor(Date.now() / 1000 + days * 86_400) * 1000)

/** Shakes hands as `a.example` with a server of these options, and gives every sample that is reported. */
async function report(t: Test, server: TlsServerOptions, config: object): Promise<Record<string, unknown>> {
  const { port } = await tlsServer(t, server)
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const { signal } = controller
  const material = await tlsMaterial(readConfig(tlsConfig, JSON.stringify(config), 'test.yml'))
  const socket = await dial({ ip: '127.0.0.1', family: 4 }, port, { signal })
  const secured = await handshake(socket, material, { serverName: 'a.example', signal })
  const samples: Record<string, unknown> = {}
  const set = (name: string, value: number, labels?: object): void => {
    samples[name] = labels ?? value
  }
  reportCertificates({ set }, secured, material)
  reportCipher({ set }, secured)
  return samples
}

test('a chain of three: expiries, description of the leaf, version and cipher', async (t) => {
  const root = await makeAuthority('root', { notAfter: inDays(90), subject: [{ CN: ['Root, "CA"'] }, { O: ['Über'] }] })
  const middle = await makeAuthority('middle', { authority: root, notAfter: inDays(20) })
  const leaf = await makeCertificate({
    authority: middle,
    names: ['a.example', '*.b.example'],
    ips: ['192.0.2.1'],
    subject: [{ C: ['SE'] }, { O: ['Lead, Line'] }, { OU: ['a'] }, { OU: ['b'] }, { CN: [' a+b '] }],
    serial: '0fca05',
    notAfter: inDays(30),
  })
  const samples = await report(t, { certificate: leaf, chain: [middle] }, { ca: root.certPem })
  t.strictSame(samples, {
    probe_ssl_earliest_cert_expiry: middle.notAfter,
    probe_ssl_last_chain_expiry_timestamp_seconds: middle.notAfter,
    probe_ssl_last_chain_info: {
      fingerprint_sha256: new X509Certificate(leaf.der).fingerprint256.replaceAll(':', '').toLowerCase(),
      issuer: 'CN=middle',
      serialnumber: '0fca05',
      subject: 'CN=\\ a\\+b\\ ,OU=a+OU=b,O=Lead\\, Line,C=SE',
      subjectalternative: 'a.example,*.b.example',
    },
    probe_tls_version_info: { version: 'TLS 1.3' },
    probe_tls_cipher_info: { cipher: 'TLS_AES_256_GCM_SHA384' },
  })
})

test('a cross-signed root: the old one is sent, the chain lasts as long as the leaf', async (t) => {
  const keys = await makeKeys()
  const newRoot = await makeAuthority('root', { keys, notAfter: inDays(3) })
  const oldRoot = await makeAuthority('root', { keys, notAfter: inDays(1) })
  const leaf = await makeCertificate({ authority: newRoot, names: ['a.example'], notAfter: inDays(2) })
  const ca = oldRoot.certPem + newRoot.certPem
  const samples = await report(t, { certificate: leaf, chain: [oldRoot] }, { ca })
  t.match(samples, {
    probe_ssl_earliest_cert_expiry: oldRoot.notAfter,
    probe_ssl_last_chain_expiry_timestamp_seconds: leaf.notAfter,
  })
})

test('a root that was not sent does not count as sent', async (t) => {
  const root = await makeAuthority('root', { notAfter: inDays(1) })
  const leaf = await makeCertificate({ authority: root, names: ['a.example'], notAfter: inDays(2) })
  t.match(await report(t, { certificate: leaf }, { ca: root.certPem }), {
    probe_ssl_earliest_cert_expiry: leaf.notAfter,
    probe_ssl_last_chain_expiry_timestamp_seconds: root.notAfter,
  })
})

test("without verification the last chain expires at Go's zero time", async (t) => {
  const leaf = await makeCertificate({ subject: 'CN=expired', notBefore: inDays(-9), notAfter: inDays(-1) })
  t.match(await report(t, { certificate: leaf }, { insecure_skip_verify: true }), {
    probe_ssl_earliest_cert_expiry: leaf.notAfter,
    probe_ssl_last_chain_expiry_timestamp_seconds: -6.21355968e10,
    probe_ssl_last_chain_info: { subject: 'CN=expired', subjectalternative: '' },
  })
})

test("where the server leaves the choice, the cipher suite is Go's first", async (t) => {
  const leaf = await makeCertificate({ names: ['a.example'] })
  for (const [only, cipher] of [
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
    ['TLSv1.2', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
  ] as const) {
    const server = { certificate: leaf, minVersion: only, maxVersion: only, honorCipherOrder: false }
    t.match(await report(t, server, { ca: leaf.certPem }), { probe_tls_cipher_info: { cipher } })
  }
})

test('TLS versions and cipher suites are spelt as Go spells them', async (t) => {
  const leaf = await makeCertificate({ names: ['a.example'] })
  const config = { ca: leaf.certPem, min_version: 'TLS10' }
  const oldCiphers = 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0'
  const cases = [
    ['TLSv1', oldCiphers, 'TLS 1.0', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'],
    ['TLSv1.1', oldCiphers, 'TLS 1.1', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS 1.2', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS 1.2', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
    ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'TLS 1.2', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-SHA', 'TLS 1.2', 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA'],
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'TLS 1.3', 'TLS_AES_128_GCM_SHA256'],
    ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS 1.3', 'TLS_CHACHA20_POLY1305_SHA256'],
  ] as const
  for (const [only, ciphers, version, cipher] of cases) {
    const server = { certificate: leaf, minVersion: only, maxVersion: only, ciphers }
    t.match(
      await report(t, server, config),
      { probe_tls_version_info: { version }, probe_tls_cipher_info: { cipher } },
      cipher,
    )
  }
})

test('a socket of another handshake is refused', async (t) => {
  const leaf = await makeCertificate({ names: ['a.example'] })
  const material = await tlsMaterial(readConfig(tlsConfig, JSON.stringify({ ca: leaf.certPem }), 'test.yml'))
  t.throws(() => reportCertificates({ set() {} }, {} as never, material), { name: 'RangeError' })
})
