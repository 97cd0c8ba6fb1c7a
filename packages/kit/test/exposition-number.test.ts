// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { formatNumber, formatOpenMetricsCount, formatOpenMetricsNumber, parseNumber } from '../src/exposition/number.ts'

/** Printed by Go 1.26: `strconv.FormatFloat(value, 'g', -1, 64)`. */
const goTexts: readonly (readonly [number, string])[] = [
  [0, '0'],
  [1, '1'],
  [-1, '-1'],
  [0.1, '0.1'],
  [0.3, '0.3'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [0.000123456, '0.000123456'],
  [100000, '100000'],
  [123456, '123456'],
  [123456.789, '123456.789'],
  [999999, '999999'],
  [1e6, '1e+06'],
  [1234567, '1.234567e+06'],
  [1234567.5, '1.2345675e+06'],
  [2097152, '2.097152e+06'],
  [16777216, '1.6777216e+07'],
  [123456789, '1.23456789e+08'],
  [1797845475, '1.797845475e+09'],
  [3668918509, '3.668918509e+09'],
  [-62135596800, '-6.21355968e+10'],
  [4503599627370496, '4.503599627370496e+15'],
  [9007199254740992, '9.007199254740992e+15'],
  [1e20, '1e+20'],
  [1e21, '1e+21'],
  [1e23, '1e+23'],
  [1.5e300, '1.5e+300'],
  [Number.MAX_VALUE, '1.7976931348623157e+308'],
  [Number.MIN_VALUE, '5e-324'],
]

test('numbers are written as Go writes them', async (t) => {
  for (const [value, text] of goTexts) {
    t.equal(formatNumber(value), text)
    if (value > 0) t.equal(formatNumber(-value), `-${text}`)
  }
  t.equal(formatNumber(-0), '0', 'expfmt writes both zeros alike')
  t.equal(formatNumber(NaN), 'NaN')
  t.equal(formatNumber(Infinity), '+Inf')
  t.equal(formatNumber(-Infinity), '-Inf')
})

test('OpenMetrics numbers never look like integers, its counts always do', async (t) => {
  const cases: readonly (readonly [number, string, string])[] = [
    [0, '0.0', '0'],
    [-0, '0.0', '0'],
    [1, '1.0', '1'],
    [-1, '-1.0', '-1'],
    [0.5, '0.5', '0.5'],
    [1e6, '1e+06', '1000000'],
    [17, '17.0', '17'],
    [1e-5, '1e-05', '1e-05'],
    [2 ** 60, '1.152921504606847e+18', '1.152921504606847e+18'],
    [NaN, 'NaN', 'NaN'],
    [Infinity, '+Inf', '+Inf'],
    [-Infinity, '-Inf', '-Inf'],
  ]
  for (const [value, number, count] of cases) {
    t.equal(formatOpenMetricsNumber(value), number)
    t.equal(formatOpenMetricsCount(value), count)
  }
})

test('every number reads back as itself, in the form of a Go float', async (t) => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatNumber(value)
      return /^-?\d+(?:\.\d+)?(?:e[+-]\d\d+)?$/.test(text) && Number(text) === value + 0
    }),
    { numRuns: 20_000 },
  )
  fc.assert(
    fc.property(fc.double(), (value) => {
      const texts = [formatNumber(value), formatOpenMetricsNumber(value), formatOpenMetricsCount(value)]
      return texts.every((text) => Object.is(parseNumber(text), value === 0 ? 0 : value))
    }),
    { numRuns: 20_000 },
  )
  t.same(['', 'x', '1x', 'inf'].map(parseNumber), [NaN, NaN, NaN, NaN])
})
