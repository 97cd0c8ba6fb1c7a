// SPDX-License-Identifier: Apache-2.0
import { parseSchedule, type Schedule, ticksBetween } from '@leadline/kube'
import type { Declared } from '../declared.ts'

/** A stretch of time. */
export interface Window {
  /** Unix seconds, on a full minute. */
  readonly fromSeconds: number
  /** Whole minutes. */
  readonly minutes: number
}

/** CronJobs that share a schedule and a zone, in the order of the files. */
export interface SameSchedule {
  readonly members: readonly Declared[]
  /** Minutes of the window in which each of them starts. */
  readonly minutes: readonly number[]
}

/** The runs that come in a window. */
export interface Starts {
  readonly window: Window
  /** Runs in each of its minutes. */
  readonly perMinute: readonly number[]
  readonly groups: readonly SameSchedule[]
  /** CronJobs with `@every`: their runs are counted from the one before, so that nobody can tell the minutes. */
  readonly unplaced: number
}

/** The runs of CronJobs in a window. Those that are suspended, or whose schedule is refused, have none. */
export function countStarts(declared: readonly Declared[], window: Window): Starts {
  const groups: SameSchedule[] = []
  let unplaced = 0
  for (const members of bySchedule(declared)) {
    const schedule = scheduleOf(members[0] as Declared)
    if (schedule?.kind === 'delay') unplaced += members.length
    else if (schedule !== undefined) groups.push({ members, minutes: minutesOf(schedule, window) })
  }
  const perMinute = Array.from({ length: window.minutes }, () => 0)
  for (const { members, minutes } of groups) {
    for (const minute of minutes) perMinute[minute] = (perMinute[minute] ?? 0) + members.length
  }
  return { window, perMinute, groups, unplaced }
}

function bySchedule(declared: readonly Declared[]): Iterable<Declared[]> {
  const groups = new Map<string, Declared[]>()
  for (const one of declared) {
    if (one.suspended.value) continue
    const key = JSON.stringify([one.schedule.value, one.timeZone.value])
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [one])
    else members.push(one)
  }
  return groups.values()
}

function scheduleOf({ schedule, timeZone }: Declared): Schedule | undefined {
  return parseSchedule(schedule.value, { timeZone: timeZone.value }).schedule
}

function minutesOf(schedule: Schedule, { fromSeconds, minutes }: Window): number[] {
  const ticks = ticksBetween(schedule, fromSeconds - 1, fromSeconds + minutes * 60 - 1, minutes)
  return ticks.map((tick) => Math.floor((tick - fromSeconds) / 60))
}
