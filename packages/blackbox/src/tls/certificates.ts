// SPDX-License-Identifier: Apache-2.0
import type tls from 'node:tls'
import { defineMetrics, type Run } from '@leadline/kit'
import type { TlsMaterial } from './context.ts'

const leafOnly = "one series: the target's own certificate"

/** What a TLS target reports, spread into the table of every prober that verifies certificates. */
export const certificateMetrics = defineMetrics({
  probe_ssl_earliest_cert_expiry: {
    type: 'gauge',
    help: 'Unix seconds at which the first of the certificates that the target sent expires; absent without TLS and when the handshake or the verification failed.',
    source: 'notAfter of the certificates in the handshake (RFC 5280 section 4.1.2.5)',
  },
  probe_ssl_last_chain_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix seconds until which some chain to a trusted root is valid: the latest of the earliest expiries of all chains; -62135596800 when verification is skipped; absent as the earliest expiry is.',
    source: 'notAfter of the certificates in the verified chains (RFC 5280 section 6.1)',
  },
  probe_ssl_last_chain_info: {
    type: 'gauge',
    help: "1; the labels describe the target's own certificate. Absent as the earliest expiry is.",
    labels: {
      fingerprint_sha256: leafOnly,
      issuer: leafOnly,
      serialnumber: leafOnly,
      subject: leafOnly,
      subjectalternative: leafOnly,
    },
    source: 'first certificate in the handshake (RFC 5280 section 4.1)',
  },
  probe_tls_version_info: {
    type: 'gauge',
    help: '1; the label is the TLS version spoken. Absent without TLS and when the handshake or the verification failed.',
    labels: { version: 'TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3 or unknown' },
    source: 'the handshake (RFC 8446 section 4.2.1)',
  },
})

/** What only the http prober reports about TLS. */
export const cipherMetrics = defineMetrics({
  probe_tls_cipher_info: {
    type: 'gauge',
    help: '1; the label is the cipher suite spoken. Absent without TLS and when the handshake or the verification failed.',
    labels: { cipher: "IANA's registry of cipher suites" },
    source: 'the handshake (RFC 8446 section 4.1.3)',
  },
})

/** Go's zero time, year 1, in unix seconds: what the peer reports when it verified no chain. */
const noChain = -62135596800

/** Frozen, so that what they come to is worked out once. */
const labelOf = (version: string): { readonly version: string } => Object.freeze({ version })

const unknownVersion = labelOf('unknown')

/** By Node's names. */
const versions: ReadonlyMap<string | null, { readonly version: string }> = new Map([
  ['TLSv1', labelOf('TLS 1.0')],
  ['TLSv1.1', labelOf('TLS 1.1')],
  ['TLSv1.2', labelOf('TLS 1.2')],
  ['TLSv1.3', labelOf('TLS 1.3')],
])

/**
 * Sets `certificateMetrics` for a socket that `handshake` gave with the same material.
 * Throws RangeError for another socket.
 */
export function reportCertificates(
  run: Pick<Run<unknown, typeof certificateMetrics>, 'set'>,
  socket: tls.TLSSocket,
  material: TlsMaterial,
): void {
  const verdict = material.peers.get(socket)
  if (verdict === undefined) throw new RangeError('the socket is not of a handshake with this material')
  run.set('probe_ssl_earliest_cert_expiry', verdict.earliestExpiry)
  run.set('probe_ssl_last_chain_expiry_timestamp_seconds', verdict.lastChainExpiry ?? noChain)
  run.set('probe_ssl_last_chain_info', 1, verdict.leaf)
  run.set('probe_tls_version_info', 1, versions.get(socket.getProtocol()) ?? unknownVersion)
}

/** Sets `cipherMetrics`. OpenSSL's standard names are those of IANA, as are Go's. */
export function reportCipher(run: Pick<Run<unknown, typeof cipherMetrics>, 'set'>, socket: tls.TLSSocket): void {
  run.set('probe_tls_cipher_info', 1, { cipher: socket.getCipher().standardName })
}
