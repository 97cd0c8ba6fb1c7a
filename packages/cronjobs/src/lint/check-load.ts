// SPDX-License-Identifier: Apache-2.0
import type { Declared } from '../declared.ts'
import { utcText } from '../schedule/local-time.ts'
import type { Finding } from './finding.ts'
import type { SameSchedule, Starts, Window } from './starts.ts'

/**
 * Most runs that are to start in one minute. Of 300 runs of one minute the stock controller manager of Kubernetes 1.36, each of
 * whose controllers makes 20 requests a second, had created the last Job after 34 s and the last pod after 62 s, measured:
 * some 290 a minute when it has nothing else to do. This is a third of it.
 */
export const usualMostStarts = 100

/** Minutes in which more runs start than are good, and full hours that too many CronJobs share. */
export function* checkLoad(starts: Starts, mostStarts: number): Generator<Finding> {
  const busy = busyMinutes(starts, mostStarts)
  for (const minuteOfHour of new Set(busy.map((minute) => minute.minuteOfHour))) {
    yield busyFinding(
      starts,
      busy.filter((minute) => minute.minuteOfHour === minuteOfHour),
      mostStarts,
    )
  }
  if (!busy.some(({ minuteOfHour }) => minuteOfHour === 0)) yield* checkFullHour(starts, mostStarts)
}

interface BusyMinute {
  readonly minute: number
  readonly minuteOfHour: number
  readonly count: number
}

function busyMinutes({ perMinute, window }: Starts, mostStarts: number): BusyMinute[] {
  return perMinute.flatMap((count, minute) =>
    count > mostStarts ? [{ minute, minuteOfHour: minuteOfHourOf(window, minute), count }] : [],
  )
}

function busyFinding(starts: Starts, minutes: readonly BusyMinute[], mostStarts: number): Finding {
  const worst = minutes.reduce((a, b) => (b.count > a.count ? b : a))
  const at = utcText(starts.window.fromSeconds + worst.minute * 60)
  const others = minutes.length > 1 ? `, and more than ${mostStarts} at ${minutes.length - 1} more such minutes` : ''
  const members = membersOf(starts.groups.filter((group) => group.minutes.includes(worst.minute)))
  const message = `${worst.count} runs start in the minute of ${at}${others}; ${quietText(starts, mostStarts)}`
  return { rule: 'busy-minute', place: firstPlace(members), message }
}

function* checkFullHour(starts: Starts, mostStarts: number): Generator<Finding> {
  const { groups, window } = starts
  const members = membersOf(
    groups.filter(({ minutes }) => minutes.some((minute) => minuteOfHourOf(window, minute) === 0)),
  )
  if (members.length <= mostStarts) return
  const message = `${members.length} CronJobs start at minute 0 of some hour; ${quietText(starts, mostStarts)}`
  yield { rule: 'full-hour', place: firstPlace(members), message }
}

function membersOf(groups: readonly SameSchedule[]): Declared[] {
  return groups.flatMap(({ members }) => members)
}

/** The schedule that stands first, in the order of the files' names. */
function firstPlace(members: readonly Declared[]): Finding['place'] {
  const places = members.map(({ schedule }) => schedule.place)
  return places.toSorted(comparePlaces)[0] ?? { file: '', line: 0, column: 0 }
}

/** Orders places by file, line and column. */
export function comparePlaces(a: Finding['place'], b: Finding['place']): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

/** How many quiet minutes are named. */
const quietCount = 5

/** The minutes of the hour with the fewest runs and room for more at every hour; of several, ones that lie apart. */
function quietMinutes({ perMinute, window }: Starts, mostStarts: number): number[] {
  const sums = Array.from({ length: 60 }, () => 0)
  const full = new Set<number>()
  for (const [minute, count] of perMinute.entries()) {
    const minuteOfHour = minuteOfHourOf(window, minute)
    sums[minuteOfHour] = (sums[minuteOfHour] ?? 0) + count
    if (count >= mostStarts) full.add(minuteOfHour)
  }
  // 23 and 60 have no divisor in common, so that all minutes come, and neighbours far from each other.
  const apart = Array.from({ length: 60 }, (_, i) => ((i + 1) * 23) % 60)
  const open = apart.filter((minuteOfHour) => minuteOfHour !== 0 && !full.has(minuteOfHour))
  return open.toSorted((a, b) => (sums[a] ?? 0) - (sums[b] ?? 0)).slice(0, quietCount)
}

function quietText(starts: Starts, mostStarts: number): string {
  const quiet = quietMinutes(starts, mostStarts).toSorted((a, b) => a - b)
  if (quiet.length === 0) return 'no minute of the hour has room for more; run some less often'
  return `spread them, for example over the quiet minute${quiet.length === 1 ? '' : 's'} ${quiet.join(', ')}`
}

function minuteOfHourOf({ fromSeconds }: Window, minute: number): number {
  return (fromSeconds / 60 + minute) % 60
}
