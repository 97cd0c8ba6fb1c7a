// SPDX-License-Identifier: Apache-2.0
import { recordTypes } from './codes.ts'
import * as f from './fields.ts'
import { gateway, relay, relayKind } from './gateway.ts'
import { location } from './location.ts'
import { Malformed } from './malformed.ts'
import { ednsOptions } from './options.ts'
import { prefixList } from './prefix-list.ts'
import { RdataReader } from './rdata-reader.ts'
import { serviceParameters } from './service-parameters.ts'

const upperHex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase()
const hexOf = (bytes: Buffer): string => bytes.toString('hex')

const salt = f.counted({ count: 1, text: (bytes) => upperHex(bytes) || '-' })
const hashedName = f.counted({ count: 1, text: base32Text })
const shownHex = f.counted({ count: 2, shown: true, text: hexOf })
const shownUpperHex = f.counted({ count: 2, shown: true, text: upperHex })

const digest = [f.u16, f.u8, f.u8, f.upperHex]
const publicKey = [f.u16, f.u8, f.u8, f.base64]
const signature = [f.type, f.u8, f.u8, f.u32, f.time, f.time, f.u16, f.name, f.base64]
const certificate = [f.u8, f.u8, f.u8]
const nextName = [f.name, f.typeBitmap]
const preferredName = [f.u16, f.name]
const service = [f.u16, f.name, serviceParameters]

/** Time a TSIG was made, of which the upper 16 bits come first (RFC 8945 section 4.2). */
const signedTime: f.Field = {
  zero: [f.timeText(0)],
  read(data, words) {
    const seconds = data.uint(6)
    words?.push(f.timeText(seconds))
  },
}

/** Host identity (RFC 8005 section 5): the lengths of tag and key come before them. */
const hostIdentity: f.Field = {
  zero: ['0', '', ''],
  read(data, words) {
    const tagLength = data.uint(1)
    const algorithm = data.left === 0 ? 0 : data.uint(1)
    const keyLength = data.left === 0 ? 0 : data.uint(2)
    const empty = data.left === 0
    const tag = empty ? '' : hexOf(data.take(tagLength))
    const key = empty ? '' : data.take(keyLength).toString('base64')
    words?.push(String(algorithm), tag, key)
  },
}

/** The fields of each type in order, for every type that miekg/dns takes apart. */
const layouts: Readonly<Record<string, readonly f.Field[]>> = {
  A: [f.ipv4],
  AAAA: [f.ipv6],
  AFSDB: preferredName,
  AMTRELAY: [f.u8, relayKind, relay],
  ANY: [],
  APL: [prefixList],
  AVC: [f.strings],
  CAA: [f.u8, f.bareString, f.quotedOctets],
  CDNSKEY: publicKey,
  CDS: digest,
  CERT: [f.certificateType, f.u16, f.algorithm, f.base64],
  CNAME: [f.name],
  CSYNC: [f.u32, f.u16, f.typeBitmap],
  DHCID: [f.base64],
  DLV: digest,
  DNAME: [f.name],
  DNSKEY: publicKey,
  DS: digest,
  EID: [f.upperHex],
  EUI48: [f.eui48],
  EUI64: [f.eui64],
  GID: [f.u32],
  GPOS: [f.bareString, f.bareString, f.bareString],
  HINFO: [f.quotedString, f.quotedString],
  HIP: [hostIdentity, f.names],
  HTTPS: service,
  IPSECKEY: [f.u8, f.u8, f.u8, gateway, f.base64],
  ISDN: [f.quotedString, f.quotedString],
  KEY: publicKey,
  KX: preferredName,
  L32: [f.u16, f.ipv4],
  L64: [f.u16, f.locator64],
  LOC: [location],
  LP: preferredName,
  MB: [f.name],
  MD: [f.name],
  MF: [f.name],
  MG: [f.name],
  MINFO: [f.name, f.name],
  MR: [f.name],
  MX: preferredName,
  NAPTR: [f.u16, f.u16, f.quotedString, f.quotedString, f.quotedString, f.name],
  NID: [f.u16, f.nodeId],
  NIMLOC: [f.upperHex],
  NINFO: [f.strings],
  NS: [f.name],
  'NSAP-PTR': [f.name],
  NSEC: nextName,
  NSEC3: [f.u8, f.u8, f.u16, salt, hashedName, f.typeBitmap],
  NSEC3PARAM: [f.u8, f.u8, f.u16, salt],
  NULL: [f.raw],
  NXNAME: [],
  NXT: nextName,
  OPENPGPKEY: [f.base64],
  OPT: [ednsOptions],
  PTR: [f.name],
  PX: [f.u16, f.name, f.name],
  RESINFO: [f.strings],
  RKEY: publicKey,
  RP: [f.name, f.name],
  RRSIG: signature,
  RT: preferredName,
  SIG: signature,
  SMIMEA: [...certificate, f.spacedHex],
  SOA: [f.name, f.name, f.u32, f.u32, f.u32, f.u32, f.u32],
  SPF: [f.strings],
  SRV: [f.u16, f.u16, f.u16, f.name],
  SSHFP: [f.u8, f.u8, f.upperHex],
  SVCB: service,
  TA: digest,
  TALINK: [f.name, f.name],
  TKEY: [f.name, f.time, f.time, f.u16, f.u16, shownHex, shownHex],
  TLSA: [...certificate, f.hex],
  TSIG: [f.name, signedTime, f.u16, shownUpperHex, f.u16, f.u16, shownHex],
  TXT: [f.strings],
  UID: [f.u32],
  UINFO: [f.quotedString],
  URI: [f.u16, f.u16, f.quotedOctets],
  X25: [f.bareString],
  ZONEMD: [f.u32, f.u8, f.u8, f.hex],
}

const layoutByCode: ReadonlyMap<number, readonly f.Field[]> = new Map(
  Object.entries(layouts).map(([name, fields]) => [recordTypes.get(name) as number, fields]),
)

/** Whether records of a type are taken apart; the data of any other is opaque (RFC 3597). */
export function isKnownType(type: number): boolean {
  return layoutByCode.has(type)
}

/**
 * Reads the data of a record of a known type and adds its words. Where the data stops between two fields, the rest count
 * as zero: that is how records of dynamic updates look, and the peer takes them. Throws Malformed.
 */
export function readRecordData(
  message: Uint8Array,
  type: number,
  from: number,
  to: number,
  words: string[] | undefined,
): void {
  const data = new RdataReader(message, from, to)
  for (const field of layoutByCode.get(type) ?? []) {
    if (data.left > 0 || data.owed) {
      data.owed = false
      field.read(data, words)
    } else {
      words?.push(...field.zero)
    }
  }
  if (data.left > 0) throw new Malformed('a record is longer than its data')
}

const base32Digits = '0123456789ABCDEFGHIJKLMNOPQRSTUV'

/** base32hex without padding (RFC 4648 section 7). */
function base32Text(bytes: Buffer): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += base32Digits[(held >> (bits - 5)) & 31]
  }
  return bits > 0 ? text + base32Digits[(held << (5 - bits)) & 31] : text
}
