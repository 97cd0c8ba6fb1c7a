// SPDX-License-Identifier: Apache-2.0
import { className, recordTypes, typeName } from './codes.ts'
import type { Message, ResourceRecord } from './message.ts'
import { nameText } from './name.ts'
import { isKnownType, readRecordData } from './record-data.ts'

const code = (name: string): number => recordTypes.get(name) as number
const optType = code('OPT')

/** What stands before types that have no text form of their own (RFC 2930, RFC 8945, RFC 1035 section 3.3.10). */
const prefixes: ReadonlyMap<number, string> = new Map([
  [code('NULL'), ';'],
  [code('TKEY'), ';'],
  [code('TSIG'), '\n;; TSIG PSEUDOSECTION:\n; '],
])

/** What stands between the tab behind the type and the first word: the same pseudo types begin with a space. */
const spaced: ReadonlySet<number> = new Set([code('TKEY'), code('TSIG')])

/**
 * A record in the text form that miekg/dns gives it, which the peer's regular expressions are written for:
 * `example.com.\t300\tIN\tA\t127.0.0.1`. One character an octet; data of types unknown to it as `\# length hex`.
 */
export function recordText(message: Message, record: ResourceRecord): string {
  const { octets } = message
  const { type, ttl, dataAt, end } = record
  if (type === optType) return optText(octets, record)
  const owner = nameText(octets, record.at, octets.length)
  if (!isKnownType(type)) {
    const data = octets.toString('hex', dataAt, end)
    return `${owner}\t${ttl}\tCLASS${record.class}\tTYPE${type}\t\\# ${end - dataAt} ${data}`
  }
  const words: string[] = []
  readRecordData(octets, type, dataAt, end, words)
  const head = `${prefixes.get(type) ?? ''}${owner}\t${ttl}\t${className(record.class)}\t${typeName(type)}\t`
  return head + (spaced.has(type) ? ' ' : '') + words.join(' ')
}

/** OPT puts its fields where other records have class and TTL (RFC 6891 section 6.1.2). */
function optText(octets: Buffer, { class: udpSize, ttl, dataAt, end }: ResourceRecord): string {
  const options: string[] = []
  readRecordData(octets, optType, dataAt, end, options)
  const flags = `${ttl & 0x8000 ? ' do' : ''}${ttl & 0x4000 ? ' co' : ''}`
  const reserved = ttl & 0x3fff
  const mustBeZero = reserved === 0 ? '' : `MBZ: 0x${reserved.toString(16).padStart(4, '0')}, `
  const head = `\n;; OPT PSEUDOSECTION:\n; EDNS: version ${(ttl >>> 16) & 0xff}; flags:${flags}; `
  return `${head}${mustBeZero}udp: ${udpSize}${options.join('')}`
}
