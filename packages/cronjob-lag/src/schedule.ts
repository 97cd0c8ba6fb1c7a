// SPDX-License-Identifier: Apache-2.0
import { nextTick, parseSchedule } from '@leadline/kube'

/** When a CronJob is due, as the judge asks it. */
export interface Schedule {
  /** The first tick after an instant, both in unix seconds; undefined when none comes. */
  next(afterSeconds: number): number | undefined
  /** Seconds between the ticks of an `@every` schedule, which are counted from the last run; undefined for all others. */
  readonly delaySeconds: number | undefined
}

/** Why a CronJob has no ticks. */
export const invalidReasons = ['unparseable', 'unknown_zone', 'impossible'] as const

/** One of `invalidReasons`. */
export type InvalidReason = (typeof invalidReasons)[number]

/** The schedule of a CronJob's spec, or why it has none; `controllerTimeZone` is for a spec without a zone. */
export function readSchedule(
  text: string,
  timeZone: string | undefined,
  controllerTimeZone = 'UTC',
): Schedule | InvalidReason {
  const { schedule, problem } = parseSchedule(text, { timeZone, controllerTimeZone })
  if (schedule === undefined) return problem.field === 'timeZone' ? 'unknown_zone' : 'unparseable'
  return {
    next: (afterSeconds) => nextTick(schedule, afterSeconds),
    delaySeconds: schedule.kind === 'delay' ? schedule.delaySeconds : undefined,
  }
}
