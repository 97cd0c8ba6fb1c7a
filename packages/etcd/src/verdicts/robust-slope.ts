// SPDX-License-Identifier: Apache-2.0

/** A value at a time. */
export interface Point {
  /** Monotonic seconds. */
  readonly at: number
  readonly value: number
}

/**
 * The Theil-Sen slope: the median of the slopes between all pairs of points, per second. Up to 29 % of the points may lie
 * anywhere without moving it. Undefined when no two differ in time. Costs the square of the points.
 */
export function robustSlope(points: readonly Point[]): number | undefined {
  const slopes = points.flatMap((b, i) =>
    points.slice(0, i).flatMap((a) => (b.at > a.at ? [(b.value - a.value) / (b.at - a.at)] : [])),
  )
  slopes.sort((a, b) => a - b)
  const middle = Math.floor(slopes.length / 2)
  const upper = slopes[middle]
  if (upper === undefined || slopes.length % 2 === 1) return upper
  return ((slopes[middle - 1] ?? upper) + upper) / 2
}
