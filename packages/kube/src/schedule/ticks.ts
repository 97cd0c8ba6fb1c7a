// SPDX-License-Identifier: Apache-2.0
import { nextTick } from './next.ts'
import type { Schedule } from './schedule.ts'

/**
 * The first `limit` ticks in the half-open interval (from, to], in rising order, all in unix seconds. Ticks of `@every` are
 * counted from `fromSeconds`. Throws RangeError as `nextTick` does.
 */
export function ticksBetween(schedule: Schedule, fromSeconds: number, toSeconds: number, limit: number): number[] {
  const ticks: number[] = []
  let tick = nextTick(schedule, fromSeconds)
  while (tick !== undefined && tick <= toSeconds && ticks.length < limit) {
    ticks.push(tick)
    tick = nextTick(schedule, tick)
  }
  return ticks
}
