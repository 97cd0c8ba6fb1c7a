// SPDX-License-Identifier: Apache-2.0

const newline = 0x0a

/** Cuts a stream of bytes into lines of a bounded size; a line may come in many chunks, a chunk may hold many lines. */
export class LineSplitter {
  readonly #mostBytes: number
  #parts: Buffer[] = []
  #size = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** The lines that this chunk ends, without their newlines; undefined stands for one over the bound. */
  *push(chunk: Buffer): Generator<Buffer | undefined> {
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.#keep(chunk.subarray(from, end))
      from = end + 1
      yield this.#take()
    }
    this.#keep(chunk.subarray(from))
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return
    this.#size += part.length
    if (this.#size <= this.#mostBytes) this.#parts.push(part)
    else this.#parts = []
  }

  #take(): Buffer | undefined {
    const [parts, size] = [this.#parts, this.#size]
    this.#parts = []
    this.#size = 0
    if (size > this.#mostBytes) return undefined
    return parts.length === 1 ? parts[0] : Buffer.concat(parts, size)
  }
}
