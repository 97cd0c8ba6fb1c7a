// SPDX-License-Identifier: Apache-2.0
import { randomFillSync } from 'node:crypto'
import * as codec from 'dns-packet'
import { recordClasses, recordTypes } from './codes.ts'
import type { DnsConfig } from './config.ts'
import { headerLength } from './message.ts'
import { encodeName } from './name.ts'

/** Octets of the length that stands before a message on a stream (RFC 1035 section 4.2.2). */
export const prefixLength = 2

const templates = new WeakMap<DnsConfig, Buffer>()

/** The query of a module with a fresh id, behind its length as a stream wants it; datagrams leave the length out. */
export function makeQuery(config: DnsConfig): { readonly id: number; readonly framed: Buffer } {
  let template = templates.get(config)
  if (template === undefined) {
    template = encodeQuery(config)
    templates.set(config, template)
  }
  const framed = Buffer.allocUnsafe(template.length)
  framed.set(template)
  const id = randomId()
  framed.writeUInt16BE(id, prefixLength)
  return { id, framed }
}

/** One question, no EDNS: servers answer it as they answer the peer. */
function encodeQuery({ query_name, query_type, query_class, recursion_desired }: DnsConfig): Buffer {
  const framed = codec.streamEncode({
    type: 'query',
    flags: recursion_desired ? codec.RECURSION_DESIRED : 0,
    questions: [{ name: '.', type: 'A' }],
  })
  // dns-packet knows no escapes in names, no limits of them, and not all types and classes.
  const name = encodeName(query_name)
  const question = Buffer.alloc(name.length + 4)
  question.set(name)
  question.writeUInt16BE(recordTypes.get(query_type || 'ANY') as number, name.length)
  question.writeUInt16BE(recordClasses.get(query_class || 'IN') as number, name.length + 2)
  const query = Buffer.concat([framed.subarray(0, prefixLength + headerLength), question])
  query.writeUInt16BE(query.length - prefixLength, 0)
  return query
}

const pool = new Uint16Array(1024)
let drawn = pool.length

/** A number from the system's generator, many drawn at a time: an id that can be guessed lets others answer. */
function randomId(): number {
  if (drawn === pool.length) {
    randomFillSync(pool)
    drawn = 0
  }
  return pool[drawn++] as number
}
