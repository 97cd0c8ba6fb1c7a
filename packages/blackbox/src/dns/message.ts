// SPDX-License-Identifier: Apache-2.0
import { recordTypes } from './codes.ts'
import { Malformed } from './malformed.ts'
import { skipName } from './name.ts'
import { isKnownType, readRecordData } from './record-data.ts'

/** Octets of the header (RFC 1035 section 4.1.1). */
export const headerLength = 12

const aType = 1
const optType = recordTypes.get('OPT') as number

/** Where one record stands in its message; its data is checked and not copied. */
export interface ResourceRecord {
  /** Offset of the owner's name. */
  readonly at: number
  readonly type: number
  readonly class: number
  /** Seconds. */
  readonly ttl: number
  /** Offsets of the data's first octet and behind its last. */
  readonly dataAt: number
  readonly end: number
}

/** A decoded reply. */
export interface Message {
  readonly octets: Buffer
  /** Response code, the upper bits from an OPT record included. */
  readonly rcode: number
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

/** Id of a message that has at least two octets. */
export function messageId(octets: Buffer): number {
  return octets.readUInt16BE(0)
}

/**
 * Takes a message apart. The header's counts are not trusted: a section ends with the message, so that one which was cut
 * between two records, or which is a header alone, still counts as a reply. Throws Malformed.
 */
export function decodeMessage(octets: Buffer): Message {
  // dns-packet is not used here: it takes lengths beyond the end, loses escapes and octets that are not UTF-8 in names,
  // and allocates by the counts of the header.
  if (octets.length < headerLength) throw new Malformed('the reply is shorter than a header')
  const rcode = octets.readUInt16BE(2) & 0x0f
  if (octets.length === headerLength) return { octets, rcode, answer: [], authority: [], additional: [] }
  const cursor = { at: headerLength }
  for (let i = octets.readUInt16BE(4); i > 0; i--) skipQuestion(octets, cursor)
  const answer = readSection(octets, cursor, octets.readUInt16BE(6))
  const authority = readSection(octets, cursor, octets.readUInt16BE(8))
  const additional = readSection(octets, cursor, octets.readUInt16BE(10))
  return { octets, rcode: rcode | extendedCode(additional), answer, authority, additional }
}

interface Cursor {
  at: number
}

/** A question may stop short at the message's end, behind its name or its type. */
function skipQuestion(octets: Buffer, cursor: Cursor): void {
  const at = skipName(octets, cursor.at, octets.length)
  const left = octets.length - at
  if (left === 1 || left === 3) throw new Malformed('a question ends outside the message')
  cursor.at = at + Math.min(left, 4)
}

function readSection(octets: Buffer, cursor: Cursor, count: number): ResourceRecord[] {
  const records: ResourceRecord[] = []
  for (let i = 0; i < count && cursor.at < octets.length; i++) {
    const record = readRecord(octets, cursor.at)
    records.push(record)
    cursor.at = record.end
  }
  return records
}

function readRecord(octets: Buffer, at: number): ResourceRecord {
  const fixed = skipName(octets, at, octets.length)
  const dataAt = fixed + 10
  if (dataAt > octets.length) throw new Malformed('a record ends outside the message')
  const length = octets.readUInt16BE(fixed + 8)
  const end = dataAt + length
  if (end > octets.length) throw new Malformed('the data of a record ends outside the message')
  const type = octets.readUInt16BE(fixed)
  if (length !== 0 && !(type === aType && length === 4) && isKnownType(type)) {
    readRecordData(octets, type, dataAt, end, undefined)
  }
  return { at, type, class: octets.readUInt16BE(fixed + 2), ttl: octets.readUInt32BE(fixed + 4), dataAt, end }
}

/** The upper bits of the response code, from the last OPT record (RFC 6891 section 6.1.3). */
function extendedCode(additional: readonly ResourceRecord[]): number {
  const opt = additional.findLast(({ type }) => type === optType)
  return opt === undefined ? 0 : (opt.ttl >>> 24) << 4
}
