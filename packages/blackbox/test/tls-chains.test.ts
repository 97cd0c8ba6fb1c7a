// SPDX-License-Identifier: Apache-2.0
import * as x509 from '@peculiar/x509'
import { test } from 'tap'
import { parseCertificate } from '../src/tls/certificate.ts'
import { verifiedChains } from '../src/tls/chains.ts'
import { CertificatePool } from '../src/tls/roots.ts'
import { makeAuthority, makeCertificate, makeKeys, type TestCertificate } from './servers/certificates.ts'
import { der } from './servers/der.ts'

const now = Date.now() / 1000
const inDays = (days: number): Date => new Date((now + days * 86_400) * 1000)

/** Each chain as the places of its certificates among those sent, then the roots; the last place where there are two. */
function chainsOf(sent: readonly TestCertificate[], roots: readonly TestCertificate[], host = 'a.example'): number[][] {
  const all = [...sent, ...roots].map((certificate) => parseCertificate(certificate.der))
  const pool = new CertificatePool(all.slice(sent.length))
  const chains = verifiedChains(all.slice(0, sent.length), { roots: pool, host, now })
  return chains.map((chain) => chain.map((link) => all.findLastIndex((one) => one.fingerprint === link.fingerprint)))
}

test('all chains are found, through each cross-signed certificate', async (t) => {
  const keys = await makeKeys()
  const [one, two] = await Promise.all([makeAuthority('one'), makeAuthority('two')])
  const byOne = await makeAuthority('middle', { keys, authority: one })
  const byTwo = await makeAuthority('middle', { keys, authority: two })
  const leaf = await makeCertificate({ authority: byOne, names: ['a.example'] })
  t.strictSame(chainsOf([leaf, byOne, byTwo], [one, two]), [
    [0, 1, 3],
    [0, 2, 4],
  ])
  t.strictSame(chainsOf([leaf, byTwo, byOne], [one]), [[0, 2, 3]])
  t.strictSame(chainsOf([leaf, byOne], [one, byTwo]), [
    [0, 3],
    [0, 1, 2],
  ])
})

test('the same name and key appear once in a chain', async (t) => {
  const keys = await makeKeys()
  const old = await makeAuthority('root', { keys, notAfter: inDays(1) })
  const fresh = await makeAuthority('root', { keys, notAfter: inDays(9) })
  const leaf = await makeCertificate({ authority: fresh, names: ['a.example'] })
  t.strictSame(chainsOf([leaf, old], [fresh]), [[0, 2]])
})

test('a certificate that may not sign is no issuer', async (t) => {
  const root = await makeAuthority('root')
  const leaf = await makeCertificate({ authority: root, names: ['a.example'], subject: 'CN=leaf' })
  const below = await makeCertificate({ authority: leaf, names: ['a.example'] })
  t.throws(() => chainsOf([below, leaf], [root]), {
    message:
      'x509: certificate signed by unknown authority (possibly because of "x509: invalid signature: parent certificate ' +
      'cannot sign this kind of certificate" while trying to verify candidate authority certificate "leaf")',
  })
})

test('an issuer of the right name and the wrong key did not sign', async (t) => {
  const [root, impostor] = await Promise.all([makeAuthority('root'), makeAuthority('root')])
  const leaf = await makeCertificate({ authority: root, names: ['a.example'] })
  t.throws(() => chainsOf([leaf], [impostor]), {
    message: /unknown authority \(possibly because of "x509: invalid signature" while .* certificate "root"\)$/,
  })
})

test('SHA-1 signatures are refused', async (t) => {
  const root = await makeAuthority('root')
  const leaf = await makeCertificate({ authority: root, names: ['a.example'], hash: 'SHA-1' })
  t.throws(() => chainsOf([leaf], [root]), { message: /insecure algorithm ECDSA-SHA1/ })
})

test('path length, critical extensions and expired intermediates', async (t) => {
  const root = await makeAuthority('root', { pathLength: 0 })
  const middle = await makeAuthority('middle', { authority: root })
  const leaf = await makeCertificate({ authority: middle, names: ['a.example'] })
  t.throws(() => chainsOf([leaf, middle], [root]), {
    message: 'x509: too many intermediates for path length constraint',
  })
  const odd = new x509.Extension('1.2.3.4', true, Buffer.from([5, 0]))
  const strange = await makeCertificate({ names: ['a.example'], extensions: [odd] })
  t.throws(() => chainsOf([strange], [strange]), { message: 'x509: unhandled critical extension' })
  const free = await makeAuthority('free')
  const late = await makeAuthority('late', { authority: free, notBefore: inDays(-9), notAfter: inDays(-1) })
  const under = await makeCertificate({ authority: late, names: ['a.example'] })
  t.throws(() => chainsOf([under, late], [free]), { message: /^x509: certificate has expired or is not yet valid: / })
})

/** A critical NameConstraints extension (RFC 5280 section 4.2.1.10). */
function nameConstraints(permitted: readonly Buffer[], excluded: readonly Buffer[]): x509.Extension {
  const content = der(0x30, ...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded))
  return new x509.Extension('2.5.29.30', true, content)
}

function subtrees(tag: number, names: readonly Buffer[]): Buffer[] {
  return names.length === 0 ? [] : [der(tag, ...names.map((name) => der(0x30, name)))]
}

const dns = (name: string): Buffer => der(0x82, Buffer.from(name))
const mail = (name: string): Buffer => der(0x81, Buffer.from(name))
const net = (...bytes: number[]): Buffer => der(0x87, bytes)

test('name constraints hold for all names below', async (t) => {
  const cases = [
    [[dns('example')], [], {}, undefined],
    [[dns('EXAMPLE')], [], {}, undefined],
    [[dns('a.example')], [], {}, undefined],
    [[dns('.a.example')], [], {}, /DNS name "a.example" is not permitted by any constraint$/],
    [[dns('xa.example')], [], {}, /DNS name "a.example" is not permitted by any constraint$/],
    [[], [dns('other')], {}, undefined],
    [[], [dns('example')], {}, /DNS name "a.example" is excluded by a constraint$/],
    [[], [dns('b.wild.example')], { names: ['a.example', '*.wild.example'] }, /"\*.wild.example" is excluded/],
    [[net(10, 0, 0, 0, 255, 0, 0, 0)], [], { ips: ['10.1.2.3'] }, undefined],
    [[net(10, 0, 0, 0, 255, 0, 0, 0)], [], { ips: ['11.1.2.3'] }, /IP address "11.1.2.3" is not permitted/],
    [[net(10, 0, 0, 0, 255, 0, 0, 0)], [], { ips: ['::1'] }, /IP address "::1" is not permitted/],
    [[], [net(0, 0, 0, 0, 0, 0, 0, 0)], { ips: ['11.1.2.3'] }, /IP address "11.1.2.3" is excluded/],
    [[mail('example')], [], {}, undefined],
    [[der(0x88, [42])], [], {}, /unhandled critical extension/],
  ] as const
  for (const [permitted, excluded, options, wrong] of cases) {
    const extensions = [nameConstraints(permitted, excluded)]
    const root = await makeAuthority('root', { extensions })
    const leaf = await makeCertificate({ authority: root, names: ['a.example'], ...options })
    if (wrong === undefined) t.strictSame(chainsOf([leaf], [root]), [[0, 1]])
    else t.throws(() => chainsOf([leaf], [root]), { message: wrong }, String(wrong))
  }
})
