// SPDX-License-Identifier: Apache-2.0
import type { X509Certificate } from 'node:crypto'
import type tls from 'node:tls'

/** Servers that are remembered. */
const mostKept = 1024

/** Bytes of certificates that may be lost before nobody is trusted to send one alone any more. */
const mostLost = 1_048_576

/**
 * Servers, by the name that their certificate is to be valid for, that sent one certificate and nothing beside it. From
 * them getPeerX509Certificate takes it in 49 us, where getPeerCertificate needs 87 to spell it out: 6 % of the CPU of an
 * https probe. But of more than one it loses all after the first in OpenSSL's memory, some 5 KB each in Node 26.10. So it
 * is asked of such servers only, one that has surprised stays with the slow way, and so do all once too much is lost.
 */
export class LoneSenders {
  /** Whether it sent one alone each time. */
  readonly #senders = new Map<string, boolean>()
  #lost = 0

  /** What the server sent, leaf first, when one certificate alone is expected from it; undefined asks for the slow way. */
  take(server: string, socket: Pick<tls.TLSSocket, 'getPeerX509Certificate'>): readonly X509Certificate[] | undefined {
    if (this.#lost > mostLost || this.#senders.get(server) !== true) return undefined
    const sent: X509Certificate[] = []
    for (let next = socket.getPeerX509Certificate(); next !== undefined; next = next.issuerCertificate) sent.push(next)
    if (sent.length > 1) {
      this.#senders.set(server, false)
      for (const { raw } of sent.slice(1)) this.#lost += raw.length
    }
    return sent
  }

  /** Takes down how many certificates a server was seen to send the slow way. */
  note(server: string, count: number): void {
    if (this.#senders.get(server) === false) return
    this.#senders.set(server, count === 1)
    if (this.#senders.size > mostKept) this.#senders.clear()
  }
}
