// SPDX-License-Identifier: Apache-2.0
import { clocks, type Unit, units } from './clock-units.ts'
import type { FieldSchedule, Schedule } from './schedule.ts'
import { findZone, type Zone } from './zone.ts'

/**
 * The first tick after an instant, both in unix seconds, as robfig/cron v3.0.1 gives it to Kubernetes; undefined when the
 * next five years have none. Of `@every` it is the instant, cut to whole seconds, plus the delay: ask with the last tick.
 * Where clocks are put forward, ticks of the hour left out don't come; where they are put back, those of the hour shown
 * twice come twice. Throws RangeError for a zone that `parseSchedule` did not see and for what is no instant.
 */
export function nextTick(schedule: Schedule, afterSeconds: number): number | undefined {
  if (schedule.kind === 'delay') return Math.floor(afterSeconds) + schedule.delaySeconds
  const { minutes, hours, months } = schedule
  if (minutes.values.length === 0 || hours.values.length === 0 || months.values.length === 0) return undefined
  const zone = findZone(schedule.timeZone)
  if (zone === undefined) throw new RangeError(`time zone ${schedule.timeZone} is not known`)
  return search(schedule, zone, Math.floor(afterSeconds) + 1)
}

const years = 5

/**
 * Months, then days, hours, minutes, seconds: each is counted on until it fits. One that runs over into the next larger
 * unit begins the search anew from the months, but only as the clocks show it: where a day begins at 1:00, the hours run
 * into it unseen, and the day is not looked at again. What Kubernetes runs depends on all of this.
 */
function search(schedule: FieldSchedule, zone: Zone, fromSeconds: number): number | undefined {
  let at = fromSeconds
  let local = clocks(zone, at)
  let counted = false
  let endless = false
  const moveTo = (instantSeconds: number): void => {
    at = instantSeconds
    local = clocks(zone, at)
  }
  const carriesOver = (unit: Unit): boolean => {
    while (!unit.fits(schedule, local)) {
      if (!counted) moveTo(unit.begin(zone, at, local))
      counted = true
      const following = unit.following(zone, at, local, schedule)
      // At a day that a zone left out, as Apia did in 2011, the library counts on the spot for ever: no tick comes of it.
      endless = following <= at
      moveTo(following)
      if (endless || unit.isFirst(local)) return true
    }
    return false
  }
  const lastYear = local.getUTCFullYear() + years
  const goesOn = (): boolean => !endless && local.getUTCFullYear() <= lastYear
  while (goesOn()) {
    if (!units.some(carriesOver)) return at
  }
  return undefined
}
