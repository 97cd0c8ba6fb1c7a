// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { ClockSkew } from '../src/client/clock-skew.ts'

const answers = fc.array(
  fc.record({
    at: fc.double({ min: 1e9, max: 1e9 + 900, noNaN: true }),
    out: fc.double({ min: 0, max: 0.4, noNaN: true }),
    back: fc.double({ min: 0, max: 0.4, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
)

test('the skew is never further off than half of what one answer leaves open', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: -3600, max: 3600 }), answers, (aheadTenths, all) => {
      const ahead = aheadTenths / 10
      const skew = new ClockSkew()
      for (const { at, out, back } of all) skew.add(Math.floor(at + ahead), at - out, at + back)
      return Math.abs((skew.seconds() as number) - ahead) <= 0.9 + 1e-6
    }),
  )
  t.end()
})

test('many answers tell it to a fraction of the second that their headers have', (t) => {
  const skew = new ClockSkew()
  for (let i = 0; i < 20; i++) {
    const at = 1e9 + i * 7.37
    skew.add(Math.floor(at + 2.5), at - 0.01, at + 0.01)
  }
  t.ok(Math.abs((skew.seconds() as number) - 2.5) < 0.1, `${skew.seconds()}`)
  t.end()
})

test('a clock that is set is followed with the next answer', (t) => {
  const skew = new ClockSkew()
  for (let i = 0; i < 20; i++) skew.add(1000 + i, 1000 + i, 1000 + i + 0.02)
  t.ok(Math.abs(skew.seconds() as number) <= 0.51)
  skew.add(1380, 1080, 1080.1)
  t.ok(Math.abs((skew.seconds() as number) - 300) <= 0.51)
  t.end()
})
