// SPDX-License-Identifier: Apache-2.0
import type net from 'node:net'
import { HeadReader } from './h1-head.ts'
import { canonicalHeaderName } from './headers-config.ts'
import { type Proxy, proxyAuthorization } from './proxy.ts'
import { checkFields, userAgent } from './request.ts'
import { type Field, TruncatedResponse } from './wire.ts'

/**
 * Asks an HTTP proxy, to which the socket is connected, for a connection to `host:port` (RFC 9110 section 9.3.6).
 * Rejects with the proxy's status when it refuses, and with CheckFailed when a configured header can't be sent.
 */
export async function openTunnel(
  socket: net.Socket,
  proxy: Proxy,
  target: string,
  headers: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const configured = [...headers].flatMap(([name, values]) =>
    values.map((value): Field => [canonicalHeaderName(name), value]),
  )
  const authorization = proxyAuthorization(proxy)
  const fields: Field[] = [['User-Agent', userAgent], ...configured]
  if (authorization !== undefined) fields.push(['Proxy-Authorization', authorization])
  checkFields(fields)
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${lines}\r\n`)
  await tunnelReply(socket)
}

/** Resolves when the proxy agreed; the socket is then as fresh as a dialed one. */
function tunnelReply(socket: net.Socket): Promise<void> {
  const reader = new HeadReader('CONNECT')
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      socket.off('data', take).off('end', end).off('close', end).off('error', settle)
      if (error === undefined) resolve()
      else reject(error)
    }
    const end = (): void => settle(new TruncatedResponse('the proxy closed the connection'))
    const take = (chunk: Buffer): void => {
      try {
        const rest = reader.push(chunk)
        if (rest === undefined || reader.head === undefined) return
        const { status } = reader.head
        if (status < 200 || status > 299)
          return settle(new Error(`the proxy refused the connection with status ${status}`))
        socket.pause()
        if (rest.length > 0) socket.unshift(rest)
        settle()
      } catch (error) {
        settle(error as Error)
      }
    }
    socket.on('data', take).on('end', end).on('close', end).on('error', settle)
  })
}
