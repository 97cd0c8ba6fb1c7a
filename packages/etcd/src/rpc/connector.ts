// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { CallCredentials, ChannelCredentials, type experimental } from '@grpc/grpc-js'
import { messageOf } from '@leadline/kit'
import type { Endpoint } from '../endpoint.ts'
import type { Credentials } from './credentials.ts'
import { serverNameOf } from './endpoint.ts'

/** What a failed TLS handshake is told as begins so, followed by the code of Node.js or OpenSSL where there is one. */
export const tlsTrouble = 'TLS'

/**
 * How a gRPC channel secures its connections. In the place of grpc-js's own, which would keep the first certificate for
 * good, send addresses as SNI, and leave the sockets of unfinished handshakes behind when the channel is closed.
 */
export class EndpointCredentials extends ChannelCredentials {
  readonly #endpoint: Endpoint
  readonly #credentials: Credentials
  readonly #sockets = new Set<Socket>()
  #ended = false

  constructor(endpoint: Endpoint, credentials: Credentials) {
    super()
    this.#endpoint = endpoint
    this.#credentials = credentials
  }

  override _isSecure(): boolean {
    return this.#endpoint.scheme === 'https'
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other
  }

  override _createSecureConnector(): experimental.SecureConnector {
    return {
      waitForReady: () => Promise.resolve(),
      connect: (socket) => this.#connect(socket),
      getCallCredentials: () => CallCredentials.createEmpty(),
      destroy() {},
    }
  }

  /** Destroys all connections of the channel, whatever state they are in, and each that comes later. */
  end(): void {
    this.#ended = true
    for (const socket of this.#sockets) socket.destroy()
  }

  async #connect(plain: Socket): Promise<experimental.SecureConnectResult> {
    if (this.#ended) throw new Error('the channel is closed')
    this.#sockets.add(plain)
    plain.once('close', () => this.#sockets.delete(plain))
    if (this.#endpoint.scheme === 'http') return { socket: plain, secure: false }
    return { socket: await this.#handshake(plain), secure: true }
  }

  #handshake(plain: Socket): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const servername = serverNameOf(this.#endpoint)
    const secured = connectTls({
      socket: plain,
      host: this.#endpoint.host,
      ...(servername && { servername }),
      ...this.#tlsOptions(),
      ALPNProtocols: ['h2'],
    })
    secured.once('secureConnect', () => resolve(secured))
    secured.once('close', () => reject(new Error('the connection was closed during the TLS handshake')))
    // Stays on: an error between here and the HTTP/2 session would have no listener.
    secured.on('error', (error: NodeJS.ErrnoException) => {
      // That is how Node.js tells a connection that was closed in the midst; nothing of TLS came yet.
      if (error.code === 'ECONNRESET') reject(error)
      else reject(new Error(`${tlsTrouble} ${error.code ?? ''}: ${error.message}`))
    })
    return promise
  }

  #tlsOptions(): ReturnType<Credentials['tlsOptions']> {
    try {
      return this.#credentials.tlsOptions()
    } catch (error) {
      throw new Error(`${tlsTrouble} : ${messageOf(error)}`, { cause: error })
    }
  }
}
