// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { nextTick, parseSchedule, type Schedule, ticksBetween } from '../src/index.ts'

function read(text: string, timeZone = 'UTC'): Schedule {
  const { schedule } = parseSchedule(text, { timeZone })
  if (schedule === undefined) throw new Error(`refused: ${text}`)
  return schedule
}

function ticks(schedule: Schedule, from: string, to: string): string[] {
  const list = ticksBetween(schedule, Date.parse(from) / 1000, Date.parse(to) / 1000, 100)
  return list.map((tick) => new Date(tick * 1000).toISOString().slice(0, 16))
}

test('a time that clocks skip has no tick, one that they show twice has two', async (t) => {
  const berlin = read('30 2 * * *', 'Europe/Berlin')
  t.same(ticks(berlin, '2026-03-28T00:00Z', '2026-03-31T00:00Z'), ['2026-03-28T01:30', '2026-03-30T00:30'])
  t.same(ticks(berlin, '2026-10-25T00:00Z', '2026-10-26T00:00Z'), ['2026-10-25T00:30', '2026-10-25T01:30'])
  const howe = read('45 1 * * *', 'Australia/Lord_Howe')
  t.same(ticks(howe, '2026-04-04T12:00Z', '2026-04-04T18:00Z'), ['2026-04-04T14:45', '2026-04-04T15:15'])
})

test('days are matched by both day fields when one has a star, else by either', async (t) => {
  t.same(ticks(read('0 0 13 * 5'), '2026-02-10T00:00Z', '2026-02-26T00:00Z'), ['2026-02-13T00:00', '2026-02-20T00:00'])
  t.same(ticks(read('0 0 15 * 5'), '2026-02-10T00:00Z', '2026-02-16T00:00Z'), ['2026-02-13T00:00', '2026-02-15T00:00'])
  t.same(ticks(read('0 0 */2 * 1'), '2026-02-01T00:00Z', '2026-02-04T00:00Z'), ['2026-02-02T00:00', '2026-02-03T00:00'])
  t.same(ticks(read('0 0 */1 * 1'), '2026-02-01T00:00Z', '2026-02-04T00:00Z'), ['2026-02-02T00:00'])
})

test('@every counts from the instant given, cut to whole seconds', async (t) => {
  t.equal(nextTick(read('@every 90s'), 1000), 1090)
  t.equal(nextTick(read('@every 90s'), 1000.9), 1090)
  t.same(ticksBetween(read('@every 1m'), 30, 300, 100), [90, 150, 210, 270])
})

test('what does not come within five years never comes', async (t) => {
  for (const text of ['0 0 30 2 *', '0 0 31 4,6,9,11 *', ', * * * *', '* , * * *', '* * * , *', '* * , * *']) {
    t.equal(nextTick(read(text), 1_750_000_000), undefined, text)
  }
  const leapDay = read('0 0 29 2 *')
  t.equal(nextTick(leapDay, Date.parse('2098-12-31') / 1000), undefined, '2100 is no leap year')
  t.equal(nextTick(leapDay, Date.parse('2099-01-01') / 1000), Date.parse('2104-02-29') / 1000)
  t.same(ticksBetween(read('0 0 30 2 *'), 0, 1e9, 5), [])
})

test('a day that a zone left out ends the search', async (t) => {
  t.equal(nextTick(read('0 0 31 * *', 'Pacific/Apia'), Date.parse('2011-12-28T00:00Z') / 1000), undefined)
  t.equal(nextTick(read('0 0 * * *', 'Pacific/Apia'), Date.parse('2011-12-29T12:00Z') / 1000), 1_325_325_600 - 86_400)
})

test('a schedule with a zone that was never read is refused, and so is what is no instant', async (t) => {
  const schedule = { ...read('0 3 * * *'), timeZone: 'Mars/Crater' } as Schedule
  t.throws(() => nextTick(schedule, 0), new RangeError('time zone Mars/Crater is not known'))
  t.throws(() => nextTick(read('0 3 * * *'), Number.NaN), RangeError)
})

const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('*', '?', '*/2', '*/7'),
    fc.integer({ min, max }).map(String),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(',')),
  )
const text = fc.oneof(
  fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6)).map((fields) => fields.join(' ')),
  fc.integer({ min: 0, max: 100_000 }).map((seconds) => `@every ${seconds}s`),
)
// Where clocks skip midnight or half an hour, what robfig/cron finds depends on where it starts.
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Africa/Casablanca')
const schedule = fc.tuple(text, zone).map(([written, timeZone]) => read(written, timeZone))
const instant = fc.integer({ min: 1_400_000_000, max: 1_900_000_000 })

test('the next tick is later, and no tick lies between', async (t) => {
  const holds = fc.property(schedule, instant, fc.double({ min: 0, max: 1, noNaN: true }), (due, after, part) => {
    const tick = nextTick(due, after)
    if (tick === undefined || due.kind === 'delay') return tick === undefined || tick > after
    const between = after + Math.floor((tick - 1 - after) * part)
    return tick > after && nextTick(due, between) === tick
  })
  fc.assert(holds, { numRuns: 500 })
  t.pass('for 500 schedules')
})

test('a later start has no earlier tick', async (t) => {
  const holds = fc.property(schedule, instant, fc.nat(10_000_000), (due, after, later) => {
    const [first, second] = [nextTick(due, after), nextTick(due, after + later)]
    return first === undefined || second === undefined || first <= second
  })
  fc.assert(holds, { numRuns: 500 })
  t.pass('for 500 schedules')
})

test('ticks between two instants are those that follow one another, up to the limit', async (t) => {
  const holds = fc.property(schedule, instant, fc.nat(5_000_000), fc.nat(20), (due, from, length, limit) => {
    const expected: number[] = []
    let tick = nextTick(due, from)
    while (tick !== undefined && tick <= from + length && expected.length < limit) {
      expected.push(tick)
      tick = nextTick(due, tick)
    }
    return JSON.stringify(ticksBetween(due, from, from + length, limit)) === JSON.stringify(expected)
  })
  fc.assert(holds, { numRuns: 300 })
  const due = read('0 * * * *')
  t.same(ticksBetween(due, 3600, 10_800, 9), [7200, 10_800], 'from is left out, to is in')
  t.same(ticksBetween(due, 3600, 36_000, 2), [7200, 10_800])
})
