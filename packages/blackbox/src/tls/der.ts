// SPDX-License-Identifier: Apache-2.0

/** Universal tags that certificates use (X.690 section 8). */
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** One type, length and value. */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  /** With tag and length. */
  readonly raw: Buffer
}

/** Reads DER elements one after the other (X.690 section 10). Copies nothing. */
export class DerReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Tag of the next element; undefined at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#at]
  }

  /** The next element. Throws RangeError when there is none, when it is cut short, or when it has another tag. */
  read(tag?: number): DerElement {
    const begin = this.#at
    const found = this.#bytes[begin]
    if (found === undefined) throw new RangeError('DER ends early')
    if ((found & 0x1f) === 0x1f) throw new RangeError('DER tag is too long')
    if (tag !== undefined && found !== tag) throw new RangeError(`DER tag is ${found}, not ${tag}`)
    this.#at = begin + 1
    const length = this.#length()
    const contentAt = this.#at
    const end = contentAt + length
    if (end > this.#bytes.length) throw new RangeError('DER element is cut short')
    this.#at = end
    return {
      tag: found,
      content: this.#bytes.subarray(contentAt, end),
      raw: this.#bytes.subarray(begin, end),
    }
  }

  /** The next element if it has this tag, else undefined and nothing is read. */
  readOptional(tag: number): DerElement | undefined {
    return this.nextTag === tag ? this.read() : undefined
  }

  #length(): number {
    const first = this.#bytes[this.#at++]
    if (first === undefined) throw new RangeError('DER ends early')
    if (first < 0x80) return first
    const count = first & 0x7f
    // 0x80 is the indefinite length of BER; four bytes are more than any certificate needs.
    if (count === 0 || count > 4 || this.#at + count > this.#bytes.length) throw new RangeError('DER length is wrong')
    const length = this.#bytes.readUIntBE(this.#at, count)
    this.#at += count
    return length
  }
}

/** All elements inside an element or a run of bytes. Throws RangeError for broken DER. */
export function derElements(content: Buffer): DerElement[] {
  const reader = new DerReader(content)
  const elements: DerElement[] = []
  while (!reader.atEnd) elements.push(reader.read())
  return elements
}

/** Go takes no larger ones, and an endless one must not cost endless arithmetic. */
const largestArc = 2 ** 31 - 1

/** An object identifier in dotted form (X.690 section 8.19). Throws RangeError for an arc of more than 31 bits. */
export function derOid(content: Buffer): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f)
    if (arc > largestArc) throw new RangeError('object identifier is too large')
    if (byte >= 0x80) continue
    arcs.push(arc)
    arc = 0
  }
  const [first = 0, ...others] = arcs
  const top = Math.min(Math.floor(first / 40), 2)
  return [top, first - top * 40, ...others].join('.')
}

/** A UTCTime or GeneralizedTime in the forms that RFC 5280 section 4.1.2.5 allows, in unix seconds. Throws RangeError. */
export function derTime({ tag, content }: DerElement): number {
  const text = content.toString('latin1')
  const match = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  const isLong = tag === derTag.generalizedTime
  if (match === null || isLong !== (match[1] !== undefined)) throw new RangeError('DER time is wrong')
  const [century, year = 0, month = 0, ...rest] = match.slice(1).map(Number)
  const fullYear = isLong ? (century as number) * 100 + year : year + (year >= 50 ? 1900 : 2000)
  const date = new Date(0)
  date.setUTCFullYear(fullYear, month - 1, rest[0])
  return date.setUTCHours(rest[1] as number, rest[2], rest[3]) / 1000
}
