// SPDX-License-Identifier: Apache-2.0
import { type Clock, type Logger, messageOf } from '@leadline/kit'
import type { Reply } from './result.ts'
import { startWriter, type WriterProcess } from './writer-process.ts'

/** Longest pause before the writing process is started again. */
const longestPauseSeconds = 60

/** What a probe needs beside its config. */
export interface DiskProbeDeps {
  readonly clock: Clock
  readonly log: Logger
}

/** A writing process, or the next one after it has ended. */
export interface WriterKeeper {
  /** False in the pause before the process is started again. */
  isReady(): boolean
  /** Asks for a write, to be answered by one reply. */
  write(): void
  /** Times that it was started again. */
  restarts(): number
  /** Kills it and starts no other; no reply comes any more. */
  kill(): void
}

/**
 * Keeps a writing process: one that has ended is started again at a write, after 1 s that doubles up to a minute until one
 * answers. A write that was under way, or that found none to start, is replied to as `lost`.
 */
export function keepWriter(
  directory: string,
  replied: (reply: Reply) => void,
  { clock, log }: DiskProbeDeps,
): WriterKeeper {
  let writer: WriterProcess | undefined
  let starts = 0
  let endsInRow = 0
  let startAfter = Number.NEGATIVE_INFINITY
  let isAwaited = false

  const reply = (one: Reply): void => {
    if (!isAwaited) return
    isAwaited = false
    replied(one)
  }
  const ended = (reason: string): void => {
    const pauseSeconds = Math.min(2 ** endsInRow, longestPauseSeconds)
    writer = undefined
    endsInRow++
    startAfter = clock.now() + pauseSeconds
    log.warn('The process of the disk probe has ended', { reason, pause_seconds: pauseSeconds })
    reply({ result: 'lost', err: `its process ended: ${reason}` })
  }
  const answered = (one: Reply): void => {
    endsInRow = 0
    reply(one)
  }
  const start = (): void => {
    starts++
    try {
      writer = startWriter(directory, { replied: answered, ended })
      log.info('The process of the disk probe has started', { pid: writer.pid })
    } catch (error) {
      ended(messageOf(error))
    }
  }

  return {
    isReady: () => writer !== undefined || clock.now() >= startAfter,
    write() {
      isAwaited = true
      if (writer === undefined) start()
      writer?.write()
    },
    restarts: () => Math.max(0, starts - 1),
    kill: () => writer?.kill(),
  }
}
