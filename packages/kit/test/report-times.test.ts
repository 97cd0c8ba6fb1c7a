// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { clockText, durationText, timeField, zoneClock } from '../src/index.ts'

const at = Date.UTC(2026, 9, 24, 23, 30, 5) / 1000

test('durations are told in two units, to the second', (t) => {
  const told = [0, 0.4, 59.6, 60, 125, 3600, 3725, 86_399, 86_400, 90_061, 400 * 86_400].map(durationText)
  t.strictSame(told, [
    '0 s',
    '0 s',
    '1 min',
    '1 min',
    '2 min 5 s',
    '1 h',
    '1 h 2 min',
    '23 h 59 min',
    '1 d',
    '1 d 1 h',
    '400 d',
  ])
  t.end()
})

test('clocks are those of the zone, through the change of the clocks, with the date only where it is another', (t) => {
  const berlin = zoneClock('Europe/Berlin')
  t.equal(clockText(berlin, at, at + 60), '01:30:05')
  t.equal(clockText(berlin, at, at - 3 * 3600), '2026-10-25 01:30:05')
  t.equal(clockText(berlin, at + 2 * 3600, at), '02:30:05')
  t.equal(clockText(berlin, at - 5 + 1800, at), '02:00:00')
  t.equal(clockText(zoneClock('Asia/Kathmandu'), at, at), '05:15:05')
  t.end()
})

test('a zone that is not known is shown as UTC', (t) => {
  t.equal(zoneClock('No/Where').zone, 'UTC')
  t.equal(zoneClock('').zone, 'UTC')
  t.equal(clockText(zoneClock('UTC'), at, at), '23:30:05')
  t.end()
})

test('times for programs have milliseconds only where there are some', (t) => {
  t.strictSame(timeField(at), { time: '2026-10-24T23:30:05Z', unixSeconds: at })
  t.strictSame(timeField(at + 0.25), { time: '2026-10-24T23:30:05.250Z', unixSeconds: at + 0.25 })
  t.equal(timeField(undefined), null)
  t.end()
})
