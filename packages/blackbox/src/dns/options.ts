// SPDX-License-Identifier: Apache-2.0
import { ipv4Text, ipv6Text, mappedIpv4 } from './address.ts'
import { algorithmNames } from './codes.ts'
import type { Field } from './fields.ts'
import { Malformed } from './malformed.ts'
import { nameText } from './name.ts'

/** One option of an OPT record: how its line begins and what its data says. */
interface Option {
  readonly title: string
  /** Text of the data, one character an octet. Throws Malformed. */
  readonly text: (data: Buffer) => string
}

const hex = (data: Buffer): string => data.toString('hex')
const raw = (data: Buffer): string => data.toString('latin1')

const digestNames = ['', 'SHA1', 'SHA256', 'GOST94', 'SHA384', 'SHA512']
const digests = (data: Buffer): string => Array.from(data, (code) => ` ${digestNames[code] || code}`).join('')

/** EDNS options by code (IANA's DNS EDNS0 option codes); any other is shown as local. */
const options: ReadonlyMap<number, Option> = new Map([
  [1, { title: 'LONG LIVED QUERIES', text: longLivedQuery }],
  [2, { title: 'UPDATE LEASE', text: updateLease }],
  [3, { title: 'NSID', text: serverId }],
  [4, { title: 'ESU', text: raw }],
  [5, { title: 'DNSSEC ALGORITHM UNDERSTOOD', text: algorithms }],
  [6, { title: 'DS HASH UNDERSTOOD', text: digests }],
  [7, { title: 'NSEC3 HASH UNDERSTOOD', text: digests }],
  [8, { title: 'SUBNET', text: subnet }],
  [9, { title: 'EXPIRE', text: expire }],
  [10, { title: 'COOKIE', text: hex }],
  [11, { title: 'KEEPALIVE', text: keepAlive }],
  [12, { title: 'PADDING', text: (data) => hex(data).toUpperCase() }],
  [15, { title: 'EDE', text: extendedError }],
  [18, { title: 'REPORT-CHANNEL', text: (data) => nameText(data, 0, data.length) }],
  [19, { title: 'ZONEVERSION', text: (data) => raw(atLeast(data, 2).subarray(2)) }],
])

/** The options of an OPT record (RFC 6891 section 6.1.2), each as a line of its own. */
export const ednsOptions: Field = {
  zero: [],
  read(data, words) {
    while (data.left > 0) {
      const code = data.uint(2)
      const value = data.take(data.uint(2))
      const option = options.get(code)
      const line = option ? `${option.title}: ${option.text(value)}` : `LOCAL OPT: ${code}:0x${hex(value)}`
      words?.push(`\n; ${line}`)
    }
  },
}

function atLeast(data: Buffer, length: number): Buffer {
  if (data.length < length) throw new Malformed('an EDNS option is too short')
  return data
}

function longLivedQuery(data: Buffer): string {
  atLeast(data, 18)
  const numbers = [data.readUInt16BE(0), data.readUInt16BE(2), data.readUInt16BE(4)]
  return `${numbers.join(' ')} ${data.readBigUInt64BE(6)} ${data.readUInt32BE(14)}`
}

function updateLease(data: Buffer): string {
  if (data.length !== 4 && data.length !== 8) throw new Malformed('an update lease is broken')
  return `${data.readUInt32BE(0)} ${data.length === 8 ? data.readUInt32BE(4) : 0}`
}

/** Hexadecimal digits, then each octet as the character with its number, in UTF-8. */
function serverId(data: Buffer): string {
  const characters = Array.from(data, (byte) => `(${String.fromCodePoint(byte)})`).join('')
  return `${hex(data)}  ${Buffer.from(characters, 'utf8').toString('latin1')}`
}

function algorithms(data: Buffer): string {
  return Array.from(data, (code) => ` ${algorithmNames.get(code) ?? code}`).join('')
}

/** Client subnet (RFC 7871 section 6); family 0 is what dig sends for "none". */
function subnet(data: Buffer): string {
  const family = atLeast(data, 4).readUInt16BE(0)
  const source = data[2] as number
  const scope = data[3] as number
  const longest = [0, 32, 128][family]
  const broken = longest === undefined || source > longest || (family !== 0 && scope > longest)
  if (broken) throw new Malformed('a client subnet is broken')
  const octets = new Uint8Array(family === 2 ? 16 : 4)
  if (family !== 0) octets.set(data.subarray(4, 4 + octets.length))
  return `${family === 2 ? (mappedIpv4(octets) ?? `[${ipv6Text(octets)}]`) : ipv4Text(octets)}/${source}/${scope}`
}

function expire(data: Buffer): string {
  return data.length === 0 ? '' : String(atLeast(data, 4).readUInt32BE(0))
}

/** The timeout is in units of 100 ms (RFC 7828 section 3.1); the peer shows it cut to 16 bits. */
function keepAlive(data: Buffer): string {
  if (data.length !== 0 && data.length !== 2) throw new Malformed('a keep-alive option is broken')
  const timeout = data.length === 0 ? 0 : data.readUInt16BE(0)
  return `use tcp keep-alive, timeout ${timeout === 0 ? 'omitted' : `${(timeout * 100) & 0xffff}ms`}`
}

/** Extended errors by code (RFC 8914 section 4 and IANA's registry). */
const extendedErrors =
  'Other|Unsupported DNSKEY Algorithm|Unsupported DS Digest Type|Stale Answer|Forged Answer|DNSSEC Indeterminate|' +
  'DNSSEC Bogus|Signature Expired|Signature Not Yet Valid|DNSKEY Missing|RRSIGs Missing|No Zone Key Bit Set|' +
  'NSEC Missing|Cached Error|Not Ready|Blocked|Censored|Filtered|Prohibited|Stale NXDOMAIN Answer|' +
  'Not Authoritative|Not Supported|No Reachable Authority|Network Error|Invalid Data|Signature Expired Before Valid|' +
  'Too Early|Unsupported NSEC3 Iterations Value|Unable To Conform To Policy|Synthesized|Invalid Query Type'

const extendedErrorNames = extendedErrors.split('|')

function extendedError(data: Buffer): string {
  const code = atLeast(data, 2).readUInt16BE(0)
  const named = extendedErrorNames[code]
  return `${code}${named === undefined ? '' : ` (${named})`}: (${raw(data.subarray(2))})`
}
