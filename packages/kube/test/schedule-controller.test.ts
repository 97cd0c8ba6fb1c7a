// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { type DueTick, dueTick, parseSchedule } from '../src/index.ts'

/** Monday. */
const monday = Date.parse('2026-06-01T00:00:00Z') / 1000
const hour = 3600
const day = 24 * hour

function due(
  text: string,
  lastScheduledAt: number | undefined,
  now: number,
  startingDeadlineSeconds?: number,
): DueTick {
  const { schedule } = parseSchedule(text)
  if (schedule === undefined) throw new Error(`refused: ${text}`)
  return dueTick(schedule, { createdAt: monday, lastScheduledAt, startingDeadlineSeconds }, now)
}

test('no tick is due before the first one, which counts from the creation', async (t) => {
  t.same(due('0 * * * *', undefined, monday + 3599), { tickAt: undefined, missed: 'none', invalid: false })
  t.same(due('0 * * * *', undefined, monday + 3600), { tickAt: monday + hour, missed: 'none', invalid: false })
  t.same(due('@every 90s', undefined, monday + 100), { tickAt: monday + 90, missed: 'none', invalid: false })
})

test('of several missed ticks the newest is due', async (t) => {
  t.same(due('0 * * * *', monday, monday + 3.5 * hour), { tickAt: monday + 3 * hour, missed: 'few', invalid: false })
  t.same(due('@every 90s', monday, monday + 1000), { tickAt: monday + 990, missed: 'few', invalid: false })
})

test('more than a hundred missed ticks are many, and the newest is due all the same', async (t) => {
  t.same(due('* * * * *', monday, monday + 100 * 60), { tickAt: monday + 6000, missed: 'few', invalid: false })
  t.same(due('* * * * *', monday, monday + 101 * 60), { tickAt: monday + 6060, missed: 'many', invalid: false })
})

test('a deadline hides what is older than it', async (t) => {
  t.same(due('0 * * * *', monday, monday + hour + 30, 20), { tickAt: undefined, missed: 'none', invalid: false })
  t.same(due('0 * * * *', monday, monday + hour + 19.5, 20), { tickAt: monday + hour, missed: 'none', invalid: false })
  t.same(due('0 * * * *', monday, monday + 50 * hour, 90 * 60).tickAt, monday + 50 * hour)
  t.same(
    due('0 * * * *', monday, monday + hour, 10 * day).tickAt,
    monday + hour,
    'the last run is later than the deadline',
  )
})

test('of an uneven schedule none is found after a long gap', async (t) => {
  const friday = monday + 4 * day
  const sunday = monday + 6 * day
  t.same(due('0 8-9 * * 1-5', friday, sunday), { tickAt: undefined, missed: 'few', invalid: false })
  t.same(due('0 8-9 * * 1-5', friday, friday + 9.5 * hour).tickAt, friday + 9 * hour)
})

test('a schedule that never comes, or never again, is invalid', async (t) => {
  t.same(due('0 0 31 2 *', undefined, monday), { tickAt: undefined, missed: 'none', invalid: true })
  const leapDay = Date.parse('2096-02-29T00:00:00Z') / 1000
  t.same(due('0 0 29 2 *', leapDay - day, leapDay), { tickAt: undefined, missed: 'none', invalid: true })
})
