// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { test } from 'tap'
import { http } from '../src/probers/http.ts'
import { endure, type Ordeal } from './endure.ts'
import { flood } from './servers/hostile.ts'
import { tcpServer } from './servers/tcp.ts'

/** A hostile HTTP server and what is to become of its probes. */
export interface HttpOrdeal extends Pick<Ordeal, 'atOnce' | 'endings' | 'runs' | 'timeoutSeconds' | 'yaml'> {
  readonly what: string
  /** What the target does with a request, or with the start of a TLS handshake. */
  readonly answer: (socket: Socket) => unknown
  readonly scheme?: 'https'
}

/** A test for each ordeal. */
export function testOrdeals(ordeals: readonly HttpOrdeal[]): void {
  for (const { what, answer, scheme = 'http', ...row } of ordeals) {
    test(what, async (t) => {
      const { target, idle } = await tcpServer(t, (socket) => socket.once('data', () => answer(socket)))
      await endure(t, { prober: http, target: `${scheme}://${target}/`, idle, ...row })
    })
  }
}

/** A response with its length. */
export function response(body: Uint8Array | string, headers = ''): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${headers}\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(body as Uint8Array)])
}

/** Sends a head, and bytes behind it without end. */
export function endless(head: string, bytes: Buffer): HttpOrdeal['answer'] {
  return (socket) => {
    socket.write(head)
    flood(socket, bytes)
  }
}
