// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import type { Test } from 'tap'
import type { TestCertificate } from './certificates.ts'
import { type HttpServer, httpServer, type RawRequest } from './http.ts'

/** An HTTP proxy of a test: CONNECT, and requests in absolute form. */
export function httpProxy(
  t: Test,
  { refuse, certificate }: { readonly refuse?: string; readonly certificate?: TestCertificate } = {},
): Promise<HttpServer> {
  const reply = (request: RawRequest, socket: net.Socket): string | undefined => {
    if (refuse !== undefined) return refuse
    const [method = '', place = ''] = (request.lines[0] as string).split(' ')
    if (method === 'CONNECT') tunnel(socket, place)
    else forward(socket, request, new URL(place))
    return undefined
  }
  return httpServer(t, reply, certificate === undefined ? {} : { certificate })
}

function tunnel(socket: net.Socket, place: string): void {
  const { hostname, port } = new URL(`http://${place}`)
  const target = net.connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
  target.on('connect', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    join(socket, target)
  })
  target.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
}

function forward(socket: net.Socket, { lines, body }: RawRequest, { hostname, port, pathname, search }: URL): void {
  const target = net.connect(Number(port), hostname)
  const [method, , version] = (lines[0] as string).split(' ')
  const own = lines.slice(1).filter((line) => !line.startsWith('Proxy-'))
  target.write(`${[`${method} ${pathname}${search} ${version}`, ...own].join('\r\n')}\r\n\r\n${body}`, 'latin1')
  join(socket, target)
}

function join(a: net.Socket, b: net.Socket): void {
  a.pipe(b).on('error', () => a.destroy())
  b.pipe(a).on('error', () => b.destroy())
  a.on('close', () => b.destroy())
}
