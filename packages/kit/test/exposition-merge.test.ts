// SPDX-License-Identifier: Apache-2.0
import { type Family, filterByName, mergeFamilies, type Sample } from '@leadline/kit'
import { test } from 'tap'

function family(name: string, type: Family['type'], ...values: string[]): Family {
  const samples = values.map((value): Sample => ({ suffix: '', labels: [['l', value]], value: 1 }))
  return { name, type, help: `Help of ${name}.`, samples }
}

test('sources become one list, sorted by name', async (t) => {
  const b = family('b', 'gauge', 'x')
  const merged = mergeFamilies([family('c', 'gauge')], [], [family('a', 'counter'), b])
  t.same(
    merged.map(({ name }) => name),
    ['a', 'b', 'c'],
  )
  t.equal(merged[1], b, 'a family of one source is not copied')
  t.same(mergeFamilies(), [])
})

test('a name of two sources is one family, with the help of the first', async (t) => {
  const second = { ...family('a', 'gauge', 'y'), help: 'Other.' }
  t.strictSame(mergeFamilies([family('a', 'gauge', 'x')], [second]), [family('a', 'gauge', 'x', 'y')])
  const histogram = (suffix: string): Family => ({
    ...family('h', 'histogram'),
    samples: [{ suffix, labels: [], value: 1 }],
  })
  t.equal(mergeFamilies([histogram('_sum')], [histogram('_count')])[0]?.samples.length, 2, 'suffixes tell series apart')
})

test('what contradicts is refused', async (t) => {
  t.throws(() => mergeFamilies([family('a', 'gauge')], [family('a', 'counter')]), {
    message: 'metric a comes as a gauge and as a counter',
  })
  t.throws(() => mergeFamilies([family('a', 'gauge', 'x', 'y')], [family('a', 'gauge', 'y')]), {
    message: 'metric a comes twice with the same labels: a{l="y"}',
  })
})

test('name[] takes whole family names and the names of their series', async (t) => {
  const families = [
    family('a', 'gauge'),
    family('b_total', 'counter'),
    family('c', 'histogram'),
    family('d', 'summary'),
    family('e', 'untyped'),
  ]
  const kept = (...names: string[]): string =>
    filterByName(families, names)
      .map(({ name }) => name)
      .join()
  t.equal(filterByName(families, []), families)
  t.equal(kept('a'), 'a')
  t.equal(kept('b_total'), 'b_total')
  t.equal(kept('b'), 'b_total', 'as OpenMetrics names it')
  t.equal(kept('c'), 'c')
  t.equal(kept('c_bucket'), 'c')
  t.equal(kept('c_sum', 'd_count'), 'c,d')
  t.equal(kept('d_bucket'), '')
  t.equal(kept('a_sum', 'e_count', 'a_bucket'), '')
  t.equal(kept('e', 'a', 'nothing'), 'a,e', 'in the order of the page')
  t.equal(kept('', 'A', 'a '), '', 'and nothing else')
})
