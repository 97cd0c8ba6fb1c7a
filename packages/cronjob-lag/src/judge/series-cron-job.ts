// SPDX-License-Identifier: Apache-2.0
import type { CronJobFacts } from '../objects/cron-job.ts'
import { isInStep, nextAfter, openTicks, passOlder, restartTicks } from './due-ticks.ts'
import type { JudgeOptions } from './options.ts'
import { noteActive, type Series, ticksWithoutRun } from './series.ts'

/** When an object was seen as it is, in unix seconds by the API server's clock. */
export interface Seen {
  readonly at: number
  /** Up to when everything had been seen before; undefined at first. */
  readonly horizon: number | undefined
  /** Whether all that came between was seen: false of a list that is read anew. */
  readonly isLive: boolean
}

/** Takes in a CronJob as it is. */
export function applyCronJob(series: Series, cronJob: CronJobFacts, seen: Seen, options: JudgeOptions): void {
  // What came due before the change was due by the old schedule.
  if (seen.isLive && series.isBegun) openTicks(series, seen.at)
  const before = series.cronJob
  series.cronJob = cronJob
  const dueBy = JSON.stringify(dueByOf(cronJob))
  if (series.dueBy === undefined) {
    readSchedule(series, cronJob, options)
    series.sightAt =
      cronJob.createdAt >= Math.floor(seen.horizon ?? Number.POSITIVE_INFINITY) ? cronJob.createdAt : seen.at
    restartTicks(series, series.sightAt)
  } else if (dueBy !== series.dueBy) {
    readSchedule(series, cronJob, options)
    change(series, before, series.dueBy, seen, options)
  } else if (before === undefined) {
    readSchedule(series, cronJob, options)
    if (series.next === undefined) restartTicks(series, seen.horizon ?? seen.at)
  } else {
    followPhase(series, before, cronJob, seen.at)
  }
  // It may have been suspended meanwhile, and not be any more.
  if (!seen.isLive && series.generation !== undefined && series.generation !== cronJob.generation) {
    series.undueUntil = seen.at
  }
  if (cronJob.generation !== undefined) series.generation = cronJob.generation
  series.dueBy = dueBy
  noteActive(series)
  noteLastSchedule(series, seen.at)
}

/** What the ticks of a CronJob hang on. */
type DueBy = readonly [schedule: string, zone: string | null, suspended: boolean]

function dueByOf({ schedule, timeZone, suspended, controllerTimeZone }: CronJobFacts): DueBy {
  const zone = timeZone ?? (controllerTimeZone === undefined ? null : `of the controller: ${controllerTimeZone}`)
  return [schedule, zone, suspended]
}

function readSchedule(series: Series, cronJob: CronJobFacts, { scheduleOf }: JudgeOptions): void {
  const read = scheduleOf(cronJob)
  delete series.schedule
  delete series.invalid
  if (typeof read === 'string') series.invalid = read
  else series.schedule = read
}

/**
 * The controller counts on from the last run by the new schedule, and starts at once what is due by it: such a run was
 * never due at its time. What was due by the old schedule only, and has no Job, will get none.
 */
function change(
  series: Series,
  before: CronJobFacts | undefined,
  dueByBefore: string,
  { at, horizon }: Seen,
  { settleSeconds }: JudgeOptions,
): void {
  const [schedule, zone, wasSuspended] = JSON.parse(dueByBefore) as DueBy
  const cronJob = series.cronJob ?? before
  const dueBy = cronJob && dueByOf(cronJob)
  const isOther = schedule !== dueBy?.[0] || zone !== dueBy[1]
  // A watch that was cut tells afterwards what it missed, so that the change may be as old as what was seen before.
  const changedAt = Math.min(at, horizon ?? at)
  const graceSeconds = Math.min(settleSeconds, cronJob?.startingDeadlineSeconds ?? settleSeconds)
  for (const open of ticksWithoutRun(series)) {
    const isRecent = at - open.tick <= graceSeconds
    const wasDueForLong = changedAt - open.tick > graceSeconds
    const isGone = isOther && !isDueAt(series, open.tick)
    // Blocked when it was suspended, it could not be started before, and can't be now.
    const isBlocked = (open.blockedUntil ?? Number.NEGATIVE_INFINITY) >= changedAt - settleSeconds
    const isStopped = cronJob?.suspended === true && !wasSuspended && (!wasDueForLong || isBlocked)
    if (!isGone && !isStopped) continue
    open.withdrawn ??= { at, isLost: !isRecent }
    if (!isRecent && !wasDueForLong) open.mayBeUndue = true
  }
  // A clock that was set back must not bring ticks a second time.
  restartTicks(series, Math.max(at, ...[...series.open, ...series.history].map(({ tick }) => tick)))
}

function isDueAt(series: Series, tick: number): boolean {
  return series.schedule?.delaySeconds === undefined && series.schedule?.next(tick - 1) === tick
}

/** Ticks of `@every` are counted from the last run, which may be out of step after a deadline has passed. */
function followPhase(series: Series, before: CronJobFacts, after: CronJobFacts, at: number): void {
  if (series.schedule?.delaySeconds === undefined || before.lastScheduledAt === after.lastScheduledAt) return
  // What was due before the last run is to be opened yet: the controller's clock may be ahead, or the list be read anew.
  if (series.next !== undefined && isInStep(series, series.next)) return
  const next = nextAfter(series, at)
  if (next !== undefined && series.isBegun) series.next = next
}

function noteLastSchedule(series: Series, at: number): void {
  const last = series.cronJob?.lastScheduledAt
  if (last === undefined) return
  passOlder(series, last, at)
  for (const open of ticksWithoutRun(series)) if (open.tick === last) open.recordedAt ??= at
}
