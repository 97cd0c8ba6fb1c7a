// SPDX-License-Identifier: Apache-2.0
import type net from 'node:net'
import type { Test } from 'tap'
import type { TestCertificate } from './certificates.ts'
import { type TcpServer, tcpServer } from './tcp.ts'
import { tlsServer } from './tls.ts'

/** A request as it came over the wire. */
export interface RawRequest {
  /** Request line and header lines. */
  readonly lines: readonly string[]
  /** What followed the head, chunks as they came. */
  readonly body: string
}

/** What a server says to a request; nothing when it takes the socket into its own hands. */
export type Reply = (request: RawRequest, socket: net.Socket) => string | Uint8Array | undefined | Promise<void>

/** An HTTP server of a test that answers with whatever bytes it is told to. */
export interface HttpServer extends TcpServer {
  readonly requests: readonly RawRequest[]
  /** URL of a path on it. */
  url(path?: string): string
}

/** Where and how an HTTP server of a test listens. */
export interface HttpServerOptions {
  readonly host?: string
  /** Speaks TLS with it. */
  readonly certificate?: TestCertificate
}

/** Serves until the test ends; after each reply the connection is closed. */
export async function httpServer(
  t: Test,
  reply: Reply | string | Uint8Array,
  { host = '127.0.0.1', certificate }: HttpServerOptions = {},
): Promise<HttpServer> {
  const requests: RawRequest[] = []
  const answer = typeof reply === 'function' ? reply : () => reply
  const talk = (socket: net.Socket): void => converse(socket, requests, answer)
  const server =
    certificate === undefined ? await tcpServer(t, talk, host) : await tlsServer(t, { certificate, host, talk })
  const scheme = certificate === undefined ? 'http' : 'https'
  return { ...server, requests, url: (path = '/') => `${scheme}://${server.target}${path}` }
}

function converse(socket: net.Socket, requests: RawRequest[], reply: Reply): void {
  let received = ''
  const take = (chunk: Buffer): void => {
    received += chunk.toString('latin1')
    const request = parseRequest(received)
    if (request === undefined) return
    socket.off('data', take).resume()
    requests.push(request)
    const answer = reply(request, socket)
    if (typeof answer === 'string') socket.end(answer, 'latin1')
    else if (answer instanceof Uint8Array) socket.end(answer)
  }
  socket.on('data', take)
}

function parseRequest(received: string): RawRequest | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const lines = received.slice(0, end).split('\r\n')
  const body = received.slice(end + 4)
  const length = Number(header(lines, 'content-length') ?? 0)
  if (body.length < length) return undefined
  const isChunked = header(lines, 'transfer-encoding') === 'chunked'
  return isChunked && !body.endsWith('0\r\n\r\n') ? undefined : { lines, body }
}

/** The value of a header among raw lines. */
export function header(lines: readonly string[], name: string): string | undefined {
  const start = `${name.toLowerCase()}:`
  return lines
    .find((line) => line.toLowerCase().startsWith(start))
    ?.slice(start.length)
    .trim()
}

/** A response with a Content-Length. */
export function response(
  body = '',
  { status = '200 OK', headers = [] }: { status?: string; headers?: readonly string[] } = {},
): string {
  const lines = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`]
  return `${lines.join('\r\n')}\r\n\r\n${Buffer.from(body).toString('latin1')}`
}

/** A response that redirects. */
export function redirect(location: string, status = '302 Found', headers: readonly string[] = []): string {
  return response('moved', { status, headers: [`Location: ${location}`, ...headers] })
}
