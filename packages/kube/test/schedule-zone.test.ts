// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { parseSchedule, zoneMistake } from '../src/index.ts'
import { findZone } from '../src/schedule/zone.ts'

const unknown = 'this is no IANA time zone name, or one that the time zone data of this Node.js is too old for'

function offset(name: string, at: string): number | undefined {
  return findZone(name)?.stretchAt(Date.parse(at) / 1000).offsetSeconds
}

test('IANA names are time zones, old and new names alike', async (t) => {
  const names = ['UTC', 'Etc/UTC', 'Europe/Kyiv', 'Europe/Kiev', 'Asia/Kolkata', 'US/Pacific', 'EST5EDT', 'GB-Eire']
  for (const name of [...names, 'Etc/GMT+12', 'NZ-CHAT', 'W-SU', 'America/Argentina/ComodRivadavia']) {
    t.equal(zoneMistake(name), undefined, name)
  }
})

test('names that the API server refuses are refused, though ICU knows some of them', async (t) => {
  t.match(zoneMistake(''), { message: /empty/ })
  t.match(zoneMistake('lOCAL'), { message: 'the time zone must be an IANA name such as Europe/Berlin' })
  for (const name of ['PST', 'BST', 'SystemV/AST4', '+01:00', '../UTC', '/UTC', 'Mars/Crater', 'us/pacific']) {
    t.same(zoneMistake(name), { message: unknown }, name)
  }
  t.same(zoneMistake('EUROPE/BERLIN'), { message: unknown, suggestion: 'Europe/Berlin' })
  t.same(zoneMistake('Europe/Berlim'), { message: unknown, suggestion: 'Europe/Berlin' })
})

test('a wrong spec.timeZone is a problem of that field', async (t) => {
  t.same(parseSchedule('@daily', { timeZone: 'Europe/Berlim' }).problem, {
    field: 'timeZone',
    column: 1,
    message: unknown,
    suggestion: 'Europe/Berlin',
  })
  t.match(parseSchedule('TZ=Europe/Berlim @daily').problem, { column: 4, suggestion: 'TZ=Europe/Berlin @daily' })
})

test('offsets change at the second at which the clocks do', async (t) => {
  t.equal(offset('Europe/Berlin', '2026-03-29T00:59:59Z'), 3600)
  t.equal(offset('Europe/Berlin', '2026-03-29T01:00:00Z'), 7200)
  t.equal(offset('Australia/Lord_Howe', '2026-04-04T14:59:59Z'), 39600)
  t.equal(offset('Australia/Lord_Howe', '2026-04-04T15:00:00Z'), 37800)
  t.equal(offset('Asia/Kathmandu', '1985-12-31T18:29:59Z'), 19800)
  t.equal(offset('Asia/Kathmandu', '1985-12-31T18:30:00Z'), 20700)
  t.equal(offset('America/Caracas', '2010-01-01T00:00:00Z'), -16200)
  t.equal(offset('Africa/Monrovia', '1972-01-07T00:44:29Z'), -2670)
  t.equal(offset('Pacific/Apia', '2011-12-30T10:00:00Z'), 50400)
})

test('what is known of a zone is bounded', async (t) => {
  const zone = findZone('Europe/Vienna')
  for (let day = 0; day < 36_500; day += 3) zone?.stretchAt(day * 86_400)
  t.equal(zone?.stretchAt(1_750_000_000).offsetSeconds, 7200)
})
