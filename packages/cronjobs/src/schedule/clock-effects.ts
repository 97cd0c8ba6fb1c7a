// SPDX-License-Identifier: Apache-2.0
import { type FieldSchedule, findZone, ticksBetween } from '@leadline/kube'
import { localTime } from './local-time.ts'

/** Clocks of a zone put forward or back. All in unix seconds or seconds. */
export interface ClockChange {
  /** The first instant with the new offset. */
  readonly at: number
  /** Seconds ahead of UTC before and after it. */
  readonly before: number
  readonly after: number
}

/** What a change of the clocks does to a schedule. */
export interface ClockEffect extends ClockChange {
  /** Runs do not come, or come twice. */
  readonly kind: 'skipped' | 'repeated'
  /** The times of these runs on the clocks, as seconds since 1970 on a clock without a zone; never empty. */
  readonly localTimes: readonly number[]
}

/** The changes of a zone's clocks in (from, to], in unix seconds. Throws RangeError for a zone that is not known. */
export function* clockChanges(timeZone: string, fromSeconds: number, toSeconds: number): Generator<ClockChange> {
  const zone = findZone(timeZone)
  if (zone === undefined) throw new RangeError(`time zone ${timeZone} is not known`)
  let stretch = zone.stretchAt(fromSeconds)
  while (stretch.untilSeconds <= toSeconds) {
    const at = stretch.untilSeconds
    const next = zone.stretchAt(at)
    if (next.offsetSeconds !== stretch.offsetSeconds) {
      yield { at, before: stretch.offsetSeconds, after: next.offsetSeconds }
    }
    stretch = next
  }
}

/** Most times of one change that are listed. */
const mostTimes = 60

/**
 * What the changes of the clocks in (from, to] do to a schedule. Of one that runs in all hours nothing is told: its runs are
 * as far apart as ever.
 */
export function* clockEffects(schedule: FieldSchedule, fromSeconds: number, toSeconds: number): Generator<ClockEffect> {
  if (schedule.hours.values.length === 24) return
  // On a clock that is never changed, the fields alone say what the times are.
  const unchanged = { ...schedule, timeZone: 'UTC' }
  for (const change of clockChanges(schedule.timeZone, fromSeconds, toSeconds)) {
    const { at, before, after } = change
    const [first, end] = [at + Math.min(before, after), at + Math.max(before, after)]
    const localTimes = ticksBetween(unchanged, first - 1, end - 1, mostTimes)
    if (localTimes.length > 0) yield { ...change, kind: after > before ? 'skipped' : 'repeated', localTimes }
  }
}

/** An effect in words. */
export function effectText({ at, before, after, kind, localTimes }: ClockEffect, timeZone: string): string {
  const [first = 0] = localTimes
  const { day, minutes } = localTime(first)
  const others = localTimes.length > 1 ? ` and ${localTimes.length - 1} more` : ''
  const what = kind === 'skipped' ? 'does not come' : 'comes twice'
  const direction = after > before ? 'forward' : 'back'
  const [from, to] = [localTime(at + before).minutes, localTime(at + after).minutes]
  return `the run of ${day} ${minutes}${others} ${what}: clocks in ${timeZone} go ${direction} from ${from} to ${to}`
}
