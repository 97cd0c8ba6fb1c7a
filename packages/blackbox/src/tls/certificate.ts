// SPDX-License-Identifier: Apache-2.0
import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { type DerElement, DerReader, derElements, derOid, derTag, derTime } from './der.ts'
import { type DistinguishedName, distinguishedName } from './distinguished-name.ts'
import { type Extensions, readExtensions } from './extensions.ts'

/**
 * A certificate as path building and the metrics need it (RFC 5280 section 4.1), parsed once.
 * node:crypto checks its signatures; what node:crypto does not show is read from the DER.
 */
export interface Certificate extends Extensions {
  /** SHA-256 over the DER, lower-case hex. */
  readonly fingerprint: string
  /** 1 to 3. */
  readonly version: number
  /** The serial number's magnitude as hex with whole bytes, as Go prints its bytes. */
  readonly serial: string
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  /** DER of the subject as a Latin-1 string, to compare and look up by. */
  readonly subjectKey: string
  readonly issuerKey: string
  /** Unix seconds. */
  readonly notBefore: number
  /** Unix seconds. */
  readonly notAfter: number
  /** Of the algorithm that its issuer signed with. */
  readonly signatureOid: string
  /** OIDs in the parameters of that algorithm: hash functions of RSASSA-PSS. */
  readonly signatureHashes: readonly string[]
  /** DER of the public key as a Latin-1 string. */
  readonly publicKeyDer: string
  /** Undefined when node:crypto does not know the kind of key. */
  readonly publicKey: KeyObject | undefined
  readonly x509: X509Certificate
}

/** Parses a DER certificate. Throws an Error that begins with `x509:` when it is malformed. */
export function parseCertificate(der: Buffer): Certificate {
  try {
    return readCertificate(der)
  } catch (error) {
    throw new Error('x509: malformed certificate', { cause: error })
  }
}

function readCertificate(der: Buffer): Certificate {
  const x509 = new X509Certificate(der)
  const [tbs] = derElements(new DerReader(der).read(derTag.sequence).content)
  const reader = new DerReader((tbs as DerElement).content)
  const version = reader.readOptional(0xa0)
  const serial = reader.read(derTag.integer)
  const signature = derElements(reader.read(derTag.sequence).content)
  const issuer = reader.read(derTag.sequence)
  const [notBefore, notAfter] = derElements(reader.read(derTag.sequence).content)
  const subject = reader.read(derTag.sequence)
  const publicKey = reader.read(derTag.sequence)
  reader.readOptional(0x81)
  reader.readOptional(0x82)
  let key: { readonly value: KeyObject | undefined } | undefined
  return {
    fingerprint: createHash('sha256').update(der).digest('hex'),
    version: version === undefined ? 1 : (new DerReader(version.content).read().content[0] as number) + 1,
    serial: serialHex(serial.content),
    subject: distinguishedName(subject.content),
    issuer: distinguishedName(issuer.content),
    subjectKey: subject.raw.toString('latin1'),
    issuerKey: issuer.raw.toString('latin1'),
    notBefore: derTime(notBefore as DerElement),
    notAfter: derTime(notAfter as DerElement),
    signatureOid: derOid((signature[0] as DerElement).content),
    signatureHashes: nestedOids(signature[1]),
    publicKeyDer: publicKey.raw.toString('latin1'),
    get publicKey() {
      key ??= { value: publicKeyOf(x509) }
      return key.value
    },
    x509,
    ...readExtensions(reader.readOptional(0xa3)?.content),
  }
}

/** Go prints the bytes of the number: the zero that DER puts before a high bit is no part of it. */
function serialHex(content: Buffer): string {
  let begin = 0
  while (content[begin] === 0) begin++
  return content.subarray(begin).toString('hex')
}

function nestedOids(element: DerElement | undefined): string[] {
  if (element === undefined) return []
  if (element.tag === derTag.oid) return [derOid(element.content)]
  const isConstructed = (element.tag & 0x20) !== 0
  return isConstructed ? derElements(element.content).flatMap(nestedOids) : []
}

function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey
  } catch {
    return undefined
  }
}
