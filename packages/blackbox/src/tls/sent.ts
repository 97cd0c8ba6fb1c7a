// SPDX-License-Identifier: Apache-2.0
import type tls from 'node:tls'
import { type Certificate, parseCertificate } from './certificate.ts'
import { Lru } from './lru.ts'

/** The certificates that a server sent. */
export interface SentCertificates {
  /** Tells them from all others; undefined when they are too large to be remembered. */
  readonly key: string | undefined
  /** Leaf first. */
  readonly certificates: readonly Certificate[]
}

/** For a thousand targets; some 20 MB when all is full. */
const parsed = new Lru<Certificate>(1024)

/** A server that sends other huge certificates each time must not fill the memory. */
const mostBytesKept = 32_768

/**
 * What a server sent, as far as Node shows it: the leaf, then for each the first that names it as its issuer.
 * A certificate that nothing leads to stays unseen. (getPeerX509Certificate would show it, but leaks every
 * certificate after the leaf: 4.5 KB each for each call in Node 24.) As the context trusts nothing, Node has
 * no root of its own to put at the end. Throws an Error when a certificate is malformed or there is none.
 */
export function sentCertificates(socket: tls.TLSSocket): SentCertificates {
  const found: tls.DetailedPeerCertificate[] = []
  let next: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  let key = ''
  let bytes = 0
  while (next?.raw !== undefined) {
    found.push(next)
    key += next.fingerprint256
    bytes += next.raw.length
    // A self-signed one is its own issuer.
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate
  }
  if (found.length === 0) throw new Error('tls: received empty certificates message')
  if (bytes > mostBytesKept) return { key: undefined, certificates: found.map(({ raw }) => parseCertificate(raw)) }
  const certificates = found.map(({ fingerprint256, raw }) => parsed.get(fingerprint256, () => parseCertificate(raw)))
  return { key, certificates }
}
