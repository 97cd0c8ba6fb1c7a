// SPDX-License-Identifier: Apache-2.0
import { zoneClock } from '@leadline/kit'
import { test } from 'tap'
import { offsetText, tickText } from '../src/runs-page/times.ts'

test('the time of a tick has no seconds when they are 0', (t) => {
  const at = Date.UTC(2026, 9, 24, 23, 30, 5) / 1000
  const berlin = zoneClock('Europe/Berlin')
  t.equal(tickText(berlin, at - 5, at), '01:30')
  t.equal(tickText(berlin, at - 5, at - 3 * 3600), '2026-10-25 01:30')
  t.equal(tickText(berlin, at, at), '01:30:05')
  t.end()
})

test('what came after a tick, or before it, is told by its sign', (t) => {
  t.strictSame([4, 0, -1].map(offsetText), ['+4 s', '+0 s', '-1 s'])
  t.end()
})
