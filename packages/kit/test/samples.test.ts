// SPDX-License-Identifier: Apache-2.0
import { encode, SampleSet, SampleTable, textFormat } from '@leadline/kit'
import * as fc from 'fast-check'
import { test } from 'tap'

const table = new SampleTable({
  z_seconds: { type: 'gauge', help: 'Z.', source: 'the test' },
  a_seconds: { type: 'gauge', help: 'A.', labels: { phase: 'any', address: 'any' }, source: 'the test' },
  m_total: { type: 'counter', help: 'M.', source: 'the test' },
  any_info: { type: 'gauge', help: 'Any.', labels: { '*': 'any' }, source: 'the test' },
})

test('families come sorted, with those that were set only', async (t) => {
  const samples = new SampleSet(table)
  t.same(samples.families(), [])
  samples.set('z_seconds', 1)
  samples.set('m_total', 2)
  samples.set('a_seconds', 3, { phase: 'p', address: 'b' })
  samples.set('a_seconds', 4, { phase: 'q', address: 'a' })
  samples.set('z_seconds', 5)
  samples.set('a_seconds', 6, { phase: 'p', address: 'b' })
  t.strictSame(samples.families(), [
    {
      name: 'a_seconds',
      type: 'gauge',
      help: 'A.',
      samples: [
        {
          suffix: '',
          labels: [
            ['address', 'a'],
            ['phase', 'q'],
          ],
          value: 4,
        },
        {
          suffix: '',
          labels: [
            ['address', 'b'],
            ['phase', 'p'],
          ],
          value: 6,
        },
      ],
    },
    { name: 'm_total', type: 'counter', help: 'M.', samples: [{ suffix: '', labels: [], value: 2 }] },
    { name: 'z_seconds', type: 'gauge', help: 'Z.', samples: [{ suffix: '', labels: [], value: 5 }] },
  ])
})

test('labels from the config may differ from sample to sample', async (t) => {
  const samples = new SampleSet(table)
  for (const labels of [{ b: '1', a: '2' }, { c: '1' }, {}, { a: '2', b: '1' }]) samples.set('any_info', 1, labels)
  t.strictSame(
    samples.families()[0]?.samples.map(({ labels }) => labels),
    [
      [],
      [
        ['a', '2'],
        ['b', '1'],
      ],
      [['c', '1']],
    ],
  )
})

test('a wrong name or a missing label is refused', async (t) => {
  const samples = new SampleSet(table)
  t.throws(() => samples.set('b_seconds', 1), new RangeError("metric b_seconds is not in the module's table"))
  t.throws(() => samples.set('a_seconds', 1, { phase: 'p' }), new RangeError('metric a_seconds needs label address'))
  t.throws(() => samples.set('a_seconds', 1), new RangeError('metric a_seconds needs label address'))
  t.same(samples.families(), [])
})

test('nothing is set after the end', async (t) => {
  const samples = new SampleSet(table)
  samples.set('z_seconds', 1)
  const families = samples.families()
  samples.freeze()
  samples.set('z_seconds', 2)
  samples.set('no such metric', 2)
  t.equal(families[0]?.samples[0]?.value, 1)
  t.equal(samples.families()[0]?.samples[0]?.value, 1)
})

test('samples are the same when, and only when, all their labels are', async () => {
  const text = fc.string({ unit: fc.constantFrom('phase', 'address', '1', ',', ':'), maxLength: 4 })
  const labels = fc.record({ phase: text, address: text })
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 30, size: 'max' }), (list) => {
      const samples = new SampleSet(table)
      const last = new Map<string, number>()
      for (const [i, one] of list.entries()) {
        samples.set('a_seconds', i, one)
        last.set(JSON.stringify([one.address, one.phase]), i)
      }
      const found = samples.families()[0]?.samples ?? []
      return (
        found.length === last.size &&
        found.every((one) => one.value === last.get(JSON.stringify(one.labels.map(([, value]) => value))))
      )
    }),
    { numRuns: 2000 },
  )
})

test('a label object counts as it is now, frozen or not', async (t) => {
  const labelled = new SampleTable({
    a: { type: 'gauge', help: 'A.', labels: { x: 'any' }, source: 'the test' },
    b: { type: 'gauge', help: 'B.', labels: { x: 'any', y: 'any' }, source: 'the test' },
  })
  const mutable = { x: 'one' }
  const frozen = Object.freeze({ x: 'one', y: 'two' })
  for (const x of ['one', 'three']) {
    mutable.x = x
    const set = new SampleSet(labelled)
    set.set('a', 1, mutable)
    set.set('b', 1, frozen)
    set.set('b', 2, frozen)
    set.set('b', 3, { x: 'one', y: 'two' })
    t.strictSame(
      set.families().map(({ samples }) => samples.map(({ labels, value }) => [Object.fromEntries(labels), value])),
      [[[{ x }, 1]], [[{ x: 'one', y: 'two' }, 3]]],
    )
  }
})

test('a histogram is written as its buckets, sum and count, for each set of labels', async (t) => {
  const samples = new SampleSet(
    new SampleTable({
      x_duration_seconds: { type: 'histogram', help: 'A duration.', labels: { op: 'two' }, source: 'a test' },
    }),
  )
  const histogram = { buckets: [[0.01, 1] as const, [0.025, 3] as const], sum: 0.5, count: 4 }
  samples.set('x_duration_seconds', { ...histogram, count: 9 }, { op: 'put' })
  samples.set('x_duration_seconds', histogram, { op: 'get' })
  samples.set('x_duration_seconds', histogram, { op: 'put' })
  const page = encode(samples.families(), textFormat)
  t.strictSame(page.trimEnd().split('\n').slice(2), [...histogramLines('get'), ...histogramLines('put')])
})

function histogramLines(op: string): string[] {
  return [
    `x_duration_seconds_bucket{op="${op}",le="0.01"} 1`,
    `x_duration_seconds_bucket{op="${op}",le="0.025"} 3`,
    `x_duration_seconds_bucket{op="${op}",le="+Inf"} 4`,
    `x_duration_seconds_sum{op="${op}"} 0.5`,
    `x_duration_seconds_count{op="${op}"} 4`,
  ]
}
