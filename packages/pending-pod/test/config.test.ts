// SPDX-License-Identifier: Apache-2.0
import { ConfigError, parseFlags, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { leadlineCommand } from '../../../test/servers/leadline.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { pendingPodConfig } from '../src/config.ts'
import { configOf, flags, namespacesOf } from '../src/flags.ts'

function mistakes(yaml: string): string {
  try {
    readConfig(pendingPodConfig, yaml, 'pending.yml')
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

const parsed = (...args: string[]) => parseFlags(flags, args).values

test('each mistake of a config is told in one line with its place and the mend', async (t) => {
  const table: readonly (readonly [yaml: string, line: string | RegExp])[] = [
    ['threshold: 0s', 'pending.yml:1:12: threshold: out of range: least 1s, most 24h'],
    ['# first\nthreshold: 25h', 'pending.yml:2:12: threshold: out of range: least 1s, most 24h'],
    ['threshold: soon', /^pending\.yml:1:12: threshold: /],
    ['stuck: 101', /^pending\.yml:1:8: stuck: .*100/],
    ['stuck: -1', /^pending\.yml:1:8: stuck: .*0/],
    ['stuck: 1.5', /^pending\.yml:1:8: stuck: /],
    ['treshold: 5m', /^pending\.yml:1:1: .*threshold/],
  ]
  for (const [yaml, line] of table) t.match(mistakes(yaml), line, yaml)
})

test('an empty config has the defaults, and a whole one its own', async (t) => {
  t.strictSame(readConfig(pendingPodConfig, '{}', 'pending.yml'), { threshold: 300, stuck: 20 })
  t.strictSame(readConfig(pendingPodConfig, 'threshold: 24h\nstuck: 0\n', 'pending.yml'), {
    threshold: 86_400,
    stuck: 0,
  })
})

test('flags stand for a config, and for none when none is given', async (t) => {
  t.equal(configOf(parsed()), undefined)
  t.equal(configOf(parsed('--namespaces=shop', '--pending.threshold=5m')), undefined, 'as it is anyway')
  const text = configOf(parsed('--pending.threshold=90s', '--pending.stuck=3'))
  t.strictSame(readConfig(pendingPodConfig, text ?? '', 'flags'), { threshold: 90, stuck: 3 })
})

test('namespaces are names with commas between them, each once', async (t) => {
  t.strictSame(namespacesOf(parsed().namespaces), [])
  t.strictSame(namespacesOf(parsed('--namespaces=shop').namespaces), ['shop'])
  t.strictSame(namespacesOf('shop, batch-2,shop'), ['shop', 'batch-2'])
  t.strictSame(namespacesOf('n'.repeat(63)), ['n'.repeat(63)])
  for (const [text, wrong] of [
    ['Shop', 'Shop'],
    ['shop/x', 'shop/x'],
    ['shop,', ''],
    ['shop,-x', '-x'],
    ['n'.repeat(64), 'n'.repeat(64)],
  ] as const) {
    const message = `flag --namespaces wants names of namespaces, as in shop,batch, not "${wrong}"`
    t.throws(() => namespacesOf(text), { message })
  }
})

test('the program says what is wrong with its config and flags, and ends with 1', async (t) => {
  const folder = await makeFolder('pending-pod-config')
  t.teardown(() => folder.remove())
  const bad = await folder.write('pending.yml', 'stuck: 5\nthreshold: 2d\n')
  const [command, ...program] = leadlineCommand
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nowhere' }
  const run = (...args: string[]) =>
    runToEnd(command, [...program, 'pending-pod', '--web.listen-address=127.0.0.1:0', ...args], { env })
  const table: readonly (readonly [args: readonly string[], output: RegExp])[] = [
    [[`--config.file=${bad}`, '--config.check'], /pending\.yml:2:12: threshold: /],
    [['--pending.threshold=25h', '--config.check'], /threshold: out of range: least 1s, most 24h/],
    [['--pending.stuck=101', '--config.check'], /stuck: .*100/],
    [['--lease=a'], /flag --lease wants namespace\/name/],
    [[], /no cluster is to be found: give a kubeconfig/],
  ]
  for (const [args, output] of table) {
    const { code, stderr } = await run(...args)
    t.equal(code, 1, args.join(' '))
    t.match(stderr, output)
  }
  t.equal((await run('--pending.threshold=90s', '--config.check')).code, 0)
})
