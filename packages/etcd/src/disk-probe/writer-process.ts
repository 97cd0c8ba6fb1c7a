// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process'
import { extname } from 'node:path'
import type { Reply } from './result.ts'

// The sources run as .ts, the published package as .js.
const program = new URL(`./writer${extname(import.meta.url)}`, import.meta.url)

/** For a small process: what it does is not worth compiling, which alone would take 10 MB. */
const nodeFlags = [
  '--max-old-space-size=16',
  '--max-semi-space-size=1',
  '--no-opt',
  '--no-maglev',
  '--v8-pool-size=0',
  '--title=leadline-disk-probe',
]

/** A process that writes to the probe's file when it is asked to. */
export interface WriterProcess {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  /** Asks for a write; `replied` or `ended` is called later, once. */
  write(): void
  /** Kills it and forgets it; nothing is called any more. One that hangs in the kernel dies when the kernel lets it. */
  kill(): void
}

/** Starts a writer. `ended` is called once, with the reason, also when it could not be started; some reasons are thrown. */
export function startWriter(
  directory: string,
  { replied, ended }: { replied: (reply: Reply) => void; ended: (reason: string) => void },
): WriterProcess {
  const child = fork(program, [directory], {
    execArgv: nodeFlags,
    // Nothing of the exporter's secrets, and no directory that it would keep from being unmounted.
    env: {},
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // Neither the process nor its channel may keep the exporter alive.
  child.unref()
  child.channel?.unref()
  let isOver = false
  const kill = (): void => {
    isOver = true
    if (child.pid !== undefined) child.kill('SIGKILL')
  }
  const end = (reason: string): void => {
    if (isOver) return
    kill()
    ended(reason)
  }
  child.on('message', (reply) => {
    if (!isOver) replied(reply as Reply)
  })
  child.on('error', (error) => end(error.message))
  child.on('exit', (code, signal) => end(signal === null ? `code ${code}` : signal))
  return {
    pid: child.pid,
    write() {
      // Without a channel, or with one that is closed, the end is told by the events above.
      if (child.connected) child.send('write', () => {})
    },
    kill,
  }
}
