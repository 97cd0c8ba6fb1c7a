// SPDX-License-Identifier: Apache-2.0
import { randomBytes, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const day = 86_400_000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
const signing = { name: 'ECDSA', hash: 'SHA-256' }

/** A key pair; certificates with the same one are cross-signed. */
export type KeyPair = webcrypto.CryptoKeyPair

/** A certificate with its key. */
export interface TestCertificate {
  readonly certPem: string
  readonly keyPem: string
  readonly der: Buffer
  readonly keys: KeyPair
  /** RFC 4514 text or its parts, as it was asked for. */
  readonly subject: Subject
  /** Unix seconds. */
  readonly notAfter: number
}

/** `CN=a,O=b` or, for anything unusual, one object for each relative distinguished name. */
export type Subject = string | x509.JsonName

/** What a certificate says. */
export interface CertificateOptions {
  readonly subject?: Subject
  /** Takes the place of a new key. */
  readonly keys?: KeyPair
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Hex. */
  readonly serial?: string
  /** Beside the usual ones. */
  readonly extensions?: readonly x509.Extension[]
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384'
}

/** Options of a certificate for a server or a client. */
export interface LeafOptions extends CertificateOptions {
  /** Signs itself when absent. */
  readonly authority?: TestCertificate
  /** DNS names. */
  readonly names?: readonly string[]
  readonly ips?: readonly string[]
  /** OIDs; none by default. */
  readonly usages?: readonly string[]
}

/** Options of a certificate that signs others. */
export interface AuthorityOptions extends CertificateOptions {
  /** Signs itself when absent. */
  readonly authority?: TestCertificate
  readonly pathLength?: number
}

/** A new key pair. */
export function makeKeys(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** A certificate that may sign others: a root, or an intermediate when it has an authority of its own. */
export function makeAuthority(name: string, options: AuthorityOptions = {}): Promise<TestCertificate> {
  const constraints = new x509.BasicConstraintsExtension(true, options.pathLength, true)
  const usage = new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)
  return sign({ subject: `CN=${name}`, ...options }, options.authority, [constraints, usage])
}

/** A certificate for a server or a client. */
export function makeCertificate(options: LeafOptions = {}): Promise<TestCertificate> {
  const { names = [], ips = [], usages = [], authority } = options
  const extensions: x509.Extension[] = []
  const general = [
    ...names.map((value) => ({ type: 'dns' as const, value })),
    ...ips.map((value) => ({ type: 'ip' as const, value })),
  ]
  if (general.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(general))
  if (usages.length > 0) extensions.push(new x509.ExtendedKeyUsageExtension([...usages]))
  return sign({ subject: `CN=${names[0] ?? 'leaf'}`, ...options }, authority, extensions)
}

async function sign(
  options: CertificateOptions & { readonly subject: Subject },
  authority: TestCertificate | undefined,
  extensions: readonly x509.Extension[],
): Promise<TestCertificate> {
  const { subject, serial = `01${randomBytes(8).toString('hex')}` } = options
  const keys = options.keys ?? (await makeKeys())
  const notAfter = options.notAfter ?? new Date(Date.now() + 30 * day)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject,
    issuer: authority?.subject ?? subject,
    notBefore: options.notBefore ?? new Date(Date.now() - day),
    notAfter,
    publicKey: keys.publicKey,
    signingKey: (authority?.keys ?? keys).privateKey,
    signingAlgorithm: { ...signing, hash: options.hash ?? signing.hash },
    extensions: [...extensions, ...(options.extensions ?? [])],
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  return {
    certPem: `${certificate.toString('pem')}\n`,
    keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    der: Buffer.from(certificate.rawData),
    keys,
    subject,
    notAfter: Math.floor(notAfter.getTime() / 1000),
  }
}
