// SPDX-License-Identifier: Apache-2.0
import { begin } from './begin.ts'
import { concludeSeries } from './conclude-series.ts'
import { blockedUntil } from './conclude-tick.ts'
import { openTicks } from './due-ticks.ts'
import type { Jobs } from './jobs.ts'
import { afterlifeSeconds, type JudgeOptions } from './options.ts'
import type { Run } from './run.ts'
import { noteActive, noteRefused, type Series, ticksWithoutRun } from './series.ts'
import type { Outcome } from './verdict.ts'

/** How far time is, and how far what is known of it. Both in unix seconds. */
export interface Times {
  readonly now: number
  /** Up to when everything has been seen. */
  readonly seenUntil: number
}

/** Judges a CronJob: opens what is due, and concludes what can be from all that was seen. */
export function advanceSeries(
  series: Series,
  options: JudgeOptions,
  jobs: Jobs,
  { now, seenUntil }: Times,
): readonly Outcome[] {
  const { cronJob } = series
  if (cronJob === undefined) return []
  if (!series.isBegun) begin(series, options.objectiveSecondsOf(cronJob))
  if (series.deletedAt === undefined) openTicks(series, now)
  // A Job may be seen after the status that has it as active.
  noteActive(series)
  // A refusal may be seen before the tick is opened.
  noteRefused(series)
  for (const open of ticksWithoutRun(series)) {
    const until = blockedUntil(series, open.tick, jobs.isUnfinished, seenUntil)
    if (until !== undefined) open.blockedUntil = Math.max(until, open.blockedUntil ?? until)
    if (isClashing(series, open.tick, jobs)) open.isClashing = true
  }
  const outcomes = concludeSeries(series, options, seenUntil)
  forgetRuns(series, seenUntil, options.settleSeconds)
  return outcomes
}

/** Whether nothing can change any more until the next tick or event. */
export function isAtRest({ open, runs, isBegun, deletedAt }: Series): boolean {
  return isBegun && deletedAt === undefined && open.length === 0 && [...runs.values()].every(isRunAtRest)
}

function isRunAtRest({ isGone, podTakenAt, end, isKillJudged, isSettled }: Run): boolean {
  return !isGone && podTakenAt === undefined && (end === undefined || isKillJudged === true || isSettled === true)
}

/** Whether a deleted CronJob can be forgotten. */
export function isForgotten({ deletedAt, open, runs }: Series, now: number): boolean {
  return deletedAt !== undefined && open.length === 0 && (runs.size === 0 || now > deletedAt + afterlifeSeconds)
}

/** The controller names a Job by the minute of its tick, so that an earlier tick of the minute has taken the name. */
function isClashing(series: Series, tick: number, jobs: Jobs): boolean {
  const minute = Math.floor(tick / 60)
  const owner = jobs.cronJobOfName(series.namespace, `${series.name}-${minute}`)
  if (owner !== undefined && owner !== series.uid) return true
  const earlier = [...series.runs.values()].filter((run) => run.tick < tick && Math.floor(run.tick / 60) === minute)
  const { delaySeconds } = series.schedule ?? {}
  // When @every has fallen out of step, the tick is none of the controller's any more, whatever name it would have.
  return earlier.some((run) => delaySeconds === undefined || (tick - run.tick) % delaySeconds === 0)
}

function forgetRuns(series: Series, now: number, settleSeconds: number): void {
  const open = new Set(series.open.map(({ tick }) => tick))
  for (const run of series.runs.values()) {
    const isOver = run.isGone && now >= (run.end?.seenAt ?? now) + settleSeconds
    if (isOver && !open.has(run.tick)) series.runs.delete(run.jobUid)
  }
}
