// SPDX-License-Identifier: Apache-2.0
import type { CronJobFacts } from '../objects/cron-job.ts'
import type { InvalidReason, Schedule } from '../schedule.ts'
import type { Run } from './run.ts'
import type { OpenTick } from './tick.ts'
import type { Conclusion, Kill } from './verdict.ts'

/** All that is known of one CronJob, which is its UID: one made anew under the same name is another. */
export interface Series {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** Undefined while only its Jobs, or its saved state, are known. */
  cronJob?: CronJobFacts
  /** Undefined while there is none that is valid. */
  schedule?: Schedule
  invalid?: InvalidReason
  /** What its ticks hung on when it was last seen. */
  dueBy?: string
  /** `metadata.generation` when it was last seen, which each change of the spec raises. */
  generation?: number
  /** Up to when its spec may have been another unseen. */
  undueUntil?: number
  /** Ticks after this time are judged; those before only where Jobs prove them. */
  sightAt: number
  /** Whether the ticks before `sightAt` were gone through. */
  isBegun: boolean
  /** The first tick that has not been opened. */
  next?: number
  /** Up to when Jobs may have come and gone unseen. */
  blindUntil: number
  /** When the API server was last heard to refuse one of its Jobs. */
  refusedAt?: number
  /** In rising order. */
  open: OpenTick[]
  /** By the UID of the Job. */
  readonly runs: Map<string, Run>
  /** The judged ticks that are kept to be looked at, oldest first. */
  readonly history: JudgedTick[]
  deletedAt?: number
}

/** A tick that has its verdict. */
export interface JudgedTick {
  readonly tick: number
  readonly conclusion: Conclusion
  /** Goes on being told of its end. */
  readonly run: Run | undefined
  kill?: Kill
}

/** A CronJob of which nothing is known yet. */
export function createSeries(uid: string, namespace: string, name: string): Series {
  return {
    uid,
    namespace,
    name,
    sightAt: 0,
    isBegun: false,
    blindUntil: Number.NEGATIVE_INFINITY,
    open: [],
    runs: new Map(),
    history: [],
  }
}

/** The Job that was made for a tick: of several the one that got furthest. */
export function runOf({ runs }: Series, tick: number): Run | undefined {
  let best: Run | undefined
  for (const run of runs.values()) {
    const isIts = run.tick === tick || (run.isMinute && run.tick === tick - (tick % 60))
    if (isIts && (best === undefined || progress(run) >= progress(best))) best = run
  }
  return best
}

function progress({ startedAt, end }: Run): number {
  if (startedAt !== undefined) return 2
  return end === undefined ? 1 : 0
}

/** Notes which runs the CronJob's status has as active now. */
export function noteActive({ cronJob, runs }: Series): void {
  for (const jobUid of cronJob?.activeJobs ?? []) {
    const run = runs.get(jobUid)
    if (run !== undefined) run.wasActive = true
  }
}

/** Notes which ticks were due without a Job when the API server was last heard to refuse one. */
export function noteRefused(series: Series): void {
  const { refusedAt } = series
  if (refusedAt === undefined) return
  for (const open of ticksWithoutRun(series)) if (open.tick <= refusedAt) open.refusedAt = refusedAt
}

/** The open ticks for which no Job is known. */
export function ticksWithoutRun(series: Series): OpenTick[] {
  return series.open.filter(({ tick }) => runOf(series, tick) === undefined)
}
