// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { run } from './commands.ts'
import { job, manifest } from './manifests.ts'

async function next(...argv: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await run(['next', ...argv])
  return `${stdout}${stderr}`.trimEnd().split('\n')
}

test('runs are told on the clocks of the zone and in UTC', async (t) => {
  t.strictSame(await next('0 3 * * mon-fri', '--time-zone=Asia/Kolkata', '--count=2'), [
    '0 3 * * mon-fri on the clocks of Asia/Kolkata',
    '  Mon 2026-11-23 03:00:00 +05:30  2026-11-22T21:30:00Z',
    '  Tue 2026-11-24 03:00:00 +05:30  2026-11-23T21:30:00Z',
  ])
  t.strictSame(
    await next('0 3 * * *', '--time-zone', 'America/St_Johns', '--count', '1', '--from', '2026-12-24T00:00:00+01:00'),
    ['0 3 * * * on the clocks of America/St_Johns', '  Thu 2026-12-24 03:00:00 -03:30  2026-12-24T06:30:00Z'],
  )
})

test('a run that clocks leave out is told, and one that comes twice', async (t) => {
  const zone = '--time-zone=Europe/Berlin'
  t.strictSame(await next('15,45 2 * * *', zone, '--from=2027-03-27T12:00:00Z', '--count=1'), [
    '15,45 2 * * * on the clocks of Europe/Berlin',
    '  -- the run of 2027-03-28 02:15 and 1 more does not come: clocks in Europe/Berlin go forward from 02:00 to 03:00',
    '  Mon 2027-03-29 02:15:00 +02:00  2027-03-29T00:15:00Z',
  ])
  t.strictSame(await next('30 2 * * *', zone, '--from=2026-10-24T12:00:00Z', '--count=3'), [
    '30 2 * * * on the clocks of Europe/Berlin',
    '  Sun 2026-10-25 02:30:00 +02:00  2026-10-25T00:30:00Z  first of two: the clocks go back',
    '  Sun 2026-10-25 02:30:00 +01:00  2026-10-25T01:30:00Z  second of two: the clocks went back',
    '  Mon 2026-10-26 02:30:00 +01:00  2026-10-26T01:30:00Z',
  ])
  t.strictSame(await next('0 3 * * *', zone, '--from=2026-10-24T12:00:00Z', '--count=1'), [
    '0 3 * * * on the clocks of Europe/Berlin',
    '  Sun 2026-10-25 03:00:00 +01:00  2026-10-25T02:00:00Z',
  ])
})

test('@every is counted from the time that is given', async (t) => {
  t.strictSame(await next('@every 90m', '--from=2026-11-22T00:00:30Z', '--count=1'), [
    '@every 90m, counted from 2026-11-22T00:00:30Z; in a cluster from the run before, the first from the creation',
    '  2026-11-22T01:30:30Z',
  ])
})

test('a file gives the runs of all that is in it', async (t) => {
  const text = `${job('time_zone: Asia/Tokyo')}---\n${manifest({ name: 'other', timeZone: undefined, schedule: '"@daily"' })}`
  const { code, stdout } = await run(['next', '-', '--count=1', '--time-zone=Europe/Paris'], text)
  t.equal(code, 0)
  t.strictSame(stdout.split('\n'), [
    'report: 23 12 * * * on the clocks of Asia/Tokyo',
    '  Sun 2026-11-22 12:23:00 +09:00  2026-11-22T03:23:00Z',
    'other: @daily on the clocks of Europe/Paris',
    '  Sun 2026-11-22 00:00:00 +01:00  2026-11-21T23:00:00Z',
    '',
  ])
})

test('what Kubernetes refuses is told in one line with the mend', async (t) => {
  const refused: readonly (readonly [argv: readonly string[], line: string])[] = [
    [['0 22-2 * * *'], '"0 22-2 * * *": range "22-2" of hour runs backwards: split it in two; try "0 22-23,0-2 * * *"'],
    [
      ['0 0 3 * * MON'],
      '"0 0 3 * * MON": the schedule has 6 fields, not 5: minute, hour, day of month, month, day of week; try "0 3 * * MON"',
    ],
    [
      ['@daily', '--time-zone=europe/berlin'],
      '"europe/berlin": this is no IANA time zone name, or one that the time zone data of this Node.js is too old for; try "Europe/Berlin"',
    ],
    [
      ['TZ=UTC 0 3 * * *'],
      '"TZ=UTC 0 3 * * *": a zone in the schedule is refused beside spec.timeZone, and would be the one that counts: leave it out; try "0 3 * * *"',
    ],
    [['0 0 31 2 *'], '"0 0 31 2 *" does not come in the next five years; see the day of the month and the month'],
  ]
  for (const [argv, line] of refused) {
    t.strictSame(await run(['next', ...argv]), {
      code: 1,
      stdout: '',
      stderr: `leadline cronjobs next: error: ${line}\n`,
    })
  }
})

test('wrong use is told in one line', async (t) => {
  const wrong: readonly (readonly [argv: readonly string[], line: string])[] = [
    [[], 'give one schedule, in quotes, or one file, try --help'],
    [['*', '*', '*', '*', '*'], 'give one schedule, in quotes, or one file, try --help'],
    [['@daily', '--count=0'], 'flag --count wants 1 to 1000, try --help'],
    [
      ['@daily', '--from=tomorrow'],
      'flag --from wants a time such as 2026-11-22T00:00:00Z, not "tomorrow", try --help',
    ],
    [['daily'], 'daily: no such file or folder (a schedule has five fields in quotes, or begins with @)'],
  ]
  for (const [argv, line] of wrong) {
    t.strictSame(await run(['next', ...argv]), {
      code: 2,
      stdout: '',
      stderr: `leadline cronjobs next: error: ${line}\n`,
    })
  }
})
