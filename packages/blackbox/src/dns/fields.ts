// SPDX-License-Identifier: Apache-2.0
import { ipv4Text, ipv6Text } from './address.ts'
import { algorithmNames, typeName } from './codes.ts'
import { Malformed } from './malformed.ts'
import { escaped } from './name.ts'
import { quotedInStrings, type RdataReader } from './rdata-reader.ts'

/** One part of a record's data: read to be checked, and, when there are `words`, to be put into text. */
export interface Field {
  /** Words of a field that the data does not reach; the peer prints them as if they were zero. */
  readonly zero: readonly string[]
  /** Reads the field and adds its words. Throws Malformed. */
  read(data: RdataReader, words: string[] | undefined): void
}

function number(length: 1 | 2 | 4, text: (value: number) => string = String): Field {
  return {
    zero: [text(0)],
    read(data, words) {
      if (words === undefined) data.skip(length)
      else words.push(text(data.uint(length)))
    },
  }
}

export const u8 = number(1)
export const u16 = number(2)
export const u32 = number(4)
/** A record type by its name. */
export const type = number(2, typeName)
/** Seconds since 1970 as YYYYMMDDHHmmSS (RFC 4034 section 3.2). */
export const time = number(4, timeText)
/** A DNSSEC algorithm by its name, as CERT records show it. */
export const algorithm = number(1, (code) => algorithmNames.get(code) ?? String(code))

const certificateTypes = ['', 'PKIX', 'SPKI', 'PGP', 'IPIX', 'ISPKI', 'IPGP', 'ACPKIX', 'IACPKIX']

/** A certificate type by its name (RFC 4398 section 2.1). */
export const certificateType = number(2, (code) => {
  if (code === 253) return 'URI'
  return code === 254 ? 'OID' : certificateTypes[code] || String(code)
})

/** Unix seconds as YYYYMMDDHHmmSS in UTC. */
export function timeText(seconds: number): string {
  // TSIG has 48 bits for its time, more than a Date can hold.
  const date = new Date(Math.min(seconds * 1000, 8.64e15))
  return date.toISOString().replaceAll(/^\+0*|[-:T]|\..*$/g, '')
}

/** A domain name. */
export const name: Field = {
  zero: [''],
  read(data, words) {
    if (words === undefined) data.skipName()
    else words.push(data.name())
  },
}

/** Of pointers to the longest name, 64 KiB of data could make 30 MB of text. */
const mostNames = 1000

/** Domain names up to the end. */
export const names: Field = {
  zero: [],
  read(data, words) {
    for (let i = 0; data.left > 0; i++) {
      if (i === mostNames) throw new Malformed('a record has too many names')
      name.read(data, words)
    }
  },
}

function string(quote: '' | '"'): Field {
  return {
    zero: [quote + quote],
    read(data, words) {
      if (words === undefined) data.skipString()
      else words.push(quote + data.string() + quote)
    },
  }
}

/** A character string that is shown without quotes. */
export const bareString = string('')
/** A character string in quotes. */
export const quotedString = string('"')

/** Character strings in quotes up to the end. */
export const strings: Field = {
  zero: [],
  read(data, words) {
    while (data.left > 0) quotedString.read(data, words)
  },
}

function address(length: 4 | 16, text: (octets: Uint8Array) => string): Field {
  return {
    zero: [],
    read(data, words) {
      if (words === undefined) data.skip(length)
      else words.push(text(data.take(length)))
    },
  }
}

export const ipv4 = address(4, ipv4Text)
export const ipv6 = address(16, ipv6Text)

function rest(text: (bytes: Buffer) => string): Field {
  return {
    zero: [text(Buffer.alloc(0))],
    read(data, words) {
      if (words === undefined) data.skip(data.left)
      else words.push(text(data.rest()))
    },
  }
}

/** Octets up to the end, in quotes. */
export const quotedOctets = rest(quotedOctetsText)

/** A backslash in the octets is read as the start of an escape, as the peer's library does. */
function quotedOctetsText(bytes: Buffer): string {
  const text = bytes.toString('latin1').replaceAll(/\\(?:\.|(\d{3})|[^]|$)|[^]/g, (piece, code: string | undefined) => {
    if (piece === '\\.' || piece === '\\') return piece === '\\' ? '' : piece
    const byte = code === undefined ? piece.charCodeAt(piece.length - 1) : Number(code) & 0xff
    return escaped(byte, quotedInStrings)
  })
  return `"${text}"`
}

/** Hexadecimal digits up to the end. */
export const hex = rest((bytes) => bytes.toString('hex'))
export const upperHex = rest((bytes) => bytes.toString('hex').toUpperCase())
export const base64 = rest((bytes) => bytes.toString('base64'))
/** Raw octets up to the end; one character an octet. */
export const raw = rest((bytes) => bytes.toString('latin1'))
/** Hexadecimal digits up to the end, a space after each 1024 of them. */
export const spacedHex = rest((bytes) => bytes.toString('hex').replaceAll(/.{1024}/g, '$& '))

function fixedHex(length: 6 | 8, text: (digits: string) => string): Field {
  return {
    zero: [text('0'.repeat(2 * length))],
    read(data, words) {
      if (words === undefined) data.skip(length)
      else words.push(text(data.take(length).toString('hex')))
    },
  }
}

const inPairs = (digits: string): string => digits.replaceAll(/..\B/g, '$&-')
const inFours = (digits: string): string => digits.replaceAll(/....\B/g, '$&:')

export const eui48 = fixedHex(6, inPairs)
export const eui64 = fixedHex(8, inPairs)
/** Sixteen hexadecimal digits in groups of four (RFC 6742). */
export const nodeId = fixedHex(8, inFours)
export const locator64 = fixedHex(8, (digits) => inFours(digits.toUpperCase()))

interface CountedOptions {
  /** Octets of the count. */
  readonly count: 1 | 2
  /** Whether the count is shown as a word of its own. */
  readonly shown?: boolean
  readonly text: (bytes: Buffer) => string
}

/** Octets behind their count. */
export function counted({ count, shown = false, text }: CountedOptions): Field {
  const none = text(Buffer.alloc(0))
  return {
    zero: shown ? ['0', none] : [none],
    read(data, words) {
      const length = data.uint(count)
      if (shown) words?.push(String(length))
      if (data.left === 0) {
        words?.push(none)
        return
      }
      const bytes = data.take(length)
      words?.push(text(bytes))
      data.owed = true
    },
  }
}

/** Type bit maps (RFC 4034 section 4.1.2), as the names of the types. */
export const typeBitmap: Field = {
  zero: [],
  read(data, words) {
    let last = -1
    while (data.left > 0) {
      const window = data.uint(1)
      const length = data.uint(1)
      if (window <= last || length === 0 || length > 32) throw new Malformed('a type bit map is broken')
      last = window
      const bits = data.take(length)
      if (words !== undefined) words.push(...typesIn(bits, window * 256))
    }
  },
}

function typesIn(bits: Uint8Array, first: number): string[] {
  const found: string[] = []
  for (const [i, byte] of bits.entries()) {
    for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) found.push(typeName(first + i * 8 + bit))
  }
  return found
}
