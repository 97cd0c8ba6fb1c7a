// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createGzip, gunzip } from 'node:zlib'
import { jsonPieces } from './json-pieces.ts'

const format = 'leadline-cronjob-lag'
const version = 1

/** What bytes of a state hold, or why they can't be read. */
export type Decoded = { readonly state: unknown } | { readonly mistake: string }

/** Unpacked; about 40 times what 10,000 CronJobs take. */
const mostBytes = 2 ** 28

/** A state as gzipped JSON, made in steps between which other work gets its turn. The state must not change meanwhile. */
export function encodeState(state: unknown): Promise<Buffer> {
  // Level 1 is half the work of level 6 for a tenth more bytes.
  return pipeline(paced({ format, version, state }), createGzip({ level: 1 }), (zipped: AsyncIterable<Buffer>) =>
    buffer(zipped),
  )
}

async function* paced(value: unknown): AsyncGenerator<string> {
  for (const piece of jsonPieces(value)) {
    yield piece
    await setImmediate()
  }
}

/** Reads what `encodeState` made. */
export async function decodeState(bytes: Uint8Array): Promise<Decoded> {
  if (bytes.length === 0) return { mistake: 'it is empty' }
  let text: string
  try {
    text = (await promisify(gunzip)(bytes, { maxOutputLength: mostBytes })).toString('utf8')
  } catch (error) {
    const isCut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'
    return { mistake: isCut ? 'it is cut off' : 'it is not gzip, or damaged' }
  }
  return readEnvelope(text)
}

function readEnvelope(text: string): Decoded {
  let read: { readonly format?: unknown; readonly version?: unknown; readonly state?: unknown } | null
  try {
    read = JSON.parse(text)
  } catch {
    return { mistake: 'it is not JSON' }
  }
  if (read?.format !== format) return { mistake: 'it is not a state of this exporter' }
  if (read.version === version) return { state: read.state }
  return { mistake: `it is of version ${JSON.stringify(read.version)}, and this exporter reads version ${version}` }
}
