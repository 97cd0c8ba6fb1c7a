// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { Folder } from '../../../../test/servers/folder.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMilliseconds = 86_400_000

/** A certificate and its key, as text and as files. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
  readonly certificateFile: string
  readonly keyFile: string
  /** Unix seconds. */
  readonly notAfter: number
}

/** What a cluster with TLS, and those who call it, can show and trust. */
export interface Certificates {
  readonly authority: Certificate
  /** For the cluster's address. */
  readonly server: Certificate
  /** Names the user `sounder`. */
  readonly client: Certificate
  /** As client, but its time is over. */
  readonly expired: Certificate
  /** An authority that nobody trusts. */
  readonly stranger: Certificate
  /** As client, but of the stranger. */
  readonly strange: Certificate
}

/** Days from now to the end of the server's certificate; negative for one whose time is over. */
export interface CertificateOptions {
  readonly serverDays?: number
}

/** Makes the certificates of a cluster that listens on an IP address, and writes them into its folder. */
export async function makeCertificates(
  folder: Folder,
  address: string,
  { serverDays = 30 }: CertificateOptions = {},
): Promise<Certificates> {
  const isAuthority = [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
  ]
  const authority = await issue({ name: 'authority', extensions: isAuthority })
  const stranger = await issue({ name: 'stranger', extensions: isAuthority })
  const san = new SubjectAlternativeNameExtension([
    { type: 'ip', value: address },
    { type: 'dns', value: 'localhost' },
  ])
  const write = async (file: string, { certificate, key, notAfter }: Issued): Promise<Certificate> => ({
    certificate,
    key,
    certificateFile: await folder.write(`${file}.crt`, certificate),
    keyFile: await folder.write(`${file}.key`, key),
    notAfter,
  })
  return {
    authority: await write('authority', authority),
    server: await write(
      'server',
      await issue({ name: 'server', issuer: authority, extensions: [san], days: serverDays }),
    ),
    client: await write('client', await issue({ name: 'sounder', issuer: authority })),
    expired: await write('expired', await issue({ name: 'sounder', issuer: authority, days: -1 })),
    stranger: await write('stranger', stranger),
    strange: await write('strange', await issue({ name: 'sounder', issuer: stranger })),
  }
}

interface Issued {
  readonly name: string
  readonly keys: webcrypto.CryptoKeyPair
  readonly certificate: string
  readonly key: string
  readonly notAfter: number
}

interface Order {
  readonly name: string
  /** Signs itself without. */
  readonly issuer?: Issued
  readonly extensions?: readonly Extension[]
  readonly days?: number
}

async function issue({ name, issuer, extensions = [], days = 30 }: Order): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const notAfter = new Date(Date.now() + days * dayMilliseconds)
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: `CN=${issuer?.name ?? name}`,
    notBefore: new Date(notAfter.getTime() - 60 * dayMilliseconds),
    notAfter,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [...extensions],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    name,
    keys,
    certificate: `${certificate.toString('pem')}\n`,
    key: PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    notAfter: Math.floor(notAfter.getTime() / 1000),
  }
}
