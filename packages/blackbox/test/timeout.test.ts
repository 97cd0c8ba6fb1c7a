// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { BadTimeout, probeTimeout } from '../src/probe/timeout.ts'

test("timeouts are blackbox_exporter's", async (t) => {
  const table: readonly (readonly [header: string | undefined, module: number, offset: number, timeout: number])[] = [
    [undefined, 0, 0.5, 119.5],
    ['', 0, 0.5, 119.5],
    ['0', 0, 0.5, 119.5],
    ['10', 0, 0.5, 9.5],
    ['10', 5, 0.5, 5],
    ['10', 9.5, 0.5, 9.5],
    ['10', 20, 0.5, 9.5],
    ['5', 10, 0.5, 4.5],
    ['5', 10, 0, 5],
    ['5', 4.75, 0.5, 4.5],
    ['0.5', 3, 0.5, 0],
    ['0.4', 3, 0.5, 3],
    ['-1', 0, 0.5, 0],
    ['-1', 3, 0.5, 3],
    ['10', -4, 0.5, 9.5],
    ['1e3', 0, 0.5, 999.5],
    ['Inf', 0, 0.5, Number.POSITIVE_INFINITY],
    ['+infinity', 7, 0.5, 7],
    ['-Inf', 7, 0.5, 7],
    ['NaN', 7, 0.5, Number.NaN],
    ['1', 0, 120, 0],
  ]
  for (const [header, module, offset, timeout] of table) {
    t.ok(
      Object.is(probeTimeout(header, module, offset), timeout),
      `header ${header}, module ${module}, offset ${offset}`,
    )
  }
})

test('a header that is no number is refused', async (t) => {
  for (const header of ['ten', '1s', '0x', '1,5', ' 5', '5 ', '--1', 'e5', '.', 'Infinit']) {
    t.throws(() => probeTimeout(header, 0, 0.5), BadTimeout, header)
  }
})

test('a positive timeout is never longer than the scraper waits', async () => {
  const seconds = fc.double({ min: 0.001, max: 1000, noNaN: true })
  fc.assert(
    fc.property(seconds, seconds, fc.double({ min: 0, max: 2, noNaN: true }), (header, module, offset) => {
      fc.pre(header >= offset)
      return probeTimeout(String(header), module, offset) <= header
    }),
  )
})
