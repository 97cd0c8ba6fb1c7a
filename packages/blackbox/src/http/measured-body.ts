// SPDX-License-Identifier: Apache-2.0
import { Decompressor, isCompressed } from './decompress.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import type { BodySink } from './wire.ts'

/** Most bytes of a body that are kept for body rules when the config sets no limit of its own. */
export const keptBytesLimit = 10 * 1024 * 1024

/** The body is longer than `body_size_limit`. */
export class BodyTooLarge extends Error {
  constructor(limit: number) {
    super(`the body is larger than the limit of ${limit} bytes`)
    this.name = 'BodyTooLarge'
  }
}

/** How to take a body. */
export interface BodyOptions {
  /** The `compression` setting. */
  readonly compression: string
  /** Bytes after decompression; 0 for none. */
  readonly limit: number
  /** Whether the body is wanted as a whole. */
  readonly keep: boolean
}

/** Counts a body, after decompression, and keeps it when it is wanted. */
export class MeasuredBody implements BodySink {
  readonly #limit: number
  readonly #decompressor: Decompressor | undefined
  #kept: GrowingBuffer | undefined
  #bytes = 0

  constructor({ compression, limit, keep }: BodyOptions) {
    this.#limit = limit
    this.#kept = keep ? new GrowingBuffer() : undefined
    if (isCompressed(compression)) this.#decompressor = new Decompressor(compression, (part) => this.#take(part))
  }

  /** Bytes so far; the limit when that was passed. */
  get bytes(): number {
    return this.#bytes
  }

  /** The body, once; undefined when it wasn't to be kept, or is larger than `keptBytesLimit` where the config sets no limit. */
  takeKept(): Buffer | undefined {
    return this.#kept?.take()
  }

  set drained(drained: (() => void) | undefined) {
    if (this.#decompressor !== undefined) this.#decompressor.drained = drained
  }

  /** Throws BodyTooLarge, or the decoder's error. */
  write(part: Buffer): boolean {
    if (this.#decompressor !== undefined) return this.#decompressor.write(part)
    this.#take(part)
    return true
  }

  /** Resolves when all of the body is decoded and counted; undefined when it is already. */
  finish(): Promise<void> | undefined {
    return this.#decompressor?.finish()
  }

  /** Frees what decoding holds. */
  destroy(): void {
    this.#decompressor?.destroy()
  }

  #take(part: Buffer): void {
    if (this.#limit > 0 && this.#bytes + part.length > this.#limit) {
      this.#bytes = this.#limit
      throw new BodyTooLarge(this.#limit)
    }
    this.#bytes += part.length
    if (this.#limit === 0 && this.#bytes > keptBytesLimit) this.#kept = undefined
    else this.#kept?.push(part)
  }
}
