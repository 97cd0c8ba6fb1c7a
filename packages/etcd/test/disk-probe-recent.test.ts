// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { Recent } from '../src/disk-probe/recent.ts'

test('nothing is recent before the first write and a minute after the last', async (t) => {
  const recent = new Recent()
  t.equal(recent.value(0), undefined)
  recent.observe(0.01, 100)
  t.strictSame(recent.value(160), { maxSeconds: 0.01, p99Seconds: 0.01 })
  t.equal(recent.value(160.001), undefined)
})

test('a slow write leaves the window after a minute', async (t) => {
  const recent = new Recent()
  recent.observe(3, 0)
  recent.observe(0.002, 30)
  t.equal(recent.value(59)?.maxSeconds, 3)
  t.equal(recent.value(61)?.maxSeconds, 0.002)
})

test('the 99th percentile is between the two nearest durations', async (t) => {
  const recent = new Recent()
  for (let i = 1; i <= 60; i++) recent.observe(i / 1000, i / 2)
  const value = recent.value(30)
  t.equal(value?.maxSeconds, 0.06)
  t.ok(Math.abs((value?.p99Seconds ?? 0) - 0.05941) < 1e-9, String(value?.p99Seconds))
})
