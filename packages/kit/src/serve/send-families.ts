// SPDX-License-Identifier: Apache-2.0
import type { FastifyReply, FastifyRequest } from 'fastify'
import { compress, negotiateEncoding } from '../exposition/compress.ts'
import { encode } from '../exposition/encode.ts'
import { contentType, negotiate } from '../exposition/format.ts'
import type { Family } from '../samples.ts'

/** Sends families in the format and content coding that the scraper prefers. Throws Error when they can't be encoded. */
export async function sendFamilies(
  request: FastifyRequest,
  reply: FastifyReply,
  families: readonly Family[],
): Promise<FastifyReply> {
  const format = negotiate(request.headers.accept)
  const page = encode(families, format)
  reply.header('Content-Type', contentType(format))
  const encoding = negotiateEncoding(request.headers['accept-encoding'], page.length)
  if (encoding === 'identity') return reply.send(page)
  const body = compress(page, encoding)
  return reply.header('Content-Encoding', encoding).send(Buffer.isBuffer(body) ? body : await body)
}
