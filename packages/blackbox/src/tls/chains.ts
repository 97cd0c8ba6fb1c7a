// SPDX-License-Identifier: Apache-2.0
import { messageOf } from '@leadline/kit'
import type { Certificate } from './certificate.ts'
import { checkHostName } from './host-name.ts'
import { checkNameConstraints } from './name-constraints.ts'
import { CertificatePool } from './roots.ts'
import { checkSignatureFrom, isKnownKey } from './signature.ts'

/** Certificates from the leaf to a trusted root. */
export type Chain = readonly Certificate[]

/** What a server's certificates are verified against. */
export interface VerifyOptions {
  readonly roots: CertificatePool
  /** Name or address that the leaf must be valid for. */
  readonly host: string
  /** Unix seconds. */
  readonly now: number
}

/** Candidates tried in one verification, so that a server that sends many cross-signed certificates costs little. */
const mostCandidates = 100

const serverAuth = '1.3.6.1.5.5.7.3.1'
const anyUsage = '2.5.29.37.0'

/**
 * Every chain from the first of the sent certificates to a trusted root: the algorithm of Go's x509.Verify,
 * since last-chain expiry is about all of them, and OpenSSL stops at its first one.
 * Throws an Error in Go's words when there is none.
 */
export function verifiedChains(sent: readonly Certificate[], options: VerifyOptions): Chain[] {
  const [leaf, ...others] = sent
  if (leaf === undefined) throw new Error('tls: received empty certificates message')
  checkCertificate(leaf, [], options.now)
  checkHostName(leaf, options.host)
  const search = new ChainSearch(options.roots, new CertificatePool(others), options.now)
  return usableChains(options.roots.has(leaf) ? [[leaf]] : search.from([leaf]))
}

/** Validity dates and what a certificate says about the certificates below it. */
function checkCertificate(certificate: Certificate, below: Chain, now: number): void {
  if (certificate.unhandledCritical.length > 0) throw new Error('x509: unhandled critical extension')
  const { notBefore, notAfter, basicConstraints } = certificate
  if (now < notBefore) throw new Error(expired(now, 'before', notBefore))
  if (now > notAfter) throw new Error(expired(now, 'after', notAfter))
  const pathLength = basicConstraints?.pathLength
  if (pathLength !== undefined && below.length - 1 > pathLength) {
    throw new Error('x509: too many intermediates for path length constraint')
  }
}

function expired(now: number, relation: 'before' | 'after', bound: number): string {
  const [nowText, boundText] = [now, bound].map((at) => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z'))
  return `x509: certificate has expired or is not yet valid: current time ${nowText} is ${relation} ${boundText}`
}

/** Depth-first search for chains; gives up after `mostCandidates`. */
class ChainSearch {
  readonly #roots: CertificatePool
  readonly #intermediates: CertificatePool
  readonly #now: number
  #candidates = 0

  constructor(roots: CertificatePool, intermediates: CertificatePool, now: number) {
    this.#roots = roots
    this.#intermediates = intermediates
    this.#now = now
  }

  /** Chains that begin with `below`. Throws an Error when there is none. */
  from(below: Chain): Chain[] {
    const child = below.at(-1) as Certificate
    const attempt: Attempt = { below, child, chains: [], hint: undefined, error: undefined }
    this.#consider(attempt, this.#roots.issuersOf(child), (chain) => [chain])
    this.#consider(attempt, this.#intermediates.issuersOf(child), (chain) => this.from(chain))
    const { chains, hint, error } = attempt
    if (chains.length > 0) return chains
    if (this.#candidates > mostCandidates) {
      throw new Error('x509: signature check attempts limit reached while verifying certificate chain')
    }
    throw error ?? new Error(unknownAuthority(hint))
  }

  #consider(attempt: Attempt, candidates: readonly Certificate[], extend: (chain: Chain) => Chain[]): void {
    const { below, child, chains } = attempt
    for (const candidate of candidates) {
      if (++this.#candidates > mostCandidates) return
      if (!isKnownKey(candidate.publicKey) || isInChain(candidate, below)) continue
      try {
        checkSignatureFrom(child, candidate)
      } catch (error) {
        attempt.hint ??= { candidate, error }
        continue
      }
      try {
        checkCertificate(candidate, below, this.#now)
        chains.push(...extend([...below, candidate]))
        attempt.error = undefined
      } catch (error) {
        attempt.error = error
      }
    }
  }
}

/** The search above one certificate. */
interface Attempt {
  readonly below: Chain
  readonly child: Certificate
  readonly chains: Chain[]
  /** The first candidate that did not sign the child. */
  hint: Refusal | undefined
  /** Why the last one that did sign it leads nowhere. */
  error: unknown
}

interface Refusal {
  readonly candidate: Certificate
  readonly error: unknown
}

function unknownAuthority(refusal: Refusal | undefined): string {
  const text = 'x509: certificate signed by unknown authority'
  if (refusal === undefined) return text
  const { candidate, error } = refusal
  const name =
    candidate.subject.shortName === '' ? `serial:${BigInt(`0x0${candidate.serial}`)}` : candidate.subject.shortName
  return `${text} (possibly because of "${messageOf(error)}" while trying to verify candidate authority certificate "${name}")`
}

/** Another certificate for the same name and key would only lengthen the chain. */
function isInChain(candidate: Certificate, chain: Chain): boolean {
  return chain.some(
    ({ subjectKey, publicKeyDer, namesKey }) =>
      subjectKey === candidate.subjectKey && publicKeyDer === candidate.publicKeyDer && namesKey === candidate.namesKey,
  )
}

/** Drops the chains that are not for servers or whose names are not allowed. Throws an Error when all are dropped. */
function usableChains(chains: readonly Chain[]): Chain[] {
  let reason = 'x509: certificate specifies an incompatible key usage'
  const usable = chains.filter((chain) => {
    if (!isForServers(chain)) return false
    try {
      checkNameConstraints(chain)
      return true
    } catch (error) {
      const detail = messageOf(error)
      reason = `x509: a root or intermediate certificate is not authorized to sign for this name: ${detail}`
      return false
    }
  })
  if (usable.length === 0) throw new Error(reason)
  return usable
}

/** A chain is for servers unless a certificate in it names only other usages. */
function isForServers(chain: Chain): boolean {
  return chain.every(
    ({ extendedKeyUsages: usages }) => usages.length === 0 || usages.includes(serverAuth) || usages.includes(anyUsage),
  )
}
