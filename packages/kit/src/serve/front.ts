// SPDX-License-Identifier: Apache-2.0
import type { RequestListener, Server, ServerOptions, ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from 'node:http2'
import type { Server as NetServer, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { nodeHttp } from '../node-http.ts'
import { type ListenTarget, listen } from './listen.ts'

/** Bounds on what a slow or greedy client may hold; all in seconds. */
export interface ClientLimits {
  /** For the header of a request to arrive. */
  readonly headerSeconds: number
  /** For a whole request to arrive. */
  readonly requestSeconds: number
  /** How often these are looked at. */
  readonly checkSeconds: number
  /** For a connection that nothing comes or goes over. */
  readonly idleSeconds: number
  /** For requests that are being answered when the server closes. */
  readonly drainSeconds: number
}

/** Limits that suit scrapers. */
export const clientLimits: ClientLimits = {
  headerSeconds: 15,
  requestSeconds: 30,
  checkSeconds: 5,
  // Prometheus keeps idle connections for 5 minutes; the side that sends should be the one to close.
  idleSeconds: 310,
  drainSeconds: 10,
}

const maxHeaderBytes = 16_384

/** How often a draining server looks for connections that have become idle. */
const drainTickMilliseconds = 20

/** An http server for connections that others accept. */
export function httpServer(listener: RequestListener, limits: ClientLimits): Server {
  const options: ServerOptions = {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: limits.headerSeconds * 1000,
    requestTimeout: limits.requestSeconds * 1000,
    connectionsCheckingInterval: limits.checkSeconds * 1000,
    // Spares a request without a body the events of one.
    optimizeEmptyRequests: true,
    // A timer would be made and cleared for each request, where `timeout` keeps one for each connection.
    keepAliveTimeout: 0,
  }
  const answers = new WeakMap<Socket, ServerResponse>()
  const server = nodeHttp.createServer(options, (request, response) => {
    answers.set(request.socket, response)
    listener(request, response)
  })
  server.timeout = limits.idleSeconds * 1000
  // Does nothing to a connection that waits for its answer: its time begins anew with that.
  server.on('timeout', (socket) => {
    if (answers.get(socket)?.writableFinished !== false) socket.destroy()
  })
  // The timeouts are only looked at once the server listens, and this one is given its connections instead.
  server.emit('listening')
  return server
}

/** Accepts connections on any number of sockets, passes them through TLS if there is any, and gives them to HTTP. */
export class Front {
  readonly #http: Server
  readonly #http2: Http2Server
  readonly #limits: ClientLimits
  readonly #listeners: NetServer[] = []
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<ServerHttp2Session>()

  constructor(http: Server, listener: RequestListener, limits: ClientLimits) {
    this.#http = http
    this.#limits = limits
    this.#http2 = createHttp2Server({ maxHeaderListPairs: 100 }, listener as never)
    this.#http2.on('session', (session) => {
      this.#sessions.add(session)
      session.setTimeout(limits.idleSeconds * 1000, () => session.close())
      session.on('close', () => this.#sessions.delete(session))
    })
  }

  /** Listens on one more socket; `secure` puts TLS on a connection and ends in `acceptSecure`. Rejects as `listen`. */
  async listen(target: ListenTarget, secure: ((socket: Socket) => void) | undefined): Promise<NetServer> {
    const accept = secure ?? ((socket: Socket) => void this.#http.emit('connection', socket))
    // TLS has its own way to close one side, and node:tls leaves a raw connection open whose other side is gone.
    const server = await listen(target, secure === undefined, (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      accept(socket)
    })
    this.#listeners.push(server)
    return server
  }

  /** Takes a connection that TLS is done with. */
  readonly acceptSecure = (socket: TLSSocket): void => {
    const server = socket.alpnProtocol === 'h2' ? this.#http2 : this.#http
    server.emit('connection', socket)
  }

  /** Stops listening, lets requests be answered within the limit, then ends every connection. */
  async drain(): Promise<void> {
    for (const server of this.#listeners) server.close()
    // Connections that bring another request are told to close after it.
    this.#http.maxRequestsPerSocket = 1
    for (const session of this.#sessions) session.close()
    await this.#untilIdle()
    this.end()
  }

  /** Ends every connection at once. */
  end(): void {
    for (const server of this.#listeners) server.close()
    for (const socket of this.#sockets) socket.destroy()
    // Also ends the look at the timeouts.
    this.#http.close()
    this.#http2.close()
  }

  #untilIdle(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = performance.now() + this.#limits.drainSeconds * 1000
    const look = (): void => {
      this.#http.closeIdleConnections()
      // A connection that never sent a byte, as browsers open them in advance, doesn't count as idle to node:http.
      for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
      if (this.#sockets.size > 0 && performance.now() < end) return
      clearInterval(timer)
      resolve()
    }
    const timer = setInterval(look, drainTickMilliseconds)
    look()
    return promise
  }
}
