// SPDX-License-Identifier: Apache-2.0
import type { HistogramValue } from '@leadline/kit'
import type { RecentDurations } from './view.ts'

/**
 * What a histogram counted between two readings that lie so many seconds apart. Both have the same bounds, and the later
 * one counts no less in any bucket.
 */
export function recentDurations(before: HistogramValue, after: HistogramValue, seconds: number): RecentDurations {
  const count = after.count - before.count
  if (count === 0) return { seconds, count, mean: undefined, p99: undefined, longest: undefined }
  const buckets = after.buckets.map(([bound, cumulative], i) => {
    return [bound, cumulative - (before.buckets[i]?.[1] ?? 0)] as const
  })
  const mean = Math.max(0, after.sum - before.sum) / count
  const longest = buckets.find(([, cumulative]) => cumulative >= count)?.[0] ?? Number.POSITIVE_INFINITY
  return { seconds, count, mean, p99: quantile(0.99, { buckets, count }), longest }
}

/**
 * A quantile by linear interpolation within its bucket, as PromQL's histogram_quantile: the first bucket begins at 0, and
 * what lies beyond the last bound counts as that bound. Undefined when nothing was observed or there are no buckets.
 */
export function quantile(
  part: number,
  { buckets, count }: Pick<HistogramValue, 'buckets' | 'count'>,
): number | undefined {
  if (count === 0) return undefined
  const rank = part * count
  const i = buckets.findIndex(([, cumulative]) => cumulative >= rank)
  const [bound, cumulative] = buckets[i] ?? [buckets.at(-1)?.[0], undefined]
  if (bound === undefined || cumulative === undefined) return bound
  const [lowerBound, below] = buckets[i - 1] ?? [0, 0]
  return lowerBound + (bound - lowerBound) * ((rank - below) / (cumulative - below))
}
