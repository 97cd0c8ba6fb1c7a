// SPDX-License-Identifier: Apache-2.0
import { contentType, type Format, formats, negotiate, textFormat } from '@leadline/kit'
import * as fc from 'fast-check'
import { test } from 'tap'

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping='
const text100 = 'text/plain; version=1.0.0; charset=utf-8; escaping='
const text004 = 'text/plain; version=0.0.4; charset=utf-8; escaping='

/** What Prometheus 3.15 sends unless told otherwise. */
const prometheus =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.7,application/openmetrics-text;version=0.0.1;q=0.6,' +
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3'

const cases: readonly (readonly [title: string, accept: string | undefined, answer: string])[] = [
  ['no header', undefined, `${text004}underscores`],
  ['an empty header', '', `${text004}underscores`],
  ['curl', '*/*', `${text004}underscores`],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', `${text004}underscores`],
  ['Prometheus 3.15', prometheus, `${openMetrics}allow-utf-8`],
  [
    'Prometheus 3.15, escaping underscores',
    prometheus.replaceAll('allow-utf-8', 'underscores'),
    `${openMetrics}underscores`,
  ],
  [
    'its scrape_protocols [PrometheusText1.0.0]',
    'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.5',
    `${text100}allow-utf-8`,
  ],
  ['its scrape_protocols [PrometheusText0.0.4]', 'text/plain;version=0.0.4;q=0.6,*/*;q=0.5', `${text004}underscores`],
  [
    'its native histograms: protobuf first, which we lack',
    `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.8,${prometheus}`,
    `${openMetrics}allow-utf-8`,
  ],
  [
    'Prometheus 2.x',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    `${openMetrics}underscores`,
  ],
  ['OpenMetrics 0.0.1 alone is not 1.0.0', 'application/openmetrics-text;version=0.0.1', `${text004}underscores`],
  [
    'an old Prometheus that knows OpenMetrics 0.0.1 only',
    'application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    `${text004}underscores`,
  ],
  ['OpenMetrics 2.0.0 alone', 'application/openmetrics-text;version=2.0.0', `${text004}underscores`],
  ['OpenMetrics without a version', 'application/openmetrics-text', `${openMetrics}underscores`],
  ['text without a version', 'text/plain', `${text004}underscores`],
  ['text of an unknown version', 'text/plain;version=9', `${text004}underscores`],
  ['escaping dots', 'text/plain;version=1.0.0;escaping=dots', `${text100}dots`],
  ['escaping values', 'application/openmetrics-text;version=1.0.0;escaping=values', `${openMetrics}values`],
  ['escaping unknown', 'text/plain;version=1.0.0;escaping=rot13', `${text100}underscores`],
  [
    'escaping with text 0.0.4, as client_golang',
    'text/plain;version=0.0.4;escaping=allow-utf-8',
    `${text004}allow-utf-8`,
  ],
  ['escaping of another element', 'text/x;escaping=dots,text/plain;version=1.0.0', `${text100}underscores`],
  [
    'the higher weight, though later',
    'text/plain;version=0.0.4;q=0.4,text/plain;version=1.0.0;q=0.5',
    `${text100}underscores`,
  ],
  [
    'the earlier among equals',
    'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0',
    `${text004}underscores`,
  ],
  ['the specific range over the wildcard', '*/*;q=1,text/plain;q=0.1', `${openMetrics}underscores`],
  ['a range that is refused', 'application/openmetrics-text;q=0,*/*', `${text004}underscores`],
  ['text refused, anything else taken', 'text/plain;q=0,*/*', `${openMetrics}underscores`],
  ['all refused', '*/*;q=0', `${text004}underscores`],
  [
    'the range with a version over the one without',
    'text/plain,text/plain;version=0.0.4;q=0.1,text/plain;version=1.0.0;q=0.5',
    `${text100}underscores`,
  ],
  ['text without a version is never 1.0.0', 'text/plain;version=0.0.4;q=0,text/plain', `${text004}underscores`],
  ['the type wildcard', 'application/*', `${openMetrics}underscores`],
  [
    'upper case, spaces, quotes',
    ' Application/OpenMetrics-Text ; Version="1.0.0" ; Q=0.5 ',
    `${openMetrics}underscores`,
  ],
  ['a bad weight counts as nothing', 'application/openmetrics-text;q=high,text/plain;q=0.1', `${text004}underscores`],
  ['a weight above 1 counts as nothing', 'application/openmetrics-text;q=2,text/plain;q=0.1', `${text004}underscores`],
  [
    'a quoted comma is not a separator',
    'x/y;a="b,application/openmetrics-text,c",text/plain;q=0.1',
    `${text004}underscores`,
  ],
  ['junk', ';;,=,"', `${text004}underscores`],
]

test('an Accept header chooses the format', async (t) => {
  for (const [title, accept, answer] of cases) {
    t.equal(contentType(negotiate(accept)), answer, title)
    t.equal(negotiate(accept), negotiate(accept), `${title}: one object`)
  }
  t.equal(negotiate(undefined), textFormat)
  t.equal(new Set(formats.map(contentType)).size, formats.length)
})

interface Range {
  readonly text: string
  readonly q: number
  readonly takes: (format: Format) => boolean
}

const mediaTypes = { text: 'text/plain', openmetrics: 'application/openmetrics-text' }

const range: fc.Arbitrary<Range> = fc
  .record({
    type: fc.constantFrom('text/plain', 'application/openmetrics-text', 'text/*', 'application/*', '*/*', 'a/b'),
    version: fc.constantFrom('', ';version=0.0.4', '; version=1.0.0', ';version=0.0.1'),
    escaping: fc.constantFrom('', ';escaping=allow-utf-8', ';escaping=nonsense'),
    q: fc.constantFrom(0, 0.1, 0.5, 0.999, 1),
  })
  .map(({ type, version, escaping, q }) => ({
    text: `${type}${version}${escaping};q=${q}`,
    q,
    takes: (format) => {
      const [main] = type.split('/')
      const ours = mediaTypes[format.syntax]
      const typeMatches = type === '*/*' || type === ours || (type.endsWith('/*') && ours.startsWith(`${main}/`))
      return typeMatches && (version === '' || version.endsWith(format.version))
    },
  }))

test('what is answered is acceptable, or the default', async () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 5 }), (ranges) => {
      const format = negotiate(ranges.map(({ text }) => text).join(', '))
      return format === textFormat || ranges.some(({ q, takes }) => q > 0 && takes(format))
    }),
    { numRuns: 5000 },
  )
})

test('no header makes it throw or wait', async (t) => {
  const parts = fc.constantFrom(
    'text/plain',
    'application/openmetrics-text',
    ';',
    ',',
    '=',
    '"',
    '\\',
    'q=0.5',
    ' ',
    '*/*',
  )
  const headers = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 20 }).map((some) => some.join('')),
  )
  fc.assert(fc.property(headers, (accept) => formats.includes(negotiate(accept))))
  const begin = performance.now()
  t.equal(negotiate('"\\"'.repeat(5000)), textFormat)
  t.ok(performance.now() - begin < 1000, 'one pass over a header of open quotes')
})
