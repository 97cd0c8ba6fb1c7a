// SPDX-License-Identifier: Apache-2.0
import { type JudgedTick, runOf, type Series } from './series.ts'
import type { Conclusion, Kill } from './verdict.ts'

/** One line of the answer to "did it run?". Times in unix seconds. */
export interface RunRecord {
  readonly tick: number
  /** Undefined when no Job was seen. */
  readonly job: string | undefined
  readonly createdAt: number | undefined
  readonly scheduledAt: number | undefined
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  /** How the Job ended. */
  readonly result: 'complete' | 'failed' | 'deleted' | 'vanished' | undefined
  /** Undefined while the tick is open. */
  readonly verdict: Conclusion['verdict'] | undefined
  readonly reason: Conclusion['reason']
  readonly kill: Kill | undefined
}

/** The last judged ticks of a CronJob and those that are open, oldest first. */
export function runRecords(series: Series): readonly RunRecord[] {
  const judged: readonly (Omit<JudgedTick, 'conclusion'> & { conclusion?: Conclusion })[] = series.history
  const open = series.open.map(({ tick }) => ({ tick, run: runOf(series, tick), conclusion: undefined }))
  return [...judged, ...open].toSorted((a, b) => a.tick - b.tick).map(recordOf)
}

function recordOf(
  one: Pick<JudgedTick, 'tick' | 'run' | 'kill'> & { readonly conclusion?: Conclusion | undefined },
): RunRecord {
  const { run, conclusion } = one
  return {
    tick: one.tick,
    job: run?.job,
    createdAt: run?.createdAt,
    scheduledAt: run?.scheduledAt,
    startedAt: run?.startedAt,
    endedAt: run?.end?.result === 'vanished' ? undefined : run?.end?.at,
    result: run?.end?.result,
    verdict: conclusion?.verdict,
    reason: conclusion?.reason,
    kill: one.kill,
  }
}
