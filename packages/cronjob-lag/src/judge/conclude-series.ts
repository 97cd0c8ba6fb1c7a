// SPDX-License-Identifier: Apache-2.0
import { concludeKill } from './conclude-kill.ts'
import { concludeRun, type RunRules } from './conclude-run.ts'
import { concludeOver, concludeTick, isStartableAt } from './conclude-tick.ts'
import type { JudgeOptions } from './options.ts'
import type { Run } from './run.ts'
import { runOf, type Series, ticksWithoutRun } from './series.ts'
import type { OpenTick } from './tick.ts'
import type { Conclusion, Outcome } from './verdict.ts'

/** Judges what can be judged of a CronJob as of `now`: the ticks in their order, then who ended which run. */
export function concludeSeries(series: Series, options: JudgeOptions, now: number): readonly Outcome[] {
  // As it was before: a run may have been deleted for a tick that is concluded now.
  const waiting = ticksWithoutRun(series)
  const outcomes = [...concludeTicks(series, options, now), ...concludeKills(series, waiting, options, now)]
  while (series.history.length > options.mostRuns) series.history.shift()
  return outcomes
}

function concludeTicks(series: Series, options: JudgeOptions, now: number): readonly Outcome[] {
  const outcomes: Outcome[] = []
  const crowded = crowdedOut(series, options.mostOpenTicks, now)
  const stillOpen: OpenTick[] = []
  for (const open of series.open) {
    const run = runOf(series, open.tick)
    const conclusion =
      concludeOpen(series, open, run, options, now) ??
      (crowded.has(open) ? concludeOver(series, open, 'superseded', options.settleSeconds) : undefined)
    if (conclusion === undefined) stillOpen.push(open)
    if (conclusion === undefined || conclusion === 'withdrawn') continue
    if (run === undefined && open.isBefore) continue
    series.history.push({ tick: open.tick, conclusion, run })
    if (isCounted(series, open, run, options)) outcomes.push(tickOutcome(series, open.tick, run, conclusion))
  }
  series.open = stillOpen
  return outcomes
}

function concludeOpen(
  series: Series,
  open: OpenTick,
  run: Run | undefined,
  options: JudgeOptions,
  now: number,
): Conclusion | 'withdrawn' | undefined {
  const { settleSeconds } = options
  const objectiveSeconds = series.cronJob === undefined ? 0 : options.objectiveSecondsOf(series.cronJob)
  const conclusion =
    run === undefined
      ? concludeTick(series, open, settleSeconds, now)
      : concludeOwnRun(open, run, { objectiveSeconds, settleSeconds }, now)
  const { deletedAt } = series
  if (conclusion !== undefined || deletedAt === undefined || now < deletedAt + settleSeconds) return conclusion
  // Deleted with its CronJob: what was late by then would have been lost without a trace, the rest is due no more.
  if (deletedAt - open.tick <= objectiveSeconds) return 'withdrawn'
  if (run === undefined) return concludeOver(series, open, 'superseded', settleSeconds)
  const { end = { result: 'deleted', at: deletedAt, seenAt: deletedAt, reason: '' } } = run
  return concludeRun(open.tick, { ...run, end }, { objectiveSeconds, settleSeconds }, Number.POSITIVE_INFINITY)
}

/** A run that catches up with a suspension which nobody saw was never due at its time. */
function concludeOwnRun(open: OpenTick, run: Run, rules: RunRules, now: number): Conclusion | undefined {
  const conclusion = concludeRun(open.tick, run, rules, now)
  const hasCaughtUp = open.mayBeUndue && run.createdAt > open.tick + rules.settleSeconds
  return hasCaughtUp && conclusion?.verdict === 'late' ? { verdict: 'unknown', reason: undefined } : conclusion
}

/** Of too many ticks without a Job all but the oldest and the newest: the controller starts none but the newest. */
function crowdedOut(series: Series, most: number, now: number): ReadonlySet<OpenTick> {
  const waiting = ticksWithoutRun(series).filter(
    ({ tick, withdrawn, recordedAt }) => tick <= now && withdrawn === undefined && recordedAt === undefined,
  )
  return new Set(waiting.slice(1, 1 + Math.max(0, waiting.length - most)))
}

/** A Job made right after the first sight may be one that a change just before it let start. */
function isCounted(
  { sightAt }: Series,
  open: OpenTick,
  run: Run | undefined,
  { settleSeconds }: JudgeOptions,
): boolean {
  if (!open.isBefore || run === undefined) return true
  return run.createdAt <= sightAt || run.createdAt > sightAt + settleSeconds
}

function tickOutcome(series: Series, tick: number, run: Run | undefined, conclusion: Conclusion): Outcome {
  const { job, createdAt, scheduledAt, pulledAt, startedAt, heldSeconds = 0 } = run ?? {}
  const times = { createdAt, scheduledAt, pulledAt, startedAt, heldSeconds }
  return { type: 'tick', ...subject(series, tick), ...conclusion, job, ...times }
}

function concludeKills(
  series: Series,
  waiting: readonly OpenTick[],
  options: JudgeOptions,
  now: number,
): readonly Outcome[] {
  const { settleSeconds } = options
  const outcomes: Outcome[] = []
  for (const run of series.runs.values()) {
    if (run.isKillJudged || run.isSettled) continue
    const kill = concludeKill(run, { isReplaced: isReplaced(series, run, waiting), settleSeconds }, now)
    if (kill !== undefined) {
      run.isKillJudged = true
      const judged = series.history.find((one) => one.run === run)
      if (judged !== undefined) judged.kill = kill
      outcomes.push({ type: 'kill', ...subject(series, run.tick), job: run.job, ...kill })
      continue
    }
    // Explained by the Job as it is now, which later may be otherwise.
    if (run.podTakenAt !== undefined && now >= run.podTakenAt + settleSeconds) delete run.podTakenAt
    if (run.end !== undefined && now >= run.end.seenAt + settleSeconds) run.isSettled = true
  }
  return outcomes
}

/** Whether the controller had a newer run to start, or has started it, when this one was deleted. */
function isReplaced(series: Series, run: Run, waiting: readonly OpenTick[]): boolean {
  const { cronJob, deletedAt } = series
  if (cronJob?.policy !== 'Replace' || deletedAt !== undefined || run.end === undefined) return false
  const { at, seenAt } = run.end
  const runs = [...series.runs.values()]
  return (
    runs.some(({ tick, createdAt }) => tick > run.tick && Math.min(tick, createdAt) <= at + 1) ||
    waiting.some((open) => open.tick > run.tick && open.tick <= seenAt && isStartableAt(series, open, seenAt))
  )
}

function subject(series: Series, tick: number) {
  return { uid: series.uid, namespace: series.namespace, cronJob: series.name, tick }
}
