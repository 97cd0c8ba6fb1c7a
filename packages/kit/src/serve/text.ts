// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import { nodeHttp } from '../node-http.ts'

const textHeaders = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' } as const

/** Answers with one line of text, as Go's http.Error does. */
export function answerText(response: ServerResponse, code: number, message: string): void {
  const body = `${message}\n`
  response.writeHead(code, { ...textHeaders, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

/** Replies with one line of text, as Go's http.Error does. */
export function replyText(reply: FastifyReply, code: number, message: string): FastifyReply {
  return reply.code(code).headers(textHeaders).send(`${message}\n`)
}

const unreadableCodes: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/** Answers bytes that are no request, or that don't become one in time, and ends the connection. */
export function answerUnreadable({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = unreadableCodes[code] ?? 400
  const reason = nodeHttp.STATUS_CODES[status] as string
  const headers = `Content-Type: ${textHeaders['Content-Type']}\r\nContent-Length: ${reason.length + 1}\r\nConnection: close`
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers}\r\n\r\n${reason}\n`)
}
