// SPDX-License-Identifier: Apache-2.0
// The program of the writing process: answers each message with one write to the directory of its argument. It imports
// nothing but what it needs, to stay small.
import fs from 'node:fs'
import { openProbeFile, type ProbeFile, writeAndSync } from './file.ts'
import { failureOf, type Reply } from './result.ts'

const directory = process.argv[2] ?? ''
let file: ProbeFile | undefined

function write(): Reply {
  try {
    file ??= openProbeFile(directory)
    const begin = process.hrtime.bigint()
    writeAndSync(file)
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9
    return { result: 'success', seconds, place: file.place }
  } catch (error) {
    close()
    return { result: failureOf(error), err: error instanceof Error ? error.message : String(error) }
  }
}

/** After a failed sync the kernel may take lost pages for clean; only a newly opened file tells again. */
function close(): void {
  const failed = file
  file = undefined
  try {
    if (failed !== undefined) fs.closeSync(failed.descriptor)
  } catch {
    // What close has to tell, the write has told.
  }
}

process.on('message', () => {
  // Without a callback, an answer to an exporter that is gone would be an uncaught error.
  process.send?.(write(), undefined, undefined, () => {})
})
process.on('disconnect', () => process.exit())
// A terminal and systemd signal the whole group; the writer goes when the exporter does, and not before.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
