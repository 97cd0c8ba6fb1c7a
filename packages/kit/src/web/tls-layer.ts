// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Logger } from '../log.ts'
import { refusalOf } from './client-certificate.ts'
import { isTlsOn, type TlsServerConfig } from './config.ts'
import type { WebConfigFile } from './file.ts'
import { FromFiles } from './file-stamp.ts'
import { tlsFiles, tlsServerOptions } from './secure-context.ts'

/** What the TLS layer is made of. */
export interface TlsLayerOptions {
  readonly file: WebConfigFile
  /** Whether HTTP/2 is offered; fixed at the start. */
  readonly http2: boolean
  readonly log: Logger
  /** Takes a connection whose handshake and client certificate are right. */
  readonly onSecure: (socket: TLSSocket) => void
}

/**
 * Puts TLS on raw connections. Config, certificates and client CAs are looked at for each connection and read again when
 * they have changed; connections that are open stay as they are.
 */
export class TlsLayer {
  readonly #options: TlsLayerOptions
  #config: TlsServerConfig | undefined
  #server: FromFiles<Server> | undefined

  constructor(options: TlsLayerOptions) {
    this.#options = options
  }

  /** Throws when the certificates or keys of now can't be used. */
  check(): void {
    this.#current()
  }

  /** Secures a raw connection, or ends it while the config or the certificates are broken. */
  readonly accept = (socket: Socket): void => {
    socket.on('error', ignore)
    let server: Server
    try {
      server = this.#current()
    } catch {
      // Logged already, once for each change of the files.
      socket.destroy()
      return
    }
    server.emit('connection', socket)
  }

  #current(): Server {
    const { file, log } = this.#options
    const config = file.current().tls_server_config
    if (this.#server === undefined || config !== this.#config) {
      this.#config = config
      this.#server = new FromFiles(tlsFiles(config), () => this.#makeServer(config))
    }
    return this.#server.get((error) => {
      if (error !== undefined) log.error('Unable to use the certificates of the web config', { err: error })
    })
  }

  /** Only for handshakes: it never listens, so one that is replaced needs no closing. */
  #makeServer(config: TlsServerConfig): Server {
    if (!isTlsOn(config))
      throw new Error('TLS config is not present any more; a restart is needed to serve without TLS')
    const { http2, log, onSecure } = this.#options
    const server = createServer(tlsServerOptions(config, http2 ? ['h2', 'http/1.1'] : ['http/1.1']))
    server.on('secureConnection', (socket) => {
      socket.on('error', ignore)
      const refusal = refusalOf(socket, config)
      if (refusal === undefined) return onSecure(socket)
      log.debug('Client refused', { address: socket.remoteAddress, reason: refusal })
      socket.destroy()
    })
    server.on('tlsClientError', (error, socket) => {
      log.debug('TLS handshake failed', { address: socket.remoteAddress, err: error })
      socket.destroy()
    })
    return server
  }
}

/** A connection that breaks is no news to a server. */
function ignore(): void {}
