// SPDX-License-Identifier: Apache-2.0
import { createServer, request as send } from 'node:http'
import { connect } from 'node:net'
import { listen, type Target } from './listen.ts'

/** A forward proxy: absolute-form requests and CONNECT. */
export function startProxy(): Promise<Target> {
  const server = createServer((request, response) => {
    const { 'proxy-authorization': _, ...headers } = request.headers
    const onward = send(request.url ?? '', { method: request.method ?? 'GET', headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, { ...reply.headers, 'x-proxied': 'yes' })
      reply.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  })
  server.on('connect', (request, socket) => {
    const [host, port] = request.url?.split(':') ?? []
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  return listen(server)
}
