// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Endpoint } from '../endpoint.ts'

/**
 * Whether an endpoint speaks the other of http and https. gRPC can't tell: both ends just close. One short connection;
 * false when nothing answers within the time.
 */
export function speaksOtherScheme({ host, port, scheme }: Endpoint, timeoutSeconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = scheme === 'https' ? askInHttp(host, port, resolve) : askInTls(host, port, resolve)
  const timer = setTimeout(() => socket.destroy(), timeoutSeconds * 1000)
  socket.once('close', () => resolve(false))
  return promise.finally(() => {
    clearTimeout(timer)
    socket.destroy()
  })
}

function askInHttp(host: string, port: number, answer: (isHttp: boolean) => void): Socket {
  const socket = connect({ host, port }, () => socket.write('GET /version HTTP/1.0\r\n\r\n'))
  socket.once('data', (bytes) => answer(bytes.toString('latin1').startsWith('HTTP/')))
  return socket.on('error', () => answer(false))
}

function askInTls(host: string, port: number, answer: (isTls: boolean) => void): Socket {
  const socket = connectTls({ host, port, rejectUnauthorized: false }, () => answer(true))
  // An alert, as for the want of a client certificate, is TLS, too.
  return socket.on('error', ({ message }) => answer(/SSL alert number/.test(message)))
}
