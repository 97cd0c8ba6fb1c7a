// SPDX-License-Identifier: Apache-2.0
import type { HistogramValue } from '@leadline/kit'
import { type ParsedMetrics, type ParsedSample, readNumber } from './text-format.ts'

/** One histogram of a family, with its labels but `le`. */
export interface LabelledHistogram {
  readonly labels: ReadonlyMap<string, string>
  readonly value: HistogramValue
}

interface Parts {
  readonly labels: ReadonlyMap<string, string>
  readonly buckets: (readonly [bound: number, cumulativeCount: number])[]
  sum: number | undefined
  count: number | undefined
}

/** The histograms of a family in the order of the page; none when it is not there. One that contradicts itself is left out. */
export function histogramsOf(metrics: ParsedMetrics, family: string): readonly LabelledHistogram[] {
  const found = new Map<string, Parts>()
  const partsOf = (sample: ParsedSample): Parts => {
    const labels = new Map(sample.labels)
    labels.delete('le')
    const key = JSON.stringify([...labels].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const known = found.get(key)
    if (known !== undefined) return known
    const made: Parts = { labels, buckets: [], sum: undefined, count: undefined }
    found.set(key, made)
    return made
  }
  for (const sample of metrics.get(`${family}_bucket`) ?? []) {
    partsOf(sample).buckets.push([readNumber(sample.labels.get('le') ?? '') ?? Number.NaN, sample.value])
  }
  for (const sample of metrics.get(`${family}_sum`) ?? []) partsOf(sample).sum = sample.value
  for (const sample of metrics.get(`${family}_count`) ?? []) partsOf(sample).count = sample.value
  return [...found.values()].flatMap((parts) => {
    const value = whole(parts)
    return value === undefined ? [] : [{ labels: parts.labels, value }]
  })
}

/** The one histogram of a family without labels. */
export function histogramOf(metrics: ParsedMetrics, family: string): HistogramValue | undefined {
  return histogramsOf(metrics, family).find(({ labels }) => labels.size === 0)?.value
}

/** Histograms with the same bounds added up; undefined when there is none, or when their bounds differ. */
export function added(values: readonly HistogramValue[]): HistogramValue | undefined {
  const [first, ...others] = values
  if (first === undefined || !others.every((other) => haveSameBounds(first, other))) return undefined
  const total = (of: (value: HistogramValue) => number): number => values.reduce((sum, value) => sum + of(value), 0)
  return {
    buckets: first.buckets.map(([bound], i) => [bound, total(({ buckets }) => buckets[i]?.[1] ?? 0)]),
    sum: total(({ sum }) => sum),
    count: total(({ count }) => count),
  }
}

/** Whether two histograms count in the same buckets. */
export function haveSameBounds(a: HistogramValue, b: HistogramValue): boolean {
  return a.buckets.length === b.buckets.length && a.buckets.every(([bound], i) => bound === b.buckets[i]?.[0])
}

/** Undefined when a part is missing, or when bounds and counts do not rise up to the count of all. */
function whole({ buckets, sum, count }: Parts): HistogramValue | undefined {
  if (sum === undefined || count === undefined || !Number.isFinite(sum)) return undefined
  const finite = buckets.filter(([bound]) => bound !== Number.POSITIVE_INFINITY)
  const isRising = [...finite, [Number.POSITIVE_INFINITY, count] as const].every(([bound, cumulative], i) => {
    const [lastBound, lastCumulative] = finite[i - 1] ?? [Number.NEGATIVE_INFINITY, 0]
    return bound > lastBound && cumulative >= lastCumulative && Number.isFinite(cumulative)
  })
  return isRising ? { buckets: finite, sum, count } : undefined
}
