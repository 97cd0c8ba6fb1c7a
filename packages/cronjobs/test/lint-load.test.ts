// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { firing, lintLines, run } from './commands.ts'
import { manifest } from './manifests.ts'

/** So many CronJobs, each with its own name. */
function many(count: number, schedule: string, lines: { suspend?: string; timeZone?: string } = {}): string {
  const all = Array.from({ length: count }, (_, i) =>
    manifest({ name: `${lines.timeZone ? 'z' : 'n'}${i}`, schedule, ...lines }),
  )
  return all.join('---\n')
}

test('a minute in which too many runs start is told with quiet ones', async (t) => {
  t.strictSame(await lintLines(many(101, '7 3 * * *')), [
    'stdin:6:13: warning: 101 runs start in the minute of 2026-11-22T03:07:00Z; spread them, for example over the quiet minutes 9, 23, 32, 46, 55 (busy-minute)',
  ])
  t.strictSame(await firing(many(100, '7 3 * * *')), [])
  t.strictSame(await firing(many(100, '7 3 * * *'), '--max-starts=99'), ['busy-minute'])
  t.strictSame(await firing(many(101, '7 3 * * *', { suspend: 'true' }), '--disable=suspended'), [])
})

test('runs of all zones are counted on one clock', async (t) => {
  const text = `${many(2, '7 3 * * *')}---\n${many(2, '7 4 * * *', { timeZone: 'Europe/Berlin' })}`
  t.match(await lintLines(text, '--max-starts=3'), [/: 4 runs start in the minute of 2026-11-22T03:07:00Z;/])
})

test('busy minutes of several hours are one finding', async (t) => {
  t.match(await lintLines(many(3, '"*/30 * * * *"'), '--max-starts=2'), [
    /: 3 runs start in the minute of 2026-11-22T00:00:00Z, and more than 2 at 23 more such minutes;/,
    /: 3 runs start in the minute of 2026-11-22T00:30:00Z, and more than 2 at 23 more such minutes;/,
  ])
})

test('where every minute is full, none is named', async (t) => {
  t.match(await lintLines(many(2, '"* * * * *"'), '--max-starts=1', '--window=1m'), [/; spread them, /])
  t.match(
    (await lintLines(many(2, '"* * * * *"'), '--max-starts=1'))[0],
    /; no minute of the hour has room for more; run some less often \(busy-minute\)$/,
  )
})

test('too many CronJobs at full hours are told, though no hour has too many', async (t) => {
  const text = ['0 1 * * *', '0 2 * * *', '0 3 * * *', '1 4 * * *'].map((schedule, i) =>
    manifest({ name: `n${i}`, schedule }),
  )
  t.match(await lintLines(text.join('---\n'), '--max-starts=2'), [
    /^stdin:6:13: warning: 3 CronJobs start at minute 0 of some hour; .*\(full-hour\)$/,
  ])
  t.strictSame(await firing(text.join('---\n'), '--max-starts=3'), [])
})

test('the window says what is counted', async (t) => {
  const text = many(2, '0 3 23 11 *')
  t.strictSame(await firing(text, '--max-starts=1'), [])
  t.strictSame(await firing(text, '--max-starts=1', '--window=48h'), ['busy-minute'])
  t.strictSame(await firing(text, '--max-starts=1', '--from=2026-11-23T02:59:00Z', '--window=1m'), [])
  t.strictSame(await firing(text, '--max-starts=1', '--from=2026-11-23T02:59:00Z', '--window=2m'), ['busy-minute'])
})

function dots(count: number): string {
  return '.'.repeat(count)
}

test('the runs of each minute are drawn', async (t) => {
  const text = [
    ...Array.from({ length: 12 }, (_, i) => manifest({ name: `n${i}`, schedule: '5 1 * * *' })),
    manifest({ name: 'half', schedule: '"*/30 * * * *"' }),
    manifest({ name: 'every', schedule: '"@every 7m"' }),
  ].join('---\n')
  const { stdout, code } = await run(
    ['lint', '-', '--from=2026-11-22T00:10:00Z', '--window=4h', '--max-starts=12'],
    text,
  )
  t.equal(
    stdout,
    [
      'Starts per minute from 2026-11-22T00:10:00Z: "." none, 1 to 9, "+" 10 or more, "!" above 12',
      'hour     runs  :00       :10       :20       :30       :40       :50',
      `00          1  ${' '.repeat(10)}${dots(20)}1${dots(29)}`,
      `01         14  1....+${dots(24)}1${dots(29)}`,
      `02-03       2  1${dots(29)}1${dots(29)}`,
      `04          1  1${dots(9)}`,
      '20 runs, at most 12 in one minute; besides, 1 CronJob with @every, at minutes that only the cluster knows',
      '',
    ].join('\n'),
  )
  t.equal(code, 0)
})

test('two thousand CronJobs are counted', async (t) => {
  const text = Array.from({ length: 2000 }, (_, i) => manifest({ name: `n${i}`, schedule: `${i % 60} * * * *` })).join(
    '---\n',
  )
  const { stdout } = await run(['lint', '-', '--format=json'], text)
  const { starts } = JSON.parse(stdout) as { starts: { minutes: { runs: number }[] } }
  t.equal(
    starts.minutes.reduce((sum, { runs }) => sum + runs, 0),
    2000 * 24,
  )
})
