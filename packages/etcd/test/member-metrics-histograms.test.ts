// SPDX-License-Identifier: Apache-2.0
import type { HistogramValue } from '@leadline/kit'
import { test } from 'tap'
import { added, histogramOf, histogramsOf } from '../src/member-metrics/histograms.ts'
import { numberOf } from '../src/member-metrics/numbers.ts'
import { quantile, recentDurations } from '../src/member-metrics/recent-durations.ts'
import { type ParsedMetrics, parseMetrics } from '../src/member-metrics/text-format.ts'

const names = new Set(['h_bucket', 'h_sum', 'h_count', 'n'])

function page(...lines: readonly string[]): ParsedMetrics {
  return parseMetrics(lines.map((line) => `${line}\n`).join(''), names)
}

const whole = ['h_bucket{le="0.001"} 1', 'h_bucket{le="1e+01"} 3', 'h_bucket{le="+Inf"} 4', 'h_sum 50.5', 'h_count 4']

test('a histogram is put together from its lines', (t) => {
  t.same(histogramOf(page(...whole), 'h'), { buckets: [[0.001, 1], [10, 3]], sum: 50.5, count: 4 }) // biome-ignore format: one histogram
  t.same(histogramOf(page('h_sum 0', 'h_count 0'), 'h'), { buckets: [], sum: 0, count: 0 })
  t.equal(histogramOf(page(), 'h'), undefined)
  t.end()
})

test('histograms of a family are told apart by their other labels, in whatever order', (t) => {
  const found = histogramsOf(
    page(
      'h_bucket{op="a",le="1",x="y"} 1',
      'h_bucket{le="1",op="b",x="y"} 2',
      'h_sum{x="y",op="a"} 1',
      'h_sum{op="b",x="y"} 2',
      'h_count{op="a",x="y"} 1',
      'h_count{op="b",x="y"} 2',
    ),
    'h',
  )
  t.same(
    found.map(({ labels, value }) => [labels.get('op'), value]),
    [
      ['a', { buckets: [[1, 1]], sum: 1, count: 1 }],
      ['b', { buckets: [[1, 2]], sum: 2, count: 2 }],
    ],
  )
  t.equal(histogramOf(page('h_sum{op="a"} 1', 'h_count{op="a"} 1'), 'h'), undefined)
  t.end()
})

test('a histogram that contradicts itself is left out', (t) => {
  const broken: Readonly<Record<string, readonly string[]>> = {
    'without a sum': ['h_count 1'],
    'without a count': ['h_sum 1'],
    'counts that fall': ['h_bucket{le="1"} 2', 'h_bucket{le="2"} 1', 'h_sum 1', 'h_count 2'],
    'a count below its buckets': ['h_bucket{le="1"} 2', 'h_sum 1', 'h_count 1'],
    'bounds that fall': ['h_bucket{le="2"} 1', 'h_bucket{le="1"} 1', 'h_sum 1', 'h_count 2'],
    'a bound twice': ['h_bucket{le="1"} 1', 'h_bucket{le="1"} 1', 'h_sum 1', 'h_count 2'],
    'a bucket without a bound': ['h_bucket 1', 'h_sum 1', 'h_count 2'],
    'a bound that is no number': ['h_bucket{le="x"} 1', 'h_sum 1', 'h_count 2'],
    'a negative count': ['h_bucket{le="1"} -1', 'h_sum 1', 'h_count 2'],
    'a count that is no number': ['h_bucket{le="1"} NaN', 'h_sum 1', 'h_count 2'],
    'an infinite count': ['h_sum 1', 'h_count +Inf'],
    'a sum that is no number': ['h_sum NaN', 'h_count 2'],
  }
  for (const [what, lines] of Object.entries(broken)) t.same(histogramsOf(page(...lines), 'h'), [], what)
  t.end()
})

test('histograms with the same bounds are added up', (t) => {
  const a: HistogramValue = { buckets: [[1, 1], [2, 3]], sum: 4, count: 3 } // biome-ignore format: one histogram
  t.same(added([a, a, a]), { buckets: [[1, 3], [2, 9]], sum: 12, count: 9 }) // biome-ignore format: one histogram
  t.same(added([a]), a)
  t.equal(added([]), undefined)
  t.equal(added([a, { buckets: [[1, 1]], sum: 1, count: 1 }]), undefined, 'other bounds')
  t.end()
})

test('a number is taken when it is there once, without labels, and finite', (t) => {
  t.equal(numberOf(page('n 0'), 'n'), 0)
  t.equal(numberOf(page(), 'n'), undefined)
  t.equal(numberOf(page('n 1', 'n 2'), 'n'), undefined)
  t.equal(numberOf(page('n{x="y"} 1'), 'n'), undefined)
  t.equal(numberOf(page('n NaN'), 'n'), undefined)
  t.equal(numberOf(page('n +Inf'), 'n'), undefined)
  t.end()
})

test('a quantile is interpolated within its bucket as histogram_quantile does', (t) => {
  const buckets = [[0.008, 90], [0.016, 98], [0.032, 99]] as const // biome-ignore format: one histogram
  t.equal(quantile(0.45, { buckets, count: 100 }), 0.004, 'the first bucket begins at 0')
  t.equal(quantile(0.94, { buckets, count: 100 }), 0.012)
  t.equal(quantile(0.98, { buckets, count: 100 }), 0.016, 'the rank is the whole of a bucket')
  t.equal(quantile(0.99, { buckets, count: 100 }), 0.032)
  t.equal(quantile(0.995, { buckets, count: 100 }), 0.032, 'beyond the last bound')
  t.equal(quantile(0.99, { buckets, count: 0 }), undefined)
  t.equal(quantile(0.99, { buckets: [], count: 5 }), undefined)
  t.end()
})

test('recent durations are those between two readings', (t) => {
  const before: HistogramValue = { buckets: [[0.001, 1000], [0.002, 1000]], sum: 0.5, count: 1000 } // biome-ignore format: one histogram
  const after: HistogramValue = { buckets: [[0.001, 1000], [0.002, 1010]], sum: 0.515, count: 1010 } // biome-ignore format: one histogram
  const { mean, p99, ...rest } = recentDurations(before, after, 60)
  t.same(rest, { seconds: 60, count: 10, longest: 0.002 })
  t.equal(mean?.toFixed(9), '0.001500000')
  t.equal(p99?.toFixed(9), '0.001990000')
  const none = { mean: undefined, p99: undefined, longest: undefined }
  t.same(recentDurations(before, before, 60), { seconds: 60, count: 0, ...none })
  t.equal(recentDurations(before, { ...after, count: 1011 }, 60).longest, Number.POSITIVE_INFINITY)
  t.end()
})
