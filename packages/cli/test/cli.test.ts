// SPDX-License-Identifier: Apache-2.0
import { randomInt } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:net'
import { blackbox } from '@leadline/blackbox'
import { etcd } from '@leadline/etcd'
import { type Test, test } from 'tap'
import { runCli } from '../src/cli.ts'

/** What a command line gave. */
interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function run(...argv: readonly string[]): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const code = await runCli({
    argv,
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    signals: new EventEmitter(),
  })
  return { code, stdout, stderr }
}

/** `up` takes each exporter's own port, so that a test asks for a loopback address where nobody else listens. */
function unusedHost(): string {
  return `127.${randomInt(1, 255)}.${randomInt(255)}.${randomInt(1, 255)}`
}

/** Takes a port on some loopback address. */
async function occupy(t: Test, host: string, port: number): Promise<void> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  t.teardown(() => server.close())
}

test('help names every command, on stdout', async (t) => {
  for (const argv of [[], ['--help'], ['-h'], ['help']]) {
    const { code, stdout, stderr } = await run(...argv)
    t.equal(code, 0)
    t.match(stdout, /^usage: leadline <command> \[<flags>\]\n[^]* {2}up {2}[^]* {2}blackbox {2}.*Port 9115\.\n/)
    t.equal(stderr, '')
  }
})

test('the version is printed on stdout', async (t) => {
  for (const argv of [['--version'], ['version'], ['blackbox', '--version']]) {
    t.match(await run(...argv), {
      code: 0,
      stdout: /^(leadline|blackbox_exporter), version \d+\.\d+\.\d+ /,
      stderr: '',
    })
  }
})

test('a wrong word gets one line with the nearest right one', async (t) => {
  const table: readonly (readonly [argv: readonly string[], line: string])[] = [
    [['blackbx'], 'leadline: error: unknown command "blackbx", did you mean blackbox?, try --help'],
    [['zzz'], 'leadline: error: unknown command "zzz", try --help'],
    [['--versoin'], 'leadline: error: unknown flag --versoin, did you mean --version?, try --help'],
    [
      ['blackbox', '--config.fil=x'],
      'leadline blackbox: error: unknown flag --config.fil, did you mean --config.file?, try --help',
    ],
    [['up', '--hots=x'], 'leadline up: error: unknown flag --hots, did you mean --host?, try --help'],
  ]
  for (const [argv, line] of table) t.strictSame(await run(...argv), { code: 1, stdout: '', stderr: `${line}\n` })
})

test('up has a help of its own', async (t) => {
  t.match(await run('up', '--help'), { code: 0, stdout: /^usage: leadline up \[<flags>\]\n[^]*--host=127\.0\.0\.1/ })
})

test('an exporter that can not start is told of in one line with the way out', async (t) => {
  const host = unusedHost()
  await occupy(t, host, blackbox.port)
  // Should the machine have an etcd.
  await occupy(t, host, etcd.port)
  const { code, stderr } = await run('up', `--host=${host}`)
  t.equal(code, 1)
  t.match(
    stderr.split('\n').find((line) => line.includes('blackbox did')),
    /^leadline up: blackbox did not start: listen 127\.[\d.]+:9115: .*\(EADDRINUSE\); .*leadline blackbox --web\.listen-address=127\.0\.0\.1:0$/,
  )
})

test('SIGTERM ends up with code 0', async (t) => {
  const signals = new EventEmitter()
  const announced = Promise.withResolvers<string>()
  const ending = runCli({
    argv: ['up', `--host=${unusedHost()}`],
    stdout: { write: (text: string) => announced.resolve(text) },
    stderr: { write: () => {} },
    signals,
  })
  const url = /try: curl '(.+)'/.exec(await announced.promise)?.[1] ?? ''
  t.match(await (await fetch(url)).text(), /^probe_success 1$/m)
  signals.emit('SIGTERM', 'SIGTERM')
  t.equal(await ending, 0)
})

test('cronjobs is a command with commands of its own', async (t) => {
  t.match(await run('--help'), { stdout: /^ {2}cronjobs {4}Writes CronJobs/m })
  t.match(await run('cronjobs', 'next', '0 3 * * 7'), { code: 1, stdout: '', stderr: /try "0 3 \* \* 0"\n$/ })
  t.match(await run('cronjobs', 'lint', '-'), { code: 0, stdout: '', stderr: '' })
  t.match(await run('cronjos'), {
    code: 1,
    stderr: 'leadline: error: unknown command "cronjos", did you mean cronjobs?, try --help\n',
  })
})
