// SPDX-License-Identifier: Apache-2.0
import type { FastifyReply, FastifyRequest } from 'fastify'
import { compress, negotiateEncoding } from '../exposition/compress.ts'
import { encode } from '../exposition/encode.ts'
import { contentType, negotiate, textFormat } from '../exposition/format.ts'
import type { Family } from '../samples.ts'

/**
 * Sends families in the format and content coding that the scraper prefers; `inTextFormat` is what they come to in
 * `textFormat`, for a caller that has it. Further headers belong on `reply.raw`: those on `reply` may not be sent.
 * Undefined when all is sent; a large page is compressed first, which rejects with Error when it fails.
 */
export function sendFamilies(
  request: FastifyRequest,
  reply: FastifyReply,
  families: readonly Family[],
  inTextFormat?: string,
): Promise<void> | undefined {
  const format = negotiate(request.headers.accept)
  const page = format === textFormat && inTextFormat !== undefined ? inTextFormat : encode(families, format)
  const encoding = negotiateEncoding(request.headers['accept-encoding'], page.length)
  if (encoding === 'identity' && Buffer.byteLength(page) === page.length) {
    sendAscii(reply, contentType(format), page)
    return undefined
  }
  reply.header('Content-Type', contentType(format))
  if (encoding === 'identity') {
    reply.send(page)
    return undefined
  }
  const send = (body: Buffer): undefined => void reply.header('Content-Encoding', encoding).send(body)
  const body = compress(page, encoding)
  return Buffer.isBuffer(body) ? send(body) : body.then(send)
}

/** Head and page go out as one string of single bytes, past fastify's hooks: 5 % of the CPU of a whole tcp probe. */
function sendAscii(reply: FastifyReply, type: string, page: string): void {
  reply.hijack()
  reply.raw.writeHead(200, { 'Content-Type': type, 'Content-Length': page.length })
  reply.raw.end(page, 'latin1')
}
