// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { Backoff } from '../src/backoff.ts'

test('waits double up to the longest, by chance between half and the whole, and begin short again', (t) => {
  let chance = 1
  const backoff = new Backoff({ firstSeconds: 1, longestSeconds: 5, random: () => chance })
  t.strictSame(
    [1, 2, 3, 4, 5].map(() => backoff.next()),
    [1, 2, 4, 5, 5],
  )
  chance = 0
  t.equal(backoff.next(), 2.5)
  backoff.reset()
  t.equal(backoff.next(), 0.5)
  t.end()
})
