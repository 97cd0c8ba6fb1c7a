// SPDX-License-Identifier: Apache-2.0
import type { FieldSchedule, FieldSet } from './schedule.ts'
import type { Zone } from './zone.ts'

/** A unit of time as clocks show it. `local` is what `clocks` gives for `at`, and not needed by the caller any more. */
export interface Unit {
  fits(schedule: FieldSchedule, local: Date): boolean
  /** Where the unit that `at` is in begins. */
  begin(zone: Zone, at: number, local: Date): number
  /** The same moment of the following unit, or of a later one that fits or is the first, when none between does. */
  following(zone: Zone, at: number, local: Date, schedule: FieldSchedule): number
  /** Whether this is the first unit of the next larger one. */
  isFirst(local: Date): boolean
}

const month: Unit = {
  fits: ({ months }, local) => months.values.includes(local.getUTCMonth() + 1),
  begin: (zone, _, local) => instant(zone, Date.UTC(local.getUTCFullYear(), local.getUTCMonth())),
  following: (zone, _, local) => instant(zone, local.setUTCMonth(local.getUTCMonth() + 1)),
  isFirst: (local) => local.getUTCMonth() === 0,
}

const day: Unit = {
  fits: ({ daysOfMonth, daysOfWeek }, local) => {
    const inMonth = daysOfMonth.values.includes(local.getUTCDate())
    const inWeek = daysOfWeek.values.includes(local.getUTCDay())
    return daysOfMonth.star || daysOfWeek.star ? inMonth && inWeek : inMonth || inWeek
  },
  begin: (zone, _, local) => instant(zone, local.setUTCHours(0, 0, 0)),
  following: (zone, _, local) => {
    const tomorrow = instant(zone, local.setUTCDate(local.getUTCDate() + 1))
    const hours = clocks(zone, tomorrow).getUTCHours()
    // Clocks that skip midnight show 23:00 or 1:00 in its place.
    return tomorrow + (hours > 12 ? 24 - hours : -hours) * 3600
  },
  isFirst: (local) => local.getUTCDate() === 1,
}

const hour: Unit = {
  fits: ({ hours }, local) => hours.values.includes(local.getUTCHours()),
  begin: (zone, _, local) => instant(zone, local.setUTCMinutes(0, 0)),
  following: (zone, at, local, { hours }) => countOn(hours, local.getUTCHours(), 24, at, 3600, zone),
  isFirst: (local) => local.getUTCHours() === 0,
}

const minute: Unit = {
  fits: ({ minutes }, local) => minutes.values.includes(local.getUTCMinutes()),
  begin: (_, at) => Math.floor(at / 60) * 60,
  following: (zone, at, local, { minutes }) => countOn(minutes, local.getUTCMinutes(), 60, at, 60, zone),
  isFirst: (local) => local.getUTCMinutes() === 0,
}

/** Ticks come on full minutes; since 1972 all offsets are whole minutes too, so that the next one can be told at once. */
const second: Unit = {
  fits: (_, local) => local.getUTCSeconds() === 0,
  begin: (_, at) => at,
  following: (_, at, local) => at + 60 - local.getUTCSeconds(),
  isFirst: (local) => local.getUTCSeconds() === 0,
}

/** From the largest to the smallest. */
export const units: readonly Unit[] = [month, day, hour, minute, second]

/** Counts up to the next value that fits or to the first of the next round; by one where clocks change on the way. */
function countOn({ values }: FieldSet, value: number, round: number, at: number, seconds: number, zone: Zone): number {
  const wanted = values.find((later) => later > value) ?? round
  const ahead = at + (wanted - value) * seconds
  return ahead <= zone.stretchAt(at).untilSeconds ? ahead : at + seconds
}

/** What the zone's clocks show at an instant, as the UTC side of a Date. */
export function clocks(zone: Zone, unixSeconds: number): Date {
  return new Date((unixSeconds + zone.stretchAt(unixSeconds).offsetSeconds) * 1000)
}

/**
 * The instant at which clocks show a time, given as Date.UTC counts it. Of two such instants, and for a time that clocks
 * skip, the one that Go's time.Date takes: the offset is looked up twice, first as if the time were UTC.
 */
function instant(zone: Zone, localMilliseconds: number): number {
  const local = localMilliseconds / 1000
  const guess = local - zone.stretchAt(local).offsetSeconds
  return local - zone.stretchAt(guess).offsetSeconds
}
