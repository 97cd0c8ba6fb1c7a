// SPDX-License-Identifier: Apache-2.0

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Bytes that a line may have together with its line feed, as in Go's bufio.Scanner. */
export const lineLimit = 65_536

/** A line passed `lineLimit`. */
export class LineTooLong extends Error {
  constructor() {
    super(`a line is longer than ${lineLimit} bytes`)
    this.name = 'LineTooLong'
  }
}

/** Bytes that came in and were not taken yet. How they were split on their way makes no difference. */
export class Inbox {
  #bytes = Buffer.allocUnsafe(4096)
  #start = 0
  #end = 0
  /** Bytes from the start that are known to hold no line feed, so that a line in many pieces is searched once. */
  #searched = 0

  /** How many bytes wait to be taken. */
  get length(): number {
    return this.#end - this.#start
  }

  /** Adds bytes behind those that wait. */
  put(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length)
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }

  /**
   * Takes the next line without its LF or CRLF; undefined when it is not whole yet.
   * `ended`: nothing will follow, so that the rest counts as a line. The bytes are good until the next `put`.
   * Throws LineTooLong.
   */
  takeLine(ended: boolean): Buffer | undefined {
    const from = this.#start + this.#searched
    const found = this.#bytes.subarray(from, this.#end).indexOf(lineFeed)
    const length = found === -1 ? this.length : this.#searched + found
    if (length >= lineLimit) throw new LineTooLong()
    if (found !== -1) return withoutReturn(this.#take(length, 1))
    this.#searched = length
    return ended && length > 0 ? withoutReturn(this.#take(length, 0)) : undefined
  }

  /** Takes the next `count` bytes; undefined when there are fewer. The bytes are good until the next `put`. */
  takeBytes(count: number): Buffer | undefined {
    return this.length < count ? undefined : this.#take(count, 0)
  }

  #take(count: number, skip: number): Buffer {
    const taken = this.#bytes.subarray(this.#start, this.#start + count)
    this.#start += count + skip
    this.#searched = 0
    return taken
  }

  #makeRoom(more: number): void {
    const needed = this.length + more
    // Twice what is needed keeps the copying of a line that comes byte by byte linear.
    const target = needed * 2 > this.#bytes.length ? Buffer.allocUnsafe(needed * 2) : this.#bytes
    this.#bytes.copy(target, 0, this.#start, this.#end)
    this.#end -= this.#start
    this.#start = 0
    this.#bytes = target
  }
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line
}
