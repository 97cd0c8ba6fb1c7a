// SPDX-License-Identifier: Apache-2.0
import { type Series, ticksWithoutRun } from './series.ts'
import type { OpenTick } from './tick.ts'

/** Opens the ticks that have come due up to `until`. Those of a suspended CronJob only pass the older ones. */
export function openTicks(series: Series, until: number): void {
  while (series.schedule !== undefined && series.next !== undefined && series.next <= until) {
    const tick = series.next
    setNext(series, nextAfter(series, tick))
    if (series.cronJob?.suspended) passOlder(series, tick, tick)
    else series.open.push(opened(series, tick, until))
  }
}

/** Counts the ticks anew from `from`, which is what the controller does when it sees another schedule. */
export function restartTicks(series: Series, from: number): void {
  const next = nextAfter(series, from)
  setNext(series, next)
  if (next !== undefined) delete series.invalid
  else if (series.schedule !== undefined) series.invalid = 'impossible'
}

/** Notes that no tick older than `tick` can start any more, known since `at`. */
export function passOlder(series: Series, tick: number, at: number): void {
  for (const open of ticksWithoutRun(series)) if (open.tick < tick) open.passedAt ??= at
}

/** The newest tick in (after, until]; undefined when there is none. */
export function newestTick(series: Series, after: number, until: number): number | undefined {
  const { schedule } = series
  if (schedule === undefined) return undefined
  // Ever further back, so that a year without runs is not gone through by the minute.
  for (const days of [1 / 24, 1, 32, 366, 366 * 6]) {
    const from = Math.max(after, until - days * 86_400)
    let newest: number | undefined
    let tick = schedule.delaySeconds === undefined ? schedule.next(from) : nextAfter(series, from)
    while (tick !== undefined && tick <= until) {
      newest = tick
      tick = nextAfter(series, tick)
    }
    if (newest !== undefined || from === after) return newest
  }
  return undefined
}

/** The first tick after an instant; those of `@every` are counted from the last run. */
export function nextAfter(series: Series, from: number): number | undefined {
  const { schedule, cronJob } = series
  if (schedule?.delaySeconds === undefined || cronJob === undefined) return schedule?.next(from)
  const { lastScheduledAt: last, createdAt } = cronJob
  if (last !== undefined && from < last) return isInStep(series, from) ? from + schedule.delaySeconds : last
  const base = last ?? createdAt
  const delays = Math.floor((from - base) / schedule.delaySeconds) + 1
  return base + Math.max(1, delays) * schedule.delaySeconds
}

/** Whether a time is whole delays of `@every` away from the last run. */
export function isInStep({ schedule, cronJob }: Series, at: number): boolean {
  const last = cronJob?.lastScheduledAt
  return last !== undefined && schedule?.delaySeconds !== undefined && (at - last) % schedule.delaySeconds === 0
}

function setNext(series: Series, next: number | undefined): void {
  if (next === undefined) delete series.next
  else series.next = next
}

function opened(series: Series, tick: number, until: number): OpenTick {
  const open: OpenTick = { tick }
  const last = series.cronJob?.lastScheduledAt
  const newer = [...series.runs.values()].map((run) => run.tick).filter((other) => other > tick)
  if (last !== undefined && last > tick) newer.push(last)
  const passing = Math.min(...newer)
  // A newer one in the future was started by a clock that has been set back, and bars this one as it comes.
  if (newer.length > 0) open.passedAt = passing <= until ? passing : tick
  if (last === tick) open.recordedAt = tick
  if (tick <= series.blindUntil) open.isBlind = true
  if (series.undueUntil !== undefined && tick <= series.undueUntil) open.mayBeUndue = true
  return open
}
