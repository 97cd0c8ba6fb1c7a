// SPDX-License-Identifier: Apache-2.0
import type { HistogramValue } from '@leadline/kit'
import { test } from 'tap'
import { isRestart, type Reading, type Window, withReading } from '../src/member-metrics/window.ts'
import { windowView } from '../src/member-metrics/window-view.ts'

/** A reading after so many fsyncs of 1.5 ms. */
function reading(at: number, fsyncs: number, counters: Partial<Reading['counters']> = {}, startedAt = 1e9): Reading {
  const histogram = durations(fsyncs)
  return {
    at,
    startedAt,
    histograms: { walFsync: histogram, backendCommit: histogram },
    counters: {
      heartbeatFailures: 0,
      slowApplies: 0,
      slowReadIndexes: 0,
      failedProposals: 0,
      leaderChanges: 1,
      ...counters,
    },
  }
}

function durations(count: number): HistogramValue {
  return {
    buckets: [
      [0.001, 0],
      [0.002, count],
    ],
    sum: count * 0.0015,
    count,
  }
}

function windowOf(readings: readonly Reading[], seconds = 62.5): Window {
  return readings.reduce<Window>((window, one) => withReading(window, one, seconds), [])
}

test('nothing is said over a window of no or one reading', (t) => {
  for (const window of [[], [reading(0, 8)]]) {
    t.same(windowView(window), {
      walFsync: undefined,
      walFsyncStillSeconds: undefined,
      backendCommit: undefined,
    })
  }
  t.end()
})

test('two readings say what happened between them', (t) => {
  const first = reading(100, 8)
  const { walFsync, backendCommit, ...rest } = windowView(windowOf([first, reading(105, 18)]))
  t.equal(walFsync?.seconds, 5)
  t.equal(walFsync?.count, 10)
  t.equal(walFsync?.mean?.toFixed(6), '0.001500')
  t.equal(walFsync?.p99?.toFixed(6), '0.001990')
  t.same(backendCommit, walFsync)
  t.same(rest, { walFsyncStillSeconds: 0 })
  t.end()
})

test('the window slides: it spans a minute at a steady pace', (t) => {
  const every5 = Array.from({ length: 40 }, (_, i) => reading(5 * i + (i % 2) * 0.3, 3 * i))
  t.equal(windowOf(every5.slice(0, 5)).length, 5)
  for (const end of [14, 25, 40]) {
    const { walFsync } = windowView(windowOf(every5.slice(0, end)))
    t.equal(walFsync?.count, 36)
    t.match(walFsync?.seconds.toFixed(1), /^60\.0$/)
  }
  t.end()
})

test('no fsync in the window gives a count of 0 and neither mean nor percentile', (t) => {
  const { walFsync, walFsyncStillSeconds } = windowView(windowOf([reading(0, 8), reading(5, 8), reading(10, 8)]))
  t.same(walFsync, { seconds: 10, count: 0, mean: undefined, p99: undefined, longest: undefined })
  t.equal(walFsyncStillSeconds, 10)
  t.end()
})

test('a stuck fsync shows in how long the count stands still', (t) => {
  const window = windowOf([reading(0, 8), reading(5, 13), reading(10, 18), reading(15, 18), reading(20, 18)])
  t.equal(windowView(window).walFsyncStillSeconds, 10)
  t.equal(windowView(withReading(window, reading(25, 19), 62.5)).walFsyncStillSeconds, 0)
  t.end()
})

test('after a gap longer than the window it begins anew', (t) => {
  const window = windowOf([reading(0, 8), reading(5, 13), reading(300, 400)])
  t.equal(window.length, 1)
  t.equal(windowView(withReading(window, reading(305, 405), 62.5)).walFsync?.count, 5)
  t.end()
})

test('a restart of the member begins the window anew', (t) => {
  const before = reading(10, 18, { heartbeatFailures: 5 })
  const without = { ...reading(15, 0), histograms: { walFsync: undefined, backendCommit: undefined } }
  const otherBounds = { buckets: [[1, 20]] as const, sum: 1, count: 20 }
  const fewerInBucket: HistogramValue = {
    buckets: [
      [0.001, 0],
      [0.002, 17],
    ],
    sum: 1,
    count: 30,
  }
  const cases: readonly (readonly [what: string, after: Reading, expected: boolean])[] = [
    ['the same run', reading(15, 19, { heartbeatFailures: 5 }), false],
    ['no change at all', { ...before, at: 15 }, false],
    ['a boot time that is corrected', reading(15, 19, { heartbeatFailures: 5 }, 1e9 + 1), false],
    ['another start time, counts higher than before', reading(15, 100, { heartbeatFailures: 9 }, 1e9 + 12), true],
    ['fewer fsyncs', reading(15, 17, { heartbeatFailures: 5 }), true],
    ['a counter that fell', reading(15, 19, { heartbeatFailures: 4 }), true],
    ['a bucket that fell', withFsync(before, fewerInBucket), true],
    ['other bounds', withFsync(before, otherBounds), true],
    ['a counter that is missing now', reading(15, 19, { heartbeatFailures: undefined }), false],
    ['histograms that are missing now', { ...without, counters: before.counters }, false],
    ['no start time now', { ...before, at: 15, startedAt: undefined }, false],
    ['no start time before', { ...before, at: 15 }, false],
  ]
  for (const [what, after, expected] of cases) {
    const earlier = what === 'no start time before' ? { ...before, startedAt: undefined } : before
    t.equal(isRestart(earlier, after), expected, what)
    t.equal(windowOf([reading(5, 13), earlier, after]).length, expected ? 1 : 3, what)
  }
  t.end()
})

function withFsync(before: Reading, walFsync: HistogramValue): Reading {
  return { ...before, at: 15, histograms: { ...before.histograms, walFsync } }
}
