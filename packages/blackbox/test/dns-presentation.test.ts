// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { recordClasses, recordTypes, responseCodes } from '../src/dns/codes.ts'
import { Malformed } from '../src/dns/malformed.ts'
import { decodeMessage } from '../src/dns/message.ts'
import { recordText } from '../src/dns/presentation.ts'

/** A reply, and what miekg/dns made of it: see golden/dns/generate.go. */
interface Vector {
  readonly packet: string
  readonly refused?: boolean
  readonly rcode?: number
  readonly records?: readonly string[]
}

const [names, ...lines] = readFileSync(new URL('golden/dns/vectors.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
const vectors = lines.map((line) => JSON.parse(line) as Vector)

/** Records in text form of a reply in hexadecimal; undefined when it is refused. */
function textsOf(packet: string): { readonly rcode: number; readonly records: string[] } | undefined {
  try {
    const message = decodeMessage(Buffer.from(packet, 'hex'))
    const records = [...message.answer, ...message.authority, ...message.additional]
    return { rcode: message.rcode, records: records.map((record) => recordText(message, record)) }
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

test("the codes are the peer library's", async (t) => {
  const { types, classes, rcodes } = JSON.parse(names as string) as Record<string, Record<string, number>>
  t.strictSame(Object.fromEntries(recordTypes), types)
  t.strictSame(Object.fromEntries(recordClasses), classes)
  t.strictSame(Object.fromEntries(responseCodes), rcodes)
})

test("replies are taken and shown as the peer's library does, for every type it knows", async (t) => {
  t.ok(vectors.length > 450)
  for (const { packet, refused = false, rcode = 0, records = [] } of vectors) {
    t.strictSame(textsOf(packet), refused ? undefined : { rcode, records }, packet)
  }
})

test('AMTRELAY with the discovery bit, which the peer refuses', async (t) => {
  const amtrelay = '0a81c0000201'
  const packet = `0001818000000001000000000001040001000000000006${amtrelay}`
  t.strictSame(textsOf(packet)?.records, ['.\t0\tIN\tAMTRELAY\t10 1 1 192.0.2.1'])
})
