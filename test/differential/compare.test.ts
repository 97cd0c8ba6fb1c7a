// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { differences } from './compare.ts'
import { readPage } from './exposition.ts'

const page = `# HELP a_seconds Time.
# TYPE a_seconds gauge
a_seconds{phase="x"} 1.5e-05
a_seconds{phase="y"} 0
# HELP z Count.
# TYPE z gauge
z 1
`
const timed = page.replaceAll('a_seconds', 'probe_duration_seconds')

const told = (from: string, to: string) => differences(readPage(page), readPage(page.replaceAll(from, to)))
const toldOfTimes = (from: string, to: string) => differences(readPage(timed), readPage(timed.replace(from, to)))

test('equal pages have no difference', async (t) => {
  t.strictSame(differences(readPage(page), readPage(page)), [])
})

test('each difference is told', async (t) => {
  t.strictSame(told('z 1', 'z 2'), ['z{}: 1 at the peer, 2 at leadline'])
  t.strictSame(told('z 1', 'z -Inf'), ['z{}: 1 at the peer, -Infinity at leadline'])
  t.strictSame(told('z gauge', 'z counter'), ['z: type gauge at the peer, counter at leadline'])
  t.strictSame(told('a_seconds{phase="x"} 1.5e-05\n', ''), ['a_seconds{phase="x"}: only the peer has it'])
  t.strictSame(told('phase="y"', 'phase="z"'), [
    'a_seconds{phase="y"}: only the peer has it',
    'a_seconds{phase="z"}: only leadline has it',
  ])
  t.strictSame(told('a_seconds', 'zz_seconds'), [
    'a_seconds: only the peer has it',
    'zz_seconds: only leadline has it',
    'order: families are not sorted by name',
  ])
})

test('times must agree in sign only', async (t) => {
  t.strictSame(toldOfTimes('1.5e-05', '3'), [])
  t.strictSame(toldOfTimes('1.5e-05', '0'), ['probe_duration_seconds{phase="x"}: 0.000015 at the peer, 0 at leadline'])
  t.strictSame(toldOfTimes('"y"} 0', '"y"} 0.1'), ['probe_duration_seconds{phase="y"}: 0 at the peer, 0.1 at leadline'])
})

test('a page that cannot be read is refused', async (t) => {
  t.throws(() => readPage('z 1\n'), { message: 'not a sample of a family told before: z 1' })
  t.throws(() => readPage('nonsense\n'), { message: 'not a sample of a family told before: nonsense' })
})
