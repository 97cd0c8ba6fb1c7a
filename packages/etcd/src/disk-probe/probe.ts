// SPDX-License-Identifier: Apache-2.0
import { Histogram, type HistogramValue } from '@leadline/kit'
import { durationBounds } from '../duration-bounds.ts'
import type { DiskProbeConfig } from './config.ts'
import { makeProbeLog } from './probe-log.ts'
import { Recent, type RecentValue } from './recent.ts'
import { type Place, type WriteResult, writeResults } from './result.ts'
import { type DiskProbeDeps, keepWriter } from './writer-keeper.ts'

/** What the disk probe knows at one moment. */
export interface DiskProbeView {
  /** Age of the write that is under way, in seconds; undefined when none is. */
  readonly inFlightSeconds: number | undefined
  /** Durations of the successful writes with their syncs. */
  readonly durations: HistogramValue
  /** Undefined when none succeeded in the last minute. */
  readonly recent: RecentValue | undefined
  /** How many ended in which way; all ways are there. */
  readonly totals: ReadonlyMap<WriteResult, number>
  /** Unix time; undefined before the first success. */
  readonly lastSuccessAt: number | undefined
  /** Times that the writing process was started again. */
  readonly restarts: number
  /** Undefined before the first success. */
  readonly place: Place | undefined
}

/** A disk probe that runs. */
export interface RunningProbe {
  view(): DiskProbeView
  /** Stops at once; a writing process that hangs is killed, but not waited for. */
  stop(): void
}

/**
 * Writes to the directory now and at each interval, by a process of its own and never twice at a time. Nothing in this
 * process touches the disk, so a disk that hangs holds up nothing but that one write, whose age the view tells.
 */
export function runProbe({ directory, interval }: DiskProbeConfig, deps: DiskProbeDeps): RunningProbe {
  const { clock } = deps
  const log = makeProbeLog(directory, deps.log)
  const durations = new Histogram(durationBounds)
  const recent = new Recent()
  const totals = new Map<WriteResult, number>(writeResults.map((result) => [result, 0]))
  let begin: number | undefined
  let place: Place | undefined
  let lastSuccessAt: number | undefined

  const keeper = keepWriter(
    directory,
    (reply) => {
      begin = undefined
      totals.set(reply.result, (totals.get(reply.result) ?? 0) + 1)
      log.replied(reply)
      if (reply.result !== 'success') return
      durations.observe(reply.seconds)
      recent.observe(reply.seconds, clock.now())
      lastSuccessAt = clock.unix()
      place = reply.place
    },
    deps,
  )
  const tick = (): void => {
    if (begin !== undefined || !keeper.isReady()) return
    begin = clock.now()
    log.began()
    keeper.write()
  }
  const timer = setInterval(tick, interval * 1000).unref()
  tick()
  return {
    view: () => ({
      inFlightSeconds: begin === undefined ? undefined : clock.now() - begin,
      durations: durations.value(),
      recent: recent.value(clock.now()),
      totals,
      lastSuccessAt,
      restarts: keeper.restarts(),
      place,
    }),
    stop() {
      clearInterval(timer)
      log.stop()
      keeper.kill()
    },
  }
}
