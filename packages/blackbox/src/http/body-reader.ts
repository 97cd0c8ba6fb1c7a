// SPDX-License-Identifier: Apache-2.0
import { BlankLine, type Framing } from './h1-head.ts'
import { MalformedResponse, maxHeadBytes, TruncatedResponse } from './wire.ts'

/** Takes the framing off a body whose bytes come cut anywhere. */
export interface BodyReader {
  /** Hands on what is body. Gives whether the body is whole; later bytes are not for this response. Throws MalformedResponse. */
  push(chunk: Buffer): boolean
  /** The peer closed: undefined when that is how this body ends, else what is wrong with it. */
  close(): TruncatedResponse | undefined
}

/** The reader for a response's framing; undefined when it has no body. */
export function bodyReader(framing: Framing, sink: (part: Buffer) => void): BodyReader | undefined {
  if (framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)) return undefined
  if (framing.kind === 'length') return new LengthBody(framing.length, sink)
  return framing.kind === 'chunked' ? new ChunkedBody(sink) : new CloseBody(sink)
}

class LengthBody implements BodyReader {
  #left: number
  readonly #length: number
  readonly #sink: (part: Buffer) => void

  constructor(length: number, sink: (part: Buffer) => void) {
    this.#left = length
    this.#length = length
    this.#sink = sink
  }

  push(chunk: Buffer): boolean {
    const part = chunk.length > this.#left ? chunk.subarray(0, this.#left) : chunk
    this.#left -= part.length
    if (part.length > 0) this.#sink(part)
    return this.#left === 0
  }

  close(): TruncatedResponse {
    return new TruncatedResponse(`the body ended after ${this.#length - this.#left} of ${this.#length} bytes`)
  }
}

class CloseBody implements BodyReader {
  readonly #sink: (part: Buffer) => void

  constructor(sink: (part: Buffer) => void) {
    this.#sink = sink
  }

  push(chunk: Buffer): boolean {
    if (chunk.length > 0) this.#sink(chunk)
    return false
  }

  close(): undefined {}
}

/** Longest chunk-size line with its extensions, as Go has it. */
const maxSizeLine = 4096

/** Chunked transfer coding (RFC 9112 section 7.1). Chunk extensions and trailer fields are passed over. */
export class ChunkedBody implements BodyReader {
  readonly #sink: (part: Buffer) => void
  #state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size'
  #line = ''
  #left = 0
  #trailerBytes = 0
  readonly #trailer = new BlankLine()

  constructor(sink: (part: Buffer) => void) {
    this.#sink = sink
  }

  push(chunk: Buffer): boolean {
    let at = 0
    while (at < chunk.length && this.#state !== 'done') {
      if (this.#state === 'size') at = this.#readLine(chunk, at)
      else if (this.#state === 'data') at = this.#readData(chunk, at)
      else if (this.#state === 'data-end') at = this.#readDataEnd(chunk, at)
      else at = this.#readTrailer(chunk, at)
    }
    return this.#state === 'done'
  }

  close(): TruncatedResponse {
    return new TruncatedResponse('the body ended before its last chunk')
  }

  #readLine(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(10, from)
    const stop = end === -1 ? chunk.length : end
    if (this.#line.length + stop - from > maxSizeLine) throw new MalformedResponse('chunk size line is too long')
    this.#line += chunk.toString('latin1', from, stop)
    if (end === -1) return chunk.length
    this.#left = chunkSize(this.#line)
    this.#line = ''
    this.#state = this.#left === 0 ? 'trailer' : 'data'
    return end + 1
  }

  #readData(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.#left)
    this.#left -= end - from
    if (this.#left === 0) this.#state = 'data-end'
    this.#sink(chunk.subarray(from, end))
    return end
  }

  /** CRLF after the data; `#left` counts what of it has come. */
  #readDataEnd(chunk: Buffer, at: number): number {
    if (chunk[at] !== (this.#left === 0 ? 13 : 10)) throw new MalformedResponse('malformed end of a chunk')
    this.#left++
    if (this.#left === 2) this.#state = 'size'
    return at + 1
  }

  #readTrailer(chunk: Buffer, from: number): number {
    const rest = chunk.subarray(from)
    const end = this.#trailer.find(rest)
    this.#trailerBytes += end === -1 ? rest.length : end
    if (this.#trailerBytes > maxHeadBytes)
      throw new MalformedResponse(`the trailer is larger than ${maxHeadBytes} bytes`)
    if (end !== -1) this.#state = 'done'
    return end === -1 ? chunk.length : from + end
  }
}

/** The size on a chunk-size line without its LF. A bare LF is refused: parsers that differ over it can be played against each other. */
function chunkSize(line: string): number {
  const [, digits] = /^([\da-f]+)[ \t]*(?:;[^\r]*)?\r$/i.exec(line) ?? []
  if (digits === undefined) throw new MalformedResponse(`malformed chunk size ${JSON.stringify(line.slice(0, 40))}`)
  const size = Number.parseInt(digits, 16)
  if (!Number.isSafeInteger(size)) throw new MalformedResponse(`chunk size ${digits.slice(0, 40)} is too large`)
  return size
}
