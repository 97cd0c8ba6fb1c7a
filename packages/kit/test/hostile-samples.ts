// SPDX-License-Identifier: Apache-2.0
import { type Family, SampleSet, SampleTable } from '@leadline/kit'

const table = new SampleTable({
  probe_info: { type: 'gauge', help: 'Any "text" \\ of\nany kind \ud800.', labels: { '*': 'any' }, source: 'a test' },
  probe_requests_total: { type: 'counter', help: 'Requests.', source: 'a test' },
  probe_unknown: { type: 'gauge', help: 'NaN.', source: 'a test' },
})

/** Label values that a target may send us. */
export const hostileValues: readonly string[] = [
  '\n',
  '\\',
  '\\n',
  '\\\\',
  '"',
  '\\"',
  "'",
  '{a="b"} 1 2',
  '# EOF',
  '\n# EOF\n',
  ' ',
  '\t',
  ',',
  '\u0001',
  '\u001f',
  '\u007f',
  '\r',
  '\r\n',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ufffe',
  '\ufffd',
  '\u{10ffff}',
  '\ud800',
  '\udfff',
  '\udc00\ud800',
  '\u{1f631}',
  'x'.repeat(2000),
]

/** A sample for each hostile value, its place as the value, with an odd label name; and a counter and a NaN. */
export function hostileFamilies(): readonly Family[] {
  const samples = new SampleSet(table)
  for (const [i, value] of hostileValues.entries()) samples.set('probe_info', i, { 'odd.name:1': value, place: `${i}` })
  samples.set('probe_requests_total', 1e21)
  samples.set('probe_unknown', NaN)
  return samples.families()
}
