// SPDX-License-Identifier: Apache-2.0
import { deepStrictEqual } from 'node:assert'
import { encode, type Family, type Format, formats, type Sample } from '@leadline/kit'
import * as fc from 'fast-check'
import { test } from 'tap'
import { PageParser, type ParsedFamily } from './exposition-parser.ts'

/** Any UTF-16, lone surrogates and control characters included, with much of what the formats escape. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(...'\\"\n\r\t{},=# \u0000\ud83d\ude31'.split('').map(code)),
    ),
  )
  .map((codes) => String.fromCharCode(...codes))

function code(char: string): number {
  return char.charCodeAt(0)
}

const legalName = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/)
/** Not `_total` alone, which no format can name without its suffix. */
const anyName = fc.oneof(
  legalName,
  hostileText.filter((text) => text !== '' && text !== '_total'),
)
const value = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, 1, -0, 1e6, NaN, Infinity, -Infinity))

function labelsWith(name: fc.Arbitrary<string>): fc.Arbitrary<[string, string][]> {
  const pair = fc.tuple(name, hostileText)
  return fc
    .uniqueArray(pair, { selector: ([label]) => label.toWellFormed(), maxLength: 4 })
    .map((pairs) => pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function samplesOf(type: Family['type'], name: fc.Arbitrary<string>): fc.Arbitrary<Sample[]> {
  const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] }[type as string] ?? ['']
  const labels = labelsWith(name.filter((label) => label !== 'le' && label !== 'quantile'))
  const sample = fc.record({ suffix: fc.constantFrom(...suffixes), labels, value })
  return fc.array(sample, { minLength: 1, maxLength: 4 })
}

function families(name: fc.Arbitrary<string>): fc.Arbitrary<Family[]> {
  const family = fc
    .record({
      name: fc.tuple(name, fc.constantFrom('', '_total')).map((parts) => parts.join('')),
      type: fc.constantFrom<Family['type'][]>('gauge', 'counter', 'histogram', 'summary', 'untyped'),
      help: hostileText,
    })
    .chain((head) =>
      samplesOf(head.type, name).map(
        (samples): Family => ({ name: head.name, type: head.type, help: head.help, samples }),
      ),
    )
  return fc.array(family, { maxLength: 4 })
}

/** What a reader has to find of a family. */
function expected({ name, type, help, samples }: Family, { syntax }: Format): ParsedFamily {
  const openMetrics = syntax === 'openmetrics'
  const counter = openMetrics && type === 'counter'
  const words = { untyped: 'unknown', counter: name.endsWith('_total') ? 'counter' : 'unknown' }
  return {
    name: (counter ? name.replace(/_total$/, '') : name).toWellFormed(),
    type: openMetrics ? ((words as Record<string, string>)[type] ?? type) : type,
    help: help.toWellFormed(),
    samples: samples.map((sample) => ({
      name: `${name}${sample.suffix}`.toWellFormed(),
      labels: sample.labels
        .map(([label, text]) => [label.toWellFormed(), text.toWellFormed()] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      value: sample.value === 0 ? 0 : sample.value,
    })),
  }
}

for (const format of formats) {
  test(`${format.syntax} ${format.version}, escaping ${format.escaping}: a reader finds what was written`, async () => {
    const name = format.escaping === 'allow-utf-8' ? anyName : legalName
    fc.assert(
      fc.property(families(name), (written) => {
        const page = encode(written, format)
        const read = new PageParser(page, format.syntax === 'openmetrics').families()
        deepStrictEqual(
          read,
          written.map((family) => expected(family, format)),
        )
        return Buffer.from(page).toString() === page
      }),
    )
  })

  test(`${format.syntax} ${format.version}, escaping ${format.escaping}: any name gives a page that reads`, async () => {
    fc.assert(
      fc.property(families(anyName), (written) => {
        const read = new PageParser(encode(written, format), format.syntax === 'openmetrics').families()
        const samples = written.flatMap((family) => family.samples)
        return read
          .flatMap((family) => family.samples)
          .every((sample, i) => Object.is(sample.value, (samples[i] as Sample).value + 0))
      }),
    )
  })
}
