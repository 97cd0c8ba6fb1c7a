// SPDX-License-Identifier: Apache-2.0
import { messageOf } from '@leadline/kit'
import type { Certificate } from './certificate.ts'
import { type Chain, type VerifyOptions, verifiedChains } from './chains.ts'
import type { CertificatePool } from './roots.ts'
import type { SentCertificates } from './sent.ts'
import { checkKeySize } from './signature.ts'

/** What was found about the certificates that a server sent. */
export interface Verdict {
  /** Why the server is not to be trusted; undefined when it is, or when nobody asked. */
  readonly error: string | undefined
  /** Unix seconds at which the first of the sent certificates expires. */
  readonly earliestExpiry: number
  /** Unix seconds until which a chain to a trusted root is valid; undefined when none was verified. */
  readonly lastChainExpiry: number | undefined
  /** What tells the leaf from others, in the peer's labels and spelling. */
  readonly leaf: {
    readonly fingerprint_sha256: string
    readonly issuer: string
    readonly serialnumber: string
    readonly subject: string
    readonly subjectalternative: string
  }
  /** Unix seconds between which the passing of time changes nothing in this; exclusive both. */
  readonly from: number
  readonly until: number
}

/** The verdict when any certificate will do. */
export function unverified({ certificates }: SentCertificates): Verdict {
  return {
    error: undefined,
    earliestExpiry: earliestExpiry(certificates),
    lastChainExpiry: undefined,
    leaf: leafLabels(certificates[0] as Certificate),
    from: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
  }
}

/** Verifies what a server sent. Never throws: a refusal is a verdict, too, and kept like one. */
export function verify(sent: SentCertificates, options: VerifyOptions): Verdict {
  const verdict = { ...unverified(sent), ...periodAround(options.now, validityBounds(sent, options.roots)) }
  try {
    sent.certificates.forEach(checkKeySize)
    const chains = verifiedChains(sent.certificates, options)
    return { ...verdict, lastChainExpiry: Math.max(...chains.map(earliestExpiry)) }
  } catch (error) {
    return { ...verdict, error: messageOf(error) }
  }
}

function earliestExpiry(certificates: Chain): number {
  return Math.min(...certificates.map(({ notAfter }) => notAfter))
}

function leafLabels({ fingerprint, issuer, serial, subject, names }: Certificate): Verdict['leaf'] {
  return Object.freeze({
    fingerprint_sha256: fingerprint,
    issuer: issuer.text,
    serialnumber: serial,
    subject: subject.text,
    subjectalternative: names.dns.join(','),
  })
}

/** All moments at which a certificate that the verdict may rest on begins or ceases to be valid. */
function validityBounds({ certificates }: SentCertificates, roots: CertificatePool): number[] {
  const involved = certificates.flatMap((certificate) => [certificate, ...roots.issuersOf(certificate)])
  return involved.flatMap(({ notBefore, notAfter }) => [notBefore, notAfter])
}

function periodAround(now: number, bounds: readonly number[]): Pick<Verdict, 'from' | 'until'> {
  const from = Math.max(Number.NEGATIVE_INFINITY, ...bounds.filter((bound) => bound <= now))
  const until = Math.min(Number.POSITIVE_INFINITY, ...bounds.filter((bound) => bound >= now))
  return { from, until }
}
