// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { test } from 'tap'
import { leadlineCommand } from '../../../test/servers/leadline.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { folderOf, type Ran, run } from './commands.ts'
import { job, manifest } from './manifests.ts'

/** Runs the program as users do. */
async function leadline(argv: readonly string[], input = ''): Promise<Ran> {
  const [command, ...args] = leadlineCommand
  const { code, stdout, stderr } = await runToEnd(command, [...args, 'cronjobs', ...argv], { input })
  return { code: code ?? -1, stdout, stderr }
}

test('the program ends with 0, 1 or 2', async (t) => {
  const path = await folderOf(t, {
    'right.yml': job(),
    'wrong.yml': manifest({ schedule: '0 3 * * 7' }),
  })
  const file = (name: string): string => join(path, name)
  const table: readonly (readonly [code: number, argv: readonly string[]])[] = [
    [0, ['lint', file('right.yml')]],
    [1, ['lint', file('wrong.yml')]],
    [2, ['lint', file('absent.yml'), file('wrong.yml')]],
    [0, ['render', file('right.yml')]],
    [1, ['render', file('wrong.yml')]],
    [2, ['render', file('absent.yml')]],
    [1, ['next', '0 3 * * 7']],
    [2, ['next']],
    [2, ['nxt']],
  ]
  for (const [code, argv] of table) t.equal((await leadline(argv)).code, code, argv.join(' '))
})

test('the flags say which findings count', async (t) => {
  const warns = manifest({ timeZone: undefined })
  const wrong = manifest({ schedule: '0 3 * * 7' })
  const table: readonly (readonly [code: number, text: string, flags: readonly string[]])[] = [
    [0, warns, []],
    [1, warns, ['--fail-on=warning']],
    [1, warns, ['--fail-on=info']],
    [0, warns, ['--fail-on=info', '--disable=time-zone-missing']],
    [1, wrong, ['--disable=time-zone-missing']],
    [0, wrong, ['--disable=suspended', '--disable=schedule']],
    [0, manifest({ suspend: 'true' }), ['--fail-on=warning']],
    [1, manifest({ suspend: 'true' }), ['--fail-on=info']],
  ]
  for (const [code, text, flags] of table)
    t.equal((await run(['lint', '-', ...flags], text)).code, code, flags.join(' '))
})

test('stdin goes through the program', async (t) => {
  const rendered = await leadline(['render', '-'], job())
  t.match(rendered, { code: 0, stdout: /^kind: CronJob$/m, stderr: '' })
  t.match(await leadline(['lint', '-', '--no-histogram'], rendered.stdout), { code: 0, stdout: '', stderr: '' })
  t.match(await leadline(['next', '-', '--count=1'], rendered.stdout), {
    code: 0,
    stdout: /^report: 23 12 \* \* \* on/,
  })
})

test('help and version go to stdout', async (t) => {
  for (const argv of [[], ['--help'], ['-h'], ['help']]) {
    t.match(await run(argv), {
      code: 0,
      stdout: /^usage: leadline cronjobs <command>[^]* {2}lint {4}Finds/,
      stderr: '',
    })
  }
  for (const word of ['render', 'lint', 'next']) {
    const usage = new RegExp(`^usage: leadline cronjobs ${word} <.*\\[<flags>\\]\\n`)
    t.match(await run([word, '--help']), { code: 0, stdout: usage, stderr: '' })
    t.match(await run([word, '--version']), { code: 0, stdout: /^leadline, version \d/, stderr: '' })
  }
  t.match(await run(['--version']), { code: 0, stdout: /^leadline, version \d/ })
})

test('a wrong word gets one line with the nearest right one', async (t) => {
  const table: readonly (readonly [argv: readonly string[], line: string])[] = [
    [['rendr'], ': error: unknown command "rendr", did you mean render?, try --help'],
    [['--hlp'], ': error: unknown flag --hlp, did you mean --help?, try --help'],
    [['lint', '--fromat=json', 'x'], ' lint: error: unknown flag --fromat, did you mean --format?, try --help'],
    [
      ['lint', '--format=xml', 'x'],
      ' lint: error: flag --format wants one of text, json, github, not "xml", try --help',
    ],
    [
      ['lint', '--disable=shedule', 'x'],
      ' lint: error: flag --disable: no rule "shedule", did you mean schedule?, try --help',
    ],
    [['lint', '--window=59s', 'x'], ' lint: error: flag --window wants 1m to 744h, try --help'],
    [
      ['lint', '--from=now', 'x'],
      ' lint: error: flag --from wants a time such as 2026-11-22T00:00:00Z, not "now", try --help',
    ],
  ]
  for (const [argv, line] of table) {
    t.strictSame(await run(argv), { code: 2, stdout: '', stderr: `leadline cronjobs${line}\n` })
  }
})

test('findings are written for programs and for GitHub', async (t) => {
  const text = manifest({ schedule: '0 0 30 2 *', suspend: 'true' })
  const { stdout } = await run(['lint', '-', '--format=json'], text)
  t.strictSame(JSON.parse(stdout), {
    findings: [
      {
        file: 'stdin',
        line: 6,
        column: 13,
        severity: 'error',
        rule: 'schedule-never',
        message: '"0 0 30 2 *" does not come in the next five years; see the day of the month and the month',
      },
      {
        file: 'stdin',
        line: 10,
        column: 12,
        severity: 'info',
        rule: 'suspended',
        message: 'suspended: no run is started; take suspend out to have it run',
      },
    ],
    starts: { from: '2026-11-22T00:00:00Z', window_seconds: 86400, minutes: [], every: 0 },
  })
  const path = await folderOf(t, { 'a,b%:1.yml': manifest({ name: '"a\\nb"' }) })
  t.equal(
    (await run(['lint', '--format=github', path])).stdout.replace(path, ''),
    '::error file=/a%2Cb%25%3A1.yml,line=4,col=9,title=name-form::"a\\nb" is no name for a CronJob: lower-case letters, digits, "-" and "."; try "a-b"\n',
  )
})
