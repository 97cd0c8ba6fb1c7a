// SPDX-License-Identifier: Apache-2.0
import type { X509Certificate } from 'node:crypto'
import type tls from 'node:tls'
import { type Certificate, parseCertificate } from './certificate.ts'
import { LoneSenders } from './lone-senders.ts'
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

const loneSenders = new LoneSenders()

type Shown = Pick<X509Certificate, 'raw' | 'fingerprint256'>

/**
 * What a server sent, as far as Node shows it: the leaf, then for each the first that names it as its issuer.
 * A certificate that nothing leads to stays unseen, unless one alone was expected (see LoneSenders).
 * As the context trusts nothing, Node has no root of its own to put at the end.
 * Throws an Error when a certificate is malformed or there is none.
 */
export function sentCertificates(socket: tls.TLSSocket, serverName: string): SentCertificates {
  let sent: readonly Shown[] | undefined = loneSenders.take(serverName, socket)
  if (sent === undefined) {
    sent = spelledOut(socket)
    loneSenders.note(serverName, sent.length)
  }
  if (sent.length === 0) throw new Error('tls: received empty certificates message')
  let key = ''
  const certificates: Certificate[] = []
  for (const { fingerprint256 } of sent) {
    key += fingerprint256
    const certificate = parsed.find(fingerprint256)
    if (certificate === undefined) return parseAnew(sent)
    certificates.push(certificate)
  }
  return { key, certificates }
}

function parseAnew(sent: readonly Shown[]): SentCertificates {
  const certificates = sent.map(({ raw }) => parseCertificate(raw))
  const bytes = sent.reduce((sum, { raw }) => sum + raw.length, 0)
  if (bytes > mostBytesKept) return { key: undefined, certificates }
  for (const [i, { fingerprint256 }] of sent.entries()) parsed.keep(fingerprint256, certificates[i] as Certificate)
  return { key: sent.map(({ fingerprint256 }) => fingerprint256).join(''), certificates }
}

function spelledOut(socket: tls.TLSSocket): readonly Shown[] {
  const found: tls.DetailedPeerCertificate[] = []
  let next: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (next?.raw !== undefined) {
    found.push(next)
    // A self-signed one is its own issuer.
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate
  }
  return found
}
