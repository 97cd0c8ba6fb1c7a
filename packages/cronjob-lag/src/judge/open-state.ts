// SPDX-License-Identifier: Apache-2.0
import type { InvalidReason } from '../schedule.ts'
import { type Cause, causeOf } from './cause.ts'
import { blockedUntil } from './conclude-tick.ts'
import type { Jobs } from './jobs.ts'
import { isHeld, type Run } from './run.ts'
import { runOf, type Series } from './series.ts'
import type { OpenTick } from './tick.ts'

/** What a CronJob waits for. Times in unix seconds. */
export interface OpenState {
  /** Seconds by which the oldest due run that has not started is behind, without those it was held; 0 when none waits. */
  readonly lagSeconds: number
  /** Why that run has not started; undefined when none waits. */
  readonly cause: Cause | undefined
  /** For how long the longest held run has been held; undefined when none is. */
  readonly heldSeconds: number | undefined
  /** Undefined while suspended, and without a valid schedule. */
  readonly nextTick: number | undefined
  readonly isSuspended: boolean
  readonly invalid: InvalidReason | undefined
}

/** What a CronJob waits for at `now`. */
export function openStateOf(series: Series, jobs: Jobs, settleSeconds: number, now: number): OpenState {
  const isSuspended = series.cronJob?.suspended === true
  const waiting = series.open
    .filter(({ tick, withdrawn }) => tick <= now && withdrawn === undefined)
    .map((open) => ({ open, run: runOf(series, open.tick) }))
    // The status may tell of a run before its Job is seen.
    .filter(({ open, run }) => open.recordedAt === undefined || run !== undefined)
  const held = waiting.flatMap(({ run }) => (run && isHeld(run) ? now - (run.heldSince ?? now) : []))
  const [first] = waiting.filter(({ run }) => run === undefined || !isHeld(run)).toSorted((a, b) => lag(b) - lag(a))
  return {
    lagSeconds: first === undefined ? 0 : lag(first),
    cause: first && cause(first),
    heldSeconds: held.length === 0 ? undefined : Math.max(...held),
    nextTick: isSuspended ? undefined : series.next,
    isSuspended,
    invalid: series.invalid,
  }

  function lag({ open, run }: Waiting): number {
    return now - open.tick - (run?.heldSeconds ?? 0)
  }

  function cause({ open, run }: Waiting): Cause {
    const until = blockedUntil(series, open.tick, jobs.isUnfinished, now)
    const isBlocked = until !== undefined && until >= now - settleSeconds
    return causeOf(open, run, { isBlocked, isSuspended, settleSeconds }, now)
  }
}

interface Waiting {
  readonly open: OpenTick
  readonly run: Run | undefined
}
