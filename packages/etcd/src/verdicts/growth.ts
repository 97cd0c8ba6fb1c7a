// SPDX-License-Identifier: Apache-2.0
import { type Point, robustSlope } from './robust-slope.ts'
import { forecastReach } from './thresholds.ts'

/** Points that a window holds at most. */
const windowPoints = 40

/** Lengths of the windows, in seconds: the shortest tells of a quota that is used up in a minute, the longest in days. */
const windowSeconds = [20, 120, 1800, 21_600] as const

/** A window with fewer points, or with a shorter span in seconds, says nothing. */
const fewestPoints = 8
const shortestSpanSeconds = 12

/** The part of a window's growth that each third of it must have. */
const smallestShare = 0.2

/** A size over time, thinned so that it stays small whatever the length of the history. */
export interface Growth {
  /** Takes a size; `now` in monotonic seconds. A call that is too soon for a window leaves that window as it is. */
  add(now: number, bytes: number): void
  /** Seconds after the last `add` until the size reaches `aim`; infinite when it does not grow, or not so soon that the
   * history tells; 0 when it has. Undefined when the history is too short to tell. */
  secondsUntil(aim: number): number | undefined
}

/** Keeps one size in windows of several lengths: the shortest time that any of them forecasts is what counts. */
export function createGrowth(): Growth {
  let windows: readonly (readonly Point[])[] = windowSeconds.map(() => [])
  let last: Point | undefined
  return {
    add(now, value) {
      last = { at: now, value }
      const point = last
      windows = windows.map((points, i) => withPoint(points, point, windowSeconds[i] ?? 0))
    },
    secondsUntil(aim) {
      if (last === undefined) return undefined
      if (last.value >= aim) return 0
      const { at, value } = last
      const forecasts = windows.flatMap((points) => forecast(points, at, aim - value) ?? [])
      return forecasts.length === 0 ? undefined : Math.min(...forecasts)
    },
  }
}

function withPoint(points: readonly Point[], point: Point, seconds: number): readonly Point[] {
  const newest = points.at(-1)
  // A little less than the step, or points that come at that very pace would be missed by a hair every other time.
  if (newest !== undefined && point.at - newest.at < (seconds / windowPoints) * 0.95) return points
  return [...points, point].filter(({ at }) => point.at - at <= seconds)
}

/** Seconds from `now` in which the room is filled at the window's pace. */
function forecast(points: readonly Point[], now: number, room: number): number | undefined {
  const first = points[0]
  if (first === undefined || points.length < fewestPoints || now - first.at < shortestSpanSeconds) return undefined
  const slope = growsThroughout(points) ? (robustSlope(points) ?? 0) : 0
  const seconds = slope > 0 ? room / slope : Number.POSITIVE_INFINITY
  return seconds <= (now - first.at) * forecastReach ? seconds : Number.POSITIVE_INFINITY
}

/** Whether each third of the points has its share: neither a burst nor what has ended is to be carried forward. */
function growsThroughout(points: readonly Point[]): boolean {
  const values = [0, 1, 2, 3].map((third) => points[Math.floor(((points.length - 1) * third) / 3)]?.value ?? 0)
  const gains = values.slice(1).map((value, i) => value - (values[i] ?? 0))
  const total = gains.reduce((sum, gain) => sum + gain, 0)
  return total > 0 && gains.every((gain) => gain >= total * smallestShare)
}
