// SPDX-License-Identifier: Apache-2.0
import { addressRecord, type DnsQuery, replyTo } from './dns.ts'

/** Octets of hexadecimal digits, spaces left out. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

/** A message with the id of the query, counts of the four sections that need not be true, and any octets behind them. */
export function crafted(
  { octets }: Pick<DnsQuery, 'octets'>,
  counts: readonly number[],
  body: string | Buffer = '',
): Buffer {
  const header = Buffer.alloc(12)
  octets.copy(header, 0, 0, 2)
  header[2] = 0x80
  for (const [i, count] of counts.entries()) header.writeUInt16BE(count, 4 + 2 * i)
  return Buffer.concat([header, typeof body === 'string' ? hex(body) : body])
}

/** A message with another id than it had. */
export function withOtherId(message: Buffer): Buffer {
  const other = Buffer.from(message)
  other.writeUInt16BE(other.readUInt16BE(0) ^ 0xffff)
  return other
}

const label63 = `3f${'61'.repeat(63)}`
const asking = (name: string): string => `${name} 0001 0001`
/** One record of a type owned by the root, its length and its data in hexadecimal. */
const record = (type: string, length: string, data: string): string => `00 ${type} 0001 00000000 ${length} ${data}`

/** Replies that are no messages, or not whole, and what is wrong with each. */
export const malformed: Readonly<Record<string, (query: DnsQuery) => Buffer>> = {
  'questions that are not there': (query) => crafted(query, [65_535, 0, 0, 0], '0000000000'),
  'a name that points to itself': (query) => crafted(query, [1, 0, 0, 0], asking('c00c')),
  'names that point to one another': (query) => crafted(query, [1, 0, 0, 0], asking('c00e c00c')),
  'a name that points outside': (query) => crafted(query, [1, 0, 0, 0], asking('ffff')),
  'a name of more than 255 octets': (query) => crafted(query, [1, 0, 0, 0], asking(`${label63.repeat(4)}00`)),
  'a label of more than 63 octets': (query) => crafted(query, [1, 0, 0, 0], asking(`40${'61'.repeat(64)}00`)),
  'data that ends outside the message': (query) => crafted(query, [0, 1, 0, 0], record('0001', 'ffff', '7f000001')),
  'data that is longer than its type': (query) => crafted(query, [0, 1, 0, 0], record('0001', '0005', '7f00000100')),
  'data that is shorter than its type': (query) => crafted(query, [0, 1, 0, 0], record('001c', '0004', '7f000001')),
  'a name in data that points behind it': (query) =>
    crafted(query, [0, 1, 0, 0], `${record('0005', '0002', 'c019')} 00`),
  'a host with thousands of names': (query) => {
    const names = '00'.repeat(1001)
    return crafted(query, [0, 1, 0, 0], record('0037', '03ed', `00 00 0000 ${names}`))
  },
  'a signature without a key': (query) => crafted(query, [0, 0, 0, 1], record('00fa', '0000', '')),
  'octets without meaning behind the id': ({ octets }) =>
    Buffer.concat([octets.subarray(0, 2), Buffer.alloc(400, 0x5a)]),
  'a part of a header': (query) => crafted(query, []).subarray(0, 11),
}

/** Odd replies that are messages all the same. */
export const odd: Readonly<Record<string, (query: DnsQuery) => Buffer>> = {
  'a header alone that claims everything': (query) => crafted(query, Array(4).fill(65_535)),
  'records that are not there': (query) => crafted(query, [1, 65_535, 65_535, 65_535], asking('00')),
  'octets behind the last record': (query) => Buffer.concat([good(query), Buffer.from('more')]),
}

/** A plain answer. */
export function good(query: DnsQuery): Buffer {
  return replyTo(query, { answers: [addressRecord('127.0.0.1')] })
}
