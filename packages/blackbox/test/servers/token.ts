// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type net from 'node:net'
import type { Test } from 'tap'
import type { TestCertificate } from './certificates.ts'

/** A token request as it came. */
export interface TokenRequest {
  readonly method: string
  /** Path, or absolute URL when it came to a proxy. */
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly form: URLSearchParams
  readonly body: string
}

/** What a token endpoint answers; undefined leaves the request unanswered. */
export type TokenAnswer = { readonly status?: number; readonly type?: string; readonly body: string } | undefined

/** A token endpoint of a test. */
export interface TokenServer {
  /** Its token_url. */
  readonly url: string
  readonly port: number
  readonly requests: readonly TokenRequest[]
  /** Resolves when no connection is open. */
  readonly idle: () => Promise<void>
  /** Resolves when a request came. */
  readonly asked: () => Promise<unknown>
}

/** Serves tokens until the test ends, over TLS with a certificate. */
export async function tokenServer(
  t: Test,
  answer: (request: TokenRequest) => TokenAnswer,
  certificate?: TestCertificate,
): Promise<TokenServer> {
  const requests: TokenRequest[] = []
  const sockets = new Set<net.Socket>()
  const listener: http.RequestListener = async (incoming, response) => {
    const body = Buffer.concat(await incoming.toArray()).toString('utf8')
    const { method = '', url = '', headers } = incoming
    const request = { method, url, headers, form: new URLSearchParams(body), body }
    requests.push(request)
    server.emit('asked')
    const reply = answer(request)
    if (reply === undefined) return
    response.writeHead(reply.status ?? 200, { 'Content-Type': reply.type ?? 'application/json' }).end(reply.body)
  }
  const server =
    certificate === undefined
      ? http.createServer(listener)
      : https.createServer({ key: certificate.keyPem, cert: certificate.certPem }, listener)
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) server.emit('idle')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as net.AddressInfo
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/token?tenant=a`,
    port,
    requests,
    async idle() {
      if (sockets.size > 0) await once(server, 'idle')
    },
    asked: () => once(server, 'asked'),
  }
}
