// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import tls from 'node:tls'
import { type RunSignal, systemClock } from '@leadline/kit'
import { ignore } from '../net/dial.ts'
import type { TlsMaterial } from './context.ts'
import { sentCertificates } from './sent.ts'
import { unverified, type Verdict, verify } from './verdict.ts'

/** How to shake hands. */
export interface HandshakeOptions {
  /** Name or address of the server: sent as SNI when it is a name, and what its certificate must be valid for. */
  readonly serverName: string
  /** Protocols to offer, the best first. */
  readonly alpn?: readonly string[]
  /** Ends the handshake and destroys the socket. */
  readonly signal: RunSignal
}

/**
 * Speaks TLS over a connected socket and verifies the server as Go's client does, unless the material says to skip
 * that. No session is resumed. The TLS socket ends with the socket below it, and its errors never go unheard.
 * Rejects with an Error, such as `tls: failed to verify certificate: x509: certificate signed by unknown authority`,
 * or with the signal's reason; the socket is destroyed then.
 */
export function handshake(
  socket: net.Socket,
  material: TlsMaterial,
  { serverName, alpn, signal }: HandshakeOptions,
): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      socket.destroy()
      reject(signal.reason)
      return
    }
    if (serverName === '' && material.roots !== undefined) {
      socket.destroy()
      reject(new Error('tls: either server_name or insecure_skip_verify must be specified'))
      return
    }
    const secured = tls.connect({
      socket,
      secureContext: material.secureContext,
      servername: sniOf(serverName),
      // The context trusts nothing, so OpenSSL always objects; `verdictOn` decides.
      rejectUnauthorized: false,
      ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    })
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', leave)
      reject(reason)
      secured.destroy()
    }
    const leave = (): void => fail(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    const broken = (error: OpenSslError): void => fail(handshakeError(error))
    secured.on('error', broken)
    const closed = (): void => fail(new Error('tls: the connection was closed during the handshake'))
    secured.once('close', closed)
    secured.once('secureConnect', () => {
      try {
        const verdict = verdictOn(secured, material, serverName)
        if (verdict.error !== undefined) throw new Error(`tls: failed to verify certificate: ${verdict.error}`)
        signal.removeEventListener('abort', leave)
        secured.on('error', ignore).off('error', broken).off('close', closed)
        resolve(secured)
      } catch (error) {
        fail(error)
      }
    })
  })
}

function verdictOn(socket: tls.TLSSocket, { roots, verdicts, peers }: TlsMaterial, host: string): Verdict {
  const sent = sentCertificates(socket, host)
  const now = systemClock.unix()
  const key = sent.key === undefined ? undefined : `${sent.key} ${host}`
  let verdict = key === undefined ? undefined : verdicts.find(key)
  if (verdict === undefined || verdict.from >= now || verdict.until <= now) {
    verdict = roots === undefined ? unverified(sent) : verify(sent, { roots, host, now })
    if (key !== undefined) verdicts.keep(key, verdict)
  }
  peers.set(socket, verdict)
  return verdict
}

/** No SNI for addresses, and no trailing dot (RFC 6066 section 3). */
function sniOf(serverName: string): string {
  const literal = serverName.replace(/^\[(.*)\]$/, '$1')
  return net.isIP(literal) === 0 ? serverName.replace(/\.$/, '') : ''
}

/** What Node puts on the errors that OpenSSL gives. */
interface OpenSslError extends NodeJS.ErrnoException {
  readonly reason?: string
  readonly library?: string
}

/** How OpenSSL takes it when something else than TLS answers. */
const notTls: ReadonlySet<string | undefined> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
])

/** OpenSSL's message is a line of file names and numbers; its reason is the part to read. */
function handshakeError(error: OpenSslError): Error {
  const reason = error.reason ?? error.message
  const hint = notTls.has(error.code) ? 'first record does not look like a TLS handshake: ' : ''
  return new Error(`tls: handshake failed: ${hint}${reason}`, { cause: error })
}
