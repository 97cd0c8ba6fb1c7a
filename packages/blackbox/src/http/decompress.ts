// SPDX-License-Identifier: Apache-2.0
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import type { BodySink } from './wire.ts'

/** Bytes that a decoder gives at a time: bounds what a compression bomb holds in memory. */
const chunkSize = 65_536

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib.createGunzip({ chunkSize }),
  br: () => zlib.createBrotliDecompress({ chunkSize }),
  // Raw DEFLATE, not the zlib format that RFC 9110 means by this word: what the peer decodes.
  deflate: () => zlib.createInflateRaw({ chunkSize }),
}

/** Whether a body with this `compression` setting must be decoded. */
export function isCompressed(compression: string): boolean {
  return Object.hasOwn(decoders, compression)
}

/** Decodes a body as it comes; its parts go to `write`, whose throw ends the decoding. */
export class Decompressor implements BodySink {
  readonly #decoder: Transform
  readonly #compression: string
  readonly #done: Promise<void>
  #error: Error | undefined
  #isEmpty = true
  drained: (() => void) | undefined

  /** `compression` is one for which `isCompressed` holds. */
  constructor(compression: string, write: (part: Buffer) => void) {
    const decoder = (decoders[compression] as () => Transform)()
    this.#compression = compression
    this.#decoder = decoder
    this.#done = new Promise((resolve) => {
      const fail = (error: Error): void => {
        this.#error ??= error
        decoder.destroy()
        resolve()
        this.drained?.()
      }
      decoder.on('data', (part: Buffer) => {
        try {
          write(part)
        } catch (error) {
          fail(error as Error)
        }
      })
      decoder.on('error', fail)
      decoder.on('end', resolve)
      decoder.on('close', resolve)
      decoder.on('drain', () => this.drained?.())
    })
  }

  /** Takes compressed bytes. Throws the decoder's error, or what `write` threw. */
  write(part: Buffer): boolean {
    if (this.#error !== undefined) throw this.#error
    this.#isEmpty = false
    return this.#decoder.write(part)
  }

  /** Resolves once all that was written is decoded. Rejects when it was no whole stream. */
  async finish(): Promise<void> {
    // Go's Brotli reader takes nothing at all for an empty body.
    if (this.#isEmpty && this.#compression === 'br') return
    if (!this.#decoder.destroyed) this.#decoder.end()
    await this.#done
    if (this.#error !== undefined) throw this.#error
  }

  /** Frees the decoder. */
  destroy(): void {
    this.#decoder.destroy()
  }
}
