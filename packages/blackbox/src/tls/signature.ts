// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto'
import type { Certificate } from './certificate.ts'

const rsaPss = '1.2.840.113549.1.1.10'
const mgf1 = '1.2.840.113549.1.1.8'
const sha2 = new Set(['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3'])

/** SHA-2 with RSA or ECDSA, and Ed25519: all that Go takes from a server. */
const accepted = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
])

const insecure: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.4', 'MD5-RSA'],
  ['1.2.840.113549.1.1.5', 'SHA1-RSA'],
  ['1.2.840.10045.4.1', 'ECDSA-SHA1'],
])

const curves = new Set(['prime256v1', 'secp224r1', 'secp384r1', 'secp521r1'])

/** Bits; shorter keys are broken, longer ones only cost time. */
const leastRsaBits = 1024
const mostRsaBits = 8192

/** Whether a key is of a kind that Go verifies signatures with; its size is not considered. */
export function isKnownKey(key: KeyObject | undefined): key is KeyObject {
  const type = key?.asymmetricKeyType
  if (type === 'ec') return curves.has(key?.asymmetricKeyDetails?.namedCurve ?? '')
  return type === 'rsa' || type === 'ed25519'
}

/** Bits of an RSA key's modulus; 0 for other keys. */
function rsaBits(key: KeyObject | undefined): number {
  return key?.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0
}

/** Throws an Error when a server sent an RSA key of more than 8192 bits, since each use of it takes long. */
export function checkKeySize({ publicKey }: Certificate): void {
  const bits = rsaBits(publicKey)
  if (bits > mostRsaBits) {
    throw new Error(`tls: server sent certificate containing RSA key larger than ${mostRsaBits} bits: ${bits}`)
  }
}

/**
 * Checks that `parent` may sign certificates and signed `child` (RFC 5280 sections 4.2.1.3, 4.2.1.9, 6.1.3).
 * Throws an Error that says why not.
 */
export function checkSignatureFrom(child: Certificate, parent: Certificate): void {
  const { basicConstraints, version, maySignCertificates, publicKey } = parent
  const isCa = basicConstraints?.isCa ?? version < 3
  if (!isCa || maySignCertificates === false) {
    throw new Error('x509: invalid signature: parent certificate cannot sign this kind of certificate')
  }
  const weak = insecure.get(child.signatureOid)
  if (weak !== undefined) throw new Error(`x509: cannot verify signature: insecure algorithm ${weak}`)
  if (!isKnownKey(publicKey) || !isAccepted(child)) {
    throw new Error('x509: cannot verify signature: algorithm unimplemented')
  }
  const bits = rsaBits(publicKey)
  if (bits !== 0 && bits < leastRsaBits) throw new Error(`crypto/rsa: ${bits}-bit keys are insecure`)
  if (!child.x509.verify(publicKey)) throw new Error('x509: invalid signature')
}

/** RSASSA-PSS without parameters means SHA-1, and each hash that it names must be SHA-2. */
function isAccepted({ signatureOid, signatureHashes }: Certificate): boolean {
  if (signatureOid !== rsaPss) return accepted.has(signatureOid)
  const hashes = signatureHashes.filter((oid) => oid !== mgf1)
  return hashes.length > 0 && hashes.every((oid) => sha2.has(oid))
}
