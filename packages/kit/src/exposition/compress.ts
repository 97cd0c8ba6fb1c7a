// SPDX-License-Identifier: Apache-2.0
import { promisify } from 'node:util'
import { constants, gzip, gzipSync, zstdCompress, zstdCompressSync } from 'node:zlib'
import { parsePreferences, remembered } from './accept.ts'

/** A content coding that we can send. */
export type Encoding = 'identity' | 'gzip' | 'zstd'

/** What fits into one TCP segment arrives no sooner for being smaller. */
const oneSegmentBytes = 1400

/**
 * Up to here compressing takes under a millisecond of the event loop (measured: gzip 13 us for 3 kB, 0.7 ms for 256 kB).
 * The thread pool costs three times the CPU on a page of 3 kB, and hanging name lookups fill that pool.
 */
const syncBytes = 256 * 1024

/** Level 6 takes twice the time on these pages and makes them 0 to 4 % smaller. */
const gzipOptions = { level: constants.Z_BEST_SPEED }
const gzipAsync = promisify(gzip)
const zstdAsync = promisify(zstdCompress)

interface Weights {
  /** The better of zstd and gzip; identity when neither is accepted. */
  readonly coding: Encoding
  readonly weight: number
  /** Undefined when neither it nor `*` is listed: acceptable then, but preferred to nothing. */
  readonly identity: number | undefined
}

const weightsOf = remembered((acceptEncoding): Weights => {
  const preferences = parsePreferences(acceptEncoding)
  const find = (coding: string): number | undefined => preferences.find(({ value }) => value === coding)?.q
  const any = find('*')
  const gzipWeight = find('gzip') ?? find('x-gzip') ?? any ?? 0
  // Not `any`: Prometheus fails a scrape that brings zstd when it did not ask for it by name.
  const zstdWeight = find('zstd') ?? 0
  const weight = Math.max(gzipWeight, zstdWeight)
  const coding = weight === 0 ? 'identity' : zstdWeight === weight ? 'zstd' : 'gzip'
  return { coding, weight, identity: find('identity') ?? any }
})

/**
 * The content coding that an Accept-Encoding header prefers (RFC 9110 section 12.5.3): the highest weight, among equals
 * zstd, then gzip. Identity for a page so small that it gains nothing, unless that is refused; also when the header is
 * absent or accepts nothing that we have.
 */
export function negotiateEncoding(acceptEncoding: string | undefined, sizeBytes: number): Encoding {
  if (acceptEncoding === undefined) return 'identity'
  const { coding, weight, identity } = weightsOf(acceptEncoding)
  if (sizeBytes <= oneSegmentBytes && identity !== 0) return 'identity'
  return weight < (identity ?? 0) ? 'identity' : coding
}

/** The bytes of a text in a content coding; at once up to 256 KiB, later for more. */
export function compress(text: string, encoding: Encoding): Buffer | Promise<Buffer> {
  const bytes = Buffer.from(text)
  if (encoding === 'identity') return bytes
  if (bytes.length > syncBytes) return encoding === 'gzip' ? gzipAsync(bytes, gzipOptions) : zstdAsync(bytes)
  return encoding === 'gzip' ? gzipSync(bytes, gzipOptions) : zstdCompressSync(bytes)
}
