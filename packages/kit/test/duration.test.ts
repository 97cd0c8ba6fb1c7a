// SPDX-License-Identifier: Apache-2.0
import { formatDuration, parseDuration } from '@leadline/kit'
import * as fc from 'fast-check'
import { test } from 'tap'

test("durations are Go's", async (t) => {
  const table: readonly (readonly [string, number | undefined])[] = [
    ['5s', 5],
    ['1m30s', 90],
    ['500ms', 0.5],
    ['1.5h', 5400],
    ['.5s', 0.5],
    ['1.s', 1],
    ['-2s', -2],
    ['+2s', 2],
    ['0', 0],
    ['1h1m1s1ms1us1ns', 3661.001001001],
    ['3µs', 3e-6],
    ['5', undefined],
    ['', undefined],
    ['s', undefined],
    ['.s', undefined],
    ['1d', undefined],
    ['1 s', undefined],
    ['2562048h', undefined],
    ['1e3s', undefined],
  ]
  for (const [text, seconds] of table) t.equal(parseDuration(text), seconds, text)
})

test("durations print as Go's Duration.String", async (t) => {
  const table: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [90, '1m30s'],
    [3600, '1h0m0s'],
    [0.5, '500ms'],
    [1.5, '1.5s'],
    [-2, '-2s'],
    [0.00001, '10µs'],
    [2e-9, '2ns'],
    [119.5, '1m59.5s'],
    [3661.000000001, '1h1m1.000000001s'],
  ]
  for (const [seconds, text] of table) t.equal(formatDuration(seconds), text)
})

test('what is printed reads back the same', async () => {
  fc.assert(
    fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (millis) => {
      const seconds = millis / 1000
      return Math.abs((parseDuration(formatDuration(seconds)) as number) - seconds) < 1e-9
    }),
  )
})

test('no text makes the reader throw', async () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const seconds = parseDuration(text)
      return seconds === undefined || Number.isFinite(seconds)
    }),
  )
})
