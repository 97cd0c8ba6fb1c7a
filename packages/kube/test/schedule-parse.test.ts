// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { parseSchedule, scheduleProblemLine } from '../src/index.ts'

function zoneOf(...[text, zones]: Parameters<typeof parseSchedule>): string | undefined {
  const { schedule } = parseSchedule(text, zones)
  return schedule?.kind === 'fields' ? schedule.timeZone : undefined
}

function line(text: string): string | undefined {
  const { problem } = parseSchedule(text)
  return problem === undefined ? undefined : scheduleProblemLine(text, problem)
}

test('five fields are read to what they take', async (t) => {
  const { schedule, refusedOnCreate } = parseSchedule('*/20 8-10,22 1,15 jan-MAR ?', { timeZone: 'Europe/Berlin' })
  t.same(schedule, {
    kind: 'fields',
    text: '*/20 8-10,22 1,15 jan-MAR ?',
    timeZone: 'Europe/Berlin',
    minutes: { values: [0, 20, 40], star: false },
    hours: { values: [8, 9, 10, 22], star: false },
    daysOfMonth: { values: [1, 15], star: false },
    months: { values: [1, 2, 3], star: false },
    daysOfWeek: { values: [0, 1, 2, 3, 4, 5, 6], star: true },
  })
  t.equal(refusedOnCreate, undefined)
  t.ok(Object.isFrozen(schedule))
})

test('a descriptor stands for five fields, @every for a delay of whole seconds', async (t) => {
  t.match(parseSchedule('@weekly').schedule, { hours: { values: [0] }, daysOfWeek: { values: [0], star: false } })
  t.same(parseSchedule('@every 1h30m1.9s').schedule, { kind: 'delay', text: '@every 1h30m1.9s', delaySeconds: 5401 })
  t.match(parseSchedule('@every 2.3h').schedule, { delaySeconds: 8280 })
  t.match(parseSchedule('@every -5h').schedule, { delaySeconds: 1 })
})

test('the zone is that of the text, else of the spec, else of the controller, else UTC', async (t) => {
  const zones = { timeZone: 'Asia/Tokyo', controllerTimeZone: 'Europe/Paris' }
  t.equal(zoneOf('TZ=US/Pacific 0 3 * * *', zones), 'US/Pacific')
  t.equal(zoneOf('CRON_TZ=Local @daily', zones), 'Europe/Paris')
  t.equal(zoneOf('TZ= @daily', zones), 'UTC')
  t.equal(zoneOf('@daily', zones), 'Asia/Tokyo')
  t.equal(zoneOf('@daily', { timeZone: undefined, controllerTimeZone: 'Europe/Paris' }), 'Europe/Paris')
  t.equal(zoneOf('@daily'), 'UTC')
  t.throws(
    () => parseSchedule('@daily', { controllerTimeZone: 'Mars/Crater' }),
    new RangeError('no time zone: Mars/Crater'),
  )
})

test('a zone in the text runs in old objects, and is told as refused in new ones', async (t) => {
  const read = parseSchedule('TZ=Asia/Tokyo 0 3 * * *')
  t.match(read.schedule, { timeZone: 'Asia/Tokyo' })
  t.match(read, {
    refusedOnCreate: {
      field: 'schedule',
      column: 1,
      message: 'a zone in the schedule is refused in new CronJobs and ran in old ones only: name it in spec.timeZone',
      suggestion: '0 3 * * *',
    },
  })
  const both = parseSchedule('TZ=Asia/Tokyo 0 3 * * *', { timeZone: 'UTC' })
  t.match(both, { refusedOnCreate: { message: /refused beside spec\.timeZone/ } })
})

const dom = 'the schedule has'
const fields = 'not 5: minute, hour, day of month, month, day of week'
const descriptors =
  'the descriptors are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly and @every with a duration'
const units = 'is not a Go duration such as 90s or 1h30m; its units are h, m, s, ms, us, ns'

/** Text, column, message, suggestion. */
const refused: readonly (readonly [string, number, string, string?])[] = [
  ['', 1, 'the schedule is empty: write five fields, such as "0 3 * * *"'],
  [' \t', 1, 'the schedule is empty: write five fields, such as "0 3 * * *"'],
  ['0 3 * *', 1, `${dom} 4 fields, ${fields}`],
  ['daily', 1, `${dom} 1 field, ${fields}`],
  ['0 0 3 * * MON', 1, `${dom} 6 fields, ${fields}`, '0 3 * * MON'],
  ['*/5 3 * * ? 2026', 1, `${dom} 6 fields, ${fields}`, '*/5 3 * * ?'],
  ['0 3 * * ? *', 1, `${dom} 6 fields, ${fields}`],
  ['* * * * * ?', 1, `${dom} 6 fields, ${fields}`],
  [' @daily ', 1, 'a descriptor has no blanks before it', '@daily'],
  ['0 3 * * 7', 9, 'day of week 7 is above 6', '0 3 * * 0'],
  ['0 3 * * 5-7', 9, 'day of week 7 is above 6', '0 3 * * 5-6,0'],
  ['0 3 * * 6-7', 9, 'day of week 7 is above 6', '0 3 * * 6,0'],
  ['0 3 * * 1-7', 9, 'day of week 7 is above 6', '0 3 * * 0-6'],
  ['0 3 * * 1-7/2', 9, 'day of week 7 is above 6'],
  ['0 3 * * 7-9', 9, 'day of week 9 is above 6'],
  ['0 3 * * 2-9', 9, 'day of week 9 is above 6'],
  ['0 3 * * fri-mon', 9, 'range "fri-mon" of day of week runs backwards: split it in two', '0 3 * * 5-6,0-1'],
  ['0 22-2 * * *', 3, 'range "22-2" of hour runs backwards: split it in two', '0 22-23,0-2 * * *'],
  ['0 23-0/2 * * *', 3, 'range "23-0" of hour runs backwards: split it in two'],
  ['60 24 * * 7', 1, 'minute 60 is above 59', '0 0 * * 0'],
  ['0 0 5-0 * *', 5, 'range "5-0" of day of month runs backwards: split it in two'],
  ['0 0 0 * *', 5, 'day of month 0 is below 1'],
  ['0 0 * 0-3 *', 7, 'month 0 is below 1'],
  ['0 0 1,2,32 * *', 9, 'day of month 32 is above 31'],
  ['0 0 L * *', 5, 'day of month "L" is not a number from 1 to 31'],
  ['0 0 * * 5#2', 9, 'day of week "5#2" is not a number from 0 to 6 or a name from sun to sat'],
  ['0 0 * Sept *', 7, 'month "Sept" is not a number from 1 to 12 or a name from jan to dec', '0 0 * sep *'],
  [
    '0 0 * * Monday,Wendesday',
    9,
    'day of week "Monday" is not a number from 0 to 6 or a name from sun to sat',
    '0 0 * * mon,wed',
  ],
  ['0 0 * * weekend', 9, 'day of week "weekend" is not a number from 0 to 6 or a name from sun to sat'],
  ['0 0 * * mon-xyz', 13, 'day of week "xyz" is not a number from 0 to 6 or a name from sun to sat'],
  ['1-2-3 * * * *', 1, '"1-2-3" has more than one "-"'],
  ['1/2/3 * * * *', 1, '"1/2/3" has more than one "/"'],
  ['* */0 * * *', 5, 'step "0" of hour is not a whole number above 0'],
  ['*/x * * * *', 3, 'step "x" of minute is not a whole number above 0'],
  ['*/9223372036854775808 * * * *', 3, 'step "9223372036854775808" of minute is not a whole number above 0'],
  ['@Dayly', 1, `"@Dayly" is not a descriptor: ${descriptors}`, '@daily'],
  ['@reboot', 1, `"@reboot" is not a descriptor: ${descriptors}`],
  ['@EVERY1d', 1, `"@EVERY1d" is not a descriptor: ${descriptors}`, '@every 24h'],
  ['@every', 1, `"@every" is not a descriptor: ${descriptors}`],
  ['@every ', 8, `"" ${units}`],
  ['@every 1 h', 8, `"1 h" ${units}`, '@every 1h'],
  ['@every 90', 8, `"90" ${units}`],
  ['TZ=UTC', 1, '"TZ=" needs a zone, a blank and then the schedule'],
  ['TZ=UTC  0 3 * * 7', 17, 'day of week 7 is above 6', 'TZ=UTC  0 3 * * 0'],
]

test('what is refused is told with its place, and how to mend it', async (t) => {
  for (const [text, column, message, suggestion] of refused) {
    const { problem } = parseSchedule(text)
    t.same(problem, { field: 'schedule', column, message, ...(suggestion === undefined ? {} : { suggestion }) }, text)
  }
})

test('a problem prints as one line', async (t) => {
  t.equal(line('0 3 * * 7'), 'spec.schedule "0 3 * * 7", column 9: day of week 7 is above 6; try "0 3 * * 0"')
  t.equal(line('0 0 0 *\n*'), 'spec.schedule "0 0 0 *\\n*", column 5: day of month 0 is below 1')
})

test('a suggestion is always taken, and no text makes the reader throw', async (t) => {
  const letters = fc.constantFrom(...Array.from('0123456789*/,-? @LevryTZ=dhms\tmonday'))
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: letters, maxLength: 40 }),
    fc
      .array(fc.string({ unit: letters, minLength: 1, maxLength: 6 }), { minLength: 4, maxLength: 6 })
      .map((f) => f.join(' ')),
    fc.string({ unit: letters, maxLength: 10 }).map((tail) => `@every ${tail}`),
    fc.integer({ min: 0, max: 9 }).chain((n) => fc.constant(`0 ${n + 18}-${n} * * mon,${n},friday`)),
  )
  fc.assert(
    fc.property(text, (written) => {
      const suggestion = parseSchedule(written).problem?.suggestion
      if (suggestion !== undefined) t.ok(suggestion !== written && parseSchedule(suggestion).schedule, suggestion)
    }),
    { numRuns: 2000 },
  )
})
