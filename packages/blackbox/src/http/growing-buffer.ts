// SPDX-License-Identifier: Apache-2.0

/** Joins parts by copying into a buffer that doubles: bytes that come one at a time cost no more memory than their number. */
export class GrowingBuffer {
  #space: Buffer = Buffer.alloc(0)
  #length = 0

  /** Bytes held. */
  get length(): number {
    return this.#length
  }

  push(part: Buffer): void {
    const needed = this.#length + part.length
    if (needed > this.#space.length) {
      const space = Buffer.allocUnsafe(Math.max(needed, this.#space.length * 2))
      this.#space.copy(space, 0, 0, this.#length)
      this.#space = space
    }
    part.copy(this.#space, this.#length)
    this.#length = needed
  }

  /** The bytes held, valid until the next `push`; empties this. */
  take(): Buffer {
    const bytes = this.#space.subarray(0, this.#length)
    this.#length = 0
    return bytes
  }
}
