// SPDX-License-Identifier: Apache-2.0
import { Malformed } from './malformed.ts'
import { escaped, nameText, skipName } from './name.ts'

/** Characters of a character string that stand behind a backslash in text form. */
export const quotedInStrings: ReadonlySet<number> = new Set(Buffer.from('"\\'))

/** Reads the data of one record from its message, never past the record's end. Every method throws Malformed there. */
export class RdataReader {
  readonly message: Uint8Array
  /** Offset of the data's first octet. */
  readonly start: number
  /** Offset of the next octet in the message. */
  at: number
  /** Offset behind the record's data; names may point anywhere before it. */
  readonly end: number
  /** Set once the data may not stop here: behind a counted value another field must follow, as the peer has it. */
  owed = false

  constructor(message: Uint8Array, at: number, end: number) {
    this.message = message
    this.start = at
    this.at = at
    this.end = end
  }

  get left(): number {
    return this.end - this.at
  }

  skip(length: number): void {
    if (length > this.left) throw new Malformed('a record ends before its data')
    this.at += length
  }

  /** Unsigned whole number of 1 to 6 octets. */
  uint(length: 1 | 2 | 4 | 6): number {
    const from = this.at
    this.skip(length)
    let value = 0
    for (let i = from; i < this.at; i++) value = value * 256 + (this.message[i] as number)
    return value
  }

  /** The next octets, not copied. */
  take(length: number): Buffer {
    const from = this.at
    this.skip(length)
    return Buffer.from(this.message.buffer, this.message.byteOffset + from, length)
  }

  rest(): Buffer {
    return this.take(this.left)
  }

  skipName(): void {
    this.at = skipName(this.message, this.at, this.end)
  }

  name(): string {
    const text = nameText(this.message, this.at, this.end)
    this.skipName()
    return text
  }

  /** A character string (RFC 1035 section 3.3) in text form without its quotes. */
  string(): string {
    let text = ''
    for (const byte of this.take(this.uint(1))) text += escaped(byte, quotedInStrings)
    return text
  }

  skipString(): void {
    this.skip(this.uint(1))
  }
}
