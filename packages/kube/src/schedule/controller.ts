// SPDX-License-Identifier: Apache-2.0
import { nextTick } from './next.ts'
import type { Schedule } from './schedule.ts'

/** What the CronJob controller looks at to find the tick that is due. All times in unix seconds. */
export interface TickState {
  /** `metadata.creationTimestamp`. */
  readonly createdAt: number
  /** `status.lastScheduleTime`; undefined before the first run. */
  readonly lastScheduledAt: number | undefined
  /** `spec.startingDeadlineSeconds`; undefined when it has none. */
  readonly startingDeadlineSeconds: number | undefined
}

/** The controller's answer at one instant. */
export interface DueTick {
  /** The tick that it would start now, in unix seconds; undefined when none. It may be one that already ran. */
  readonly tickAt: number | undefined
  /**
   * How many ticks it takes to have passed since the last one, by its own estimate: `many` above 100, which brings the
   * event TooManyMissedTimes and no other harm. `none` also when a single tick is due.
   */
  readonly missed: 'none' | 'few' | 'many'
  /** Whether it gives up on the schedule, with the event InvalidSchedule, since no further tick comes in five years. */
  readonly invalid: boolean
}

const manyTicks = 100

/**
 * Which tick the CronJob controller of Kubernetes 1.36 (pkg/controller/cronjob, mostRecentScheduleTime) starts at an
 * instant: the newest one since the last run, and not older than the deadline. It guesses where to look from the time
 * between the first two missed ticks, so of uneven schedules such as `0 8-9 * * 1-5` it finds none after a long gap,
 * although some were missed; these runs are lost. Throws RangeError as `nextTick` does.
 */
export function dueTick(schedule: Schedule, state: TickState, nowSeconds: number): DueTick {
  const first = nextTick(schedule, countFrom(state, nowSeconds))
  if (first === undefined) return { tickAt: undefined, missed: 'none', invalid: true }
  if (nowSeconds < first) return { tickAt: undefined, missed: 'none', invalid: false }
  const second = nextTick(schedule, first)
  if (second === undefined) return { tickAt: undefined, missed: 'none', invalid: true }
  if (nowSeconds < second) return { tickAt: first, missed: 'none', invalid: false }
  const interval = second - first
  const ticks = Math.floor((nowSeconds - first) / interval) + 1
  return {
    tickAt: newestTick(schedule, first + (ticks - 2) * interval, nowSeconds),
    missed: ticks > manyTicks ? 'many' : 'few',
    invalid: false,
  }
}

function countFrom({ createdAt, lastScheduledAt, startingDeadlineSeconds }: TickState, nowSeconds: number): number {
  const lastAt = lastScheduledAt ?? createdAt
  return startingDeadlineSeconds === undefined ? lastAt : Math.max(lastAt, nowSeconds - startingDeadlineSeconds)
}

function newestTick(schedule: Schedule, fromSeconds: number, nowSeconds: number): number | undefined {
  let newest: number | undefined
  for (
    let tick = nextTick(schedule, fromSeconds);
    tick !== undefined && tick <= nowSeconds;
    tick = nextTick(schedule, tick)
  ) {
    newest = tick
  }
  return newest
}
