// SPDX-License-Identifier: Apache-2.0
import { Malformed } from './malformed.ts'

/** Octets of a whole name on the wire, its root label included (RFC 1035 section 2.3.4). */
const longestName = 255
const longestLabel = 63

/** A name of 255 octets has room for no more; a chain that is longer is a loop, or made to waste time. */
const mostPointers = 126

const dot = 0x2e

/**
 * A name in its text form as labels on the wire. `\.` and `\DDD` are read (RFC 1035 section 5.1), the last dot may be left out.
 * Throws Error when the text is no domain name.
 */
export function encodeName(text: string): Buffer {
  if (text === '' || text === '.') return Buffer.alloc(1)
  const labels: number[][] = [[]]
  const bytes = Buffer.from(text, 'utf8')
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    const label = labels.at(-1) as number[]
    if (byte === dot) labels.push([])
    else if (byte !== 0x5c) label.push(byte)
    else {
      const code = /^\d{3}/.exec(bytes.toString('latin1', i + 1, i + 4))?.[0]
      if (i + 1 === bytes.length || Number(code ?? 0) > 255) throw new Error('it has a broken escape')
      label.push(code === undefined ? (bytes[i + 1] as number) : Number(code))
      i += code === undefined ? 1 : 3
    }
  }
  if (labels.at(-1)?.length !== 0) labels.push([])
  return joinLabels(labels)
}

/** `labels` ends with the root label, which is the only one that may be empty. */
function joinLabels(labels: readonly number[][]): Buffer {
  if (labels.slice(0, -1).some(({ length }) => length === 0)) throw new Error('it has an empty label')
  if (labels.some(({ length }) => length > longestLabel))
    throw new Error(`a label is longer than ${longestLabel} octets`)
  const wire = Buffer.from(labels.flatMap((label) => [label.length, ...label]))
  if (wire.length > longestName) throw new Error(`it is longer than ${longestName} octets`)
  return wire
}

/**
 * Offset behind the name at `at` in a message of which the first `end` octets may be read.
 * Follows and checks compression pointers (RFC 1035 section 4.1.4). Throws Malformed.
 */
export function skipName(message: Uint8Array, at: number, end: number): number {
  return walkName(message, at, end, undefined)
}

/** The name at `at`, in text form with its last dot. Throws Malformed. */
export function nameText(message: Uint8Array, at: number, end: number): string {
  const labels: string[] = []
  walkName(message, at, end, labels)
  return labels.length === 0 ? '.' : `${labels.join('.')}.`
}

function walkName(message: Uint8Array, from: number, end: number, labels: string[] | undefined): number {
  let at = from
  let behind = -1
  let pointers = 0
  let room = longestName
  for (;;) {
    if (at >= end) throw new Malformed('a name ends outside the message')
    const length = message[at++] as number
    if (length === 0) return behind === -1 ? at : behind
    if (length <= longestLabel) {
      if (at + length > end) throw new Malformed('a label ends outside the message')
      room -= length + 1
      if (room <= 0) throw new Malformed('a name is too long')
      labels?.push(labelText(message, at, at + length))
      at += length
    } else if (length >= 0xc0) {
      if (at >= end) throw new Malformed('a compression pointer ends outside the message')
      if (behind === -1) behind = at + 1
      if (++pointers > mostPointers) throw new Malformed('a name has too many compression pointers')
      at = ((length & 0x3f) << 8) | (message[at] as number)
    } else {
      throw new Malformed('a label has a reserved type')
    }
  }
}

/** Characters of a label that stand behind a backslash in text form. */
const special: ReadonlySet<number> = new Set(Buffer.from('. \'@;()"\\'))

function labelText(message: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let i = from; i < to; i++) text += escaped(message[i] as number, special)
  return text
}

/** An octet in text form: `\DDD` when it can't be printed, behind a backslash when it is one of `quoted`. */
export function escaped(byte: number, quoted: ReadonlySet<number>): string {
  if (byte < 0x20 || byte > 0x7e) return `\\${String(byte).padStart(3, '0')}`
  const character = String.fromCharCode(byte)
  return quoted.has(byte) ? `\\${character}` : character
}
