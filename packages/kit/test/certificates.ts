// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

/** A certificate with its key. */
export interface TestCertificate {
  readonly cert: string
  readonly key: string
  readonly issuer: { readonly name: string; readonly keys: webcrypto.CryptoKeyPair }
}

/** A certificate that signs others. */
export function makeAuthority(name: string): Promise<TestCertificate> {
  return make(name, undefined, [new x509.BasicConstraintsExtension(true, undefined, true)])
}

/** A certificate for a server or a client with the given alternative names. */
export function makeLeaf(
  name: string,
  authority: TestCertificate,
  names: readonly x509.JsonGeneralName[] = [],
): Promise<TestCertificate> {
  return make(name, authority, names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...names])])
}

async function make(
  name: string,
  authority: TestCertificate | undefined,
  extensions: x509.Extension[],
): Promise<TestCertificate> {
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: `CN=${authority?.issuer.name ?? name}`,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    publicKey: keys.publicKey,
    signingKey: (authority?.issuer.keys ?? keys).privateKey,
    signingAlgorithm: signing,
    extensions,
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const pem = `-----BEGIN PRIVATE KEY-----\n${key.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END PRIVATE KEY-----\n`
  return { cert: `${certificate.toString('pem')}\n`, key: pem, issuer: { name, keys } }
}
