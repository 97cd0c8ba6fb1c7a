// SPDX-License-Identifier: Apache-2.0
import { deepStrictEqual } from 'node:assert'
import { encode, type Family, textFormat } from '@leadline/kit'
import * as fc from 'fast-check'
import { test } from 'tap'
import { type ParsedMetrics, parseMetrics } from '../src/member-metrics/text-format.ts'

const wanted = new Set(['a', 'b_bucket'])

/** As plain data: name, labels, value of each sample. */
function plain(metrics: ParsedMetrics): unknown {
  return Array.from(metrics, ([name, samples]) => [
    name,
    samples.map(({ labels, value }) => [Object.fromEntries(labels), value]),
  ])
}

function one(line: string): unknown {
  return plain(parseMetrics(`${line}\n`, wanted))
}

test('samples of the wanted names are read', (t) => {
  const lines: readonly (readonly [line: string, labels: Record<string, string>, value: number])[] = [
    ['a 1', {}, 1],
    ['a{} 1', {}, 1],
    ['a -1.5e-07', {}, -1.5e-7],
    ['a +1', {}, 1],
    ['a .5', {}, 0.5],
    ['a 5.', {}, 5],
    ['a 1E3', {}, 1000],
    ['a 1.8446744073709552e+19', {}, 18446744073709552000],
    ['a NaN', {}, Number.NaN],
    ['a +Inf', {}, Number.POSITIVE_INFINITY],
    ['a -Inf', {}, Number.NEGATIVE_INFINITY],
    ['a Inf', {}, Number.POSITIVE_INFINITY],
    ['a 1 1395066363000', {}, 1],
    ['a 1 -5', {}, 1],
    ['a{x="y"} 1', { x: 'y' }, 1],
    ['a{x="y",} 1', { x: 'y' }, 1],
    ['a{x="y",z=""} 1', { x: 'y', z: '' }, 1],
    ['a{x="a \\\\ \\n \\" }"} 1', { x: 'a \\ \n " }' }, 1],
    ['a{x="æ 漢 😱"} 1', { x: 'æ 漢 😱' }, 1],
    ['a{__proto__="y"}1', JSON.parse('{"__proto__":"y"}'), 1],
    [' \ta { x = "y" , z = "" } \t1 \t2 ', { x: 'y', z: '' }, 1],
  ]
  for (const [line, labels, value] of lines) t.same(one(line), [['a', [[labels, value]]]], line)
  t.end()
})

test('comments, blank lines and other names are passed over, whatever follows them', (t) => {
  const page =
    '# HELP a Text\n# TYPE a gauge\n\n   \n#\naa 7\nother{x="\\q"\n{"quoted.name"} 1\na 1\nb_bucket{le="1"} 2\nb 3\n'
  t.same(plain(parseMetrics(page, wanted)), [
    ['a', [[{}, 1]]],
    ['b_bucket', [[{ le: '1' }, 2]]],
  ])
  t.same(plain(parseMetrics('', wanted)), [])
  t.end()
})

test('a line outside of the format is refused with its number', (t) => {
  const broken: readonly (readonly [line: string, message: string])[] = [
    ...['a', 'a ', 'a x', 'a 0x1p3', 'a 1_000', 'a 1 2 3', 'a 1 x', 'a 1\r', 'a{x="y"', 'a{x="y} 1', 'a{x=y} 1'].map(
      (line) => [line, 'line 2: a is not followed by labels and a number'] as const,
    ),
    ...['a{x="\\q"} 1', 'a{x="y" z="1"} 1', 'a{,} 1', 'a{1x="y"} 1', 'a{x="y",x="z"} 1', 'a{"q"} 1', 'a{x="y"}} 1'].map(
      (line) => [line, 'line 2: a is not followed by labels and a number'] as const,
    ),
    ['<html>', 'line 2: no metric name, so this is no metrics page'],
    ['\u0000\u0001', 'line 2: no metric name, so this is no metrics page'],
    ['9a 1', 'line 2: no metric name, so this is no metrics page'],
  ]
  for (const [line, message] of broken) t.throws(() => parseMetrics(`b 1\n${line}\n`, wanted), { message }, line)
  t.throws(() => parseMetrics('a 1\na 12', wanted), { message: 'line 2: the page ends within it' })
  t.end()
})

test('a page beyond a bound is refused', (t) => {
  t.throws(() => parseMetrics('x 1\n'.repeat(1_000_000), wanted), { message: 'the page has more than 100000 lines' })
  t.throws(() => parseMetrics('a 1\n'.repeat(5001), wanted), { message: 'more than 5000 samples of known metrics' })
  t.throws(() => parseMetrics(`a{x="${'y'.repeat(9000)}"} 1\n`, wanted), {
    message: 'line 1: longer than 8192 characters',
  })
  t.equal(parseMetrics('x 1\n'.repeat(100_000), wanted).size, 0)
  t.end()
})

/** The encoder writes -0 as 0. */
const value = fc.oneof(fc.double(), fc.constantFrom(0, 1e21, NaN, Infinity, -Infinity)).map((number) => number + 0)
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\\', '"', '\n', '}', ',', ' ') }),
)
const labels = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/), text), { selector: ([name]) => name })
  .map((pairs) => pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)))
const family = fc.record({
  name: fc.constantFrom('a', 'b_bucket', 'other', 'a_'),
  type: fc.constantFrom<Family['type'][]>('gauge', 'untyped'),
  help: text,
  samples: fc.array(fc.record({ suffix: fc.constant(''), labels, value }), { minLength: 1, maxLength: 3 }),
})
const families = fc.uniqueArray(family, { selector: ({ name }) => name })

test('every page that the encoder writes reads back as it was', (t) => {
  const property = fc.property(families, (given) => {
    const expected = given
      .filter(({ name }) => wanted.has(name))
      .map(({ name, samples }) => [
        name,
        samples.map((sample) => [Object.fromEntries(wellFormed(sample.labels)), sample.value]),
      ])
    deepStrictEqual(plain(parseMetrics(encode(given, textFormat), wanted)), expected)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }))
  t.end()
})

test('a page that is cut off anywhere gives no number that was not on it', (t) => {
  const property = fc.property(families, fc.nat(), (given, cut) => {
    const page = encode(given, textFormat)
    const part = page.slice(0, cut % (page.length + 1))
    if (part === '' || part.endsWith('\n')) parseMetrics(part, wanted)
    else t.throws(() => parseMetrics(part, wanted), /the page ends within it/)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }))
  t.end()
})

test('no text makes the parser fail in another way than with the number of a line', (t) => {
  const line = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^a[{} "=,\\a1\n]{0,20}$/))
  const property = fc.property(fc.array(line), (lines) => {
    try {
      parseMetrics(`${lines.join('\n')}\n`, wanted)
    } catch (error) {
      if (!/^line \d+: /.test((error as Error).message)) throw error
    }
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }))
  t.end()
})

function wellFormed(pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return pairs.map(([name, label]) => [name, label.toWellFormed()])
}
