// SPDX-License-Identifier: Apache-2.0
import type { RequestListener, Server } from 'node:http'
import type { Server as NetServer } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { isTlsOn } from '../web/config.ts'
import { WebConfigFile } from '../web/file.ts'
import { Gate } from '../web/gate.ts'
import { TlsLayer } from '../web/tls-layer.ts'
import { type ClientLimits, Front, httpServer } from './front.ts'
import { type BoundAddress, boundAddress, type ListenTarget } from './listen.ts'

/** What a web front is made of. */
export interface WebFrontOptions {
  /** Path of the web config file; empty for plain HTTP without users. */
  readonly configFile: string
  readonly limits: ClientLimits
  readonly log: Logger
  readonly clock: Clock
}

/** Everything between the sockets and the routes: listening, TLS, users, rate limit, draining. */
export class WebFront {
  readonly #options: WebFrontOptions
  readonly #gate: Gate | undefined
  readonly #tls: TlsLayer | undefined
  readonly #http2: boolean
  #front: Front | undefined

  /** Throws ConfigError, or an error that names the file, when the web config or its certificates can't be used. */
  constructor(options: WebFrontOptions) {
    const { configFile, log, clock } = options
    this.#options = options
    this.#http2 = false
    if (configFile === '') return
    const file = new WebConfigFile(configFile, log)
    file.check()
    this.#gate = new Gate(file, log, clock)
    const config = file.current()
    if (!isTlsOn(config.tls_server_config)) return
    this.#http2 = config.http_server_config.http2
    this.#tls = new TlsLayer({ file, http2: this.#http2, log, onSecure: (socket) => this.#front?.acceptSecure(socket) })
    this.#tls.check()
  }

  /** `http` or `https`. */
  get scheme(): string {
    return this.#tls === undefined ? 'http' : 'https'
  }

  /** Puts the front before a listener, and gives the server that stands for it. */
  readonly serve = (listener: RequestListener): Server => {
    const guarded = this.#gate?.guard(listener) ?? listener
    const http = httpServer(guarded, this.#options.limits)
    this.#front = new Front(http, guarded, this.#options.limits)
    return http
  }

  /** Listens on all targets, and logs each. Rejects with the first that fails; the others are closed by `close`. */
  async listen(targets: readonly ListenTarget[]): Promise<BoundAddress[]> {
    const addresses: BoundAddress[] = []
    for (const target of targets) {
      const server = (await this.#front?.listen(target, this.#tls?.accept)) as NetServer
      // Of a single connection that could not be accepted, as when there are no file descriptors left; the server goes on.
      server.on('error', (err) => this.#options.log.error('Unable to accept a connection', { err }))
      const address = boundAddress(server)
      addresses.push(address)
      this.#options.log.info('Listening on', { address: address.text })
      const message = this.#tls === undefined ? 'TLS is disabled.' : 'TLS is enabled.'
      this.#options.log.info(message, { http2: this.#http2, address: address.text })
    }
    return addresses
  }

  /** Stops listening and waits, within the limit, for what is being answered; then ends everything. */
  async drain(): Promise<void> {
    await this.#front?.drain()
    await this.#gate?.close()
  }

  /** Ends every connection at once. */
  end(): void {
    this.#front?.end()
    void this.#gate?.close()
  }
}
