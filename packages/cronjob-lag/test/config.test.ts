// SPDX-License-Identifier: Apache-2.0

import { ConfigError, parseFlags, readConfig } from '@leadline/kit'
import { placeOf } from '@leadline/kube'
import { test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { leadlineCommand } from '../../../test/servers/leadline.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { cronJobLagConfig } from '../src/config.ts'
import { checkFlags, configOf, flags } from '../src/flags.ts'

function mistakes(yaml: string): string {
  try {
    readConfig(cronJobLagConfig, yaml, 'lag.yml')
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

const parsed = (...args: string[]) => parseFlags(flags, args).values

const [command, ...program] = leadlineCommand

/** Runs the program with nothing in its surroundings that leads to a cluster. */
function run(...args: string[]) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nowhere' }
  return runToEnd(command, [...program, 'cronjob-lag', '--web.listen-address=127.0.0.1:0', ...args], { env })
}

test('each mistake of a config is told in one line with its place and the mend', async (t) => {
  const zone = 'this is no IANA time zone name, or one that the time zone data of this Node.js is too old for'
  const table: readonly (readonly [yaml: string, line: string])[] = [
    ['objective: 0s', 'lag.yml:1:12: objective: out of range: least 1s, most 24h'],
    ['# first\nobjective: 25h', 'lag.yml:2:12: objective: out of range: least 1s, most 24h'],
    [
      'controller_time_zone: Europe/Berln',
      `lag.yml:1:23: controller_time_zone: "Europe/Berln": ${zone}; write a name such as Europe/Berlin`,
    ],
    ['roll_up: never', 'lag.yml:1:10: roll_up: "never" is not one of auto, cronjob, namespace'],
  ]
  for (const [yaml, line] of table) t.equal(mistakes(yaml), line)
  t.match(mistakes('objectiv: 5m'), /^lag\.yml:1:1: .*objective/, 'the nearest key')
  t.match(mistakes('objective: soon'), /^lag\.yml:1:12: objective: /)
})

test('an empty config has the defaults, and a whole one its own', async (t) => {
  t.strictSame(readConfig(cronJobLagConfig, '{}', 'lag.yml'), {
    objective: 1200,
    controller_time_zone: 'UTC',
    roll_up: 'auto',
  })
  const yaml = 'objective: 1d\ncontroller_time_zone: Europe/Berlin\nroll_up: namespace\n'
  t.match(mistakes(yaml), /1d/, 'days are no Go duration')
  t.strictSame(readConfig(cronJobLagConfig, yaml.replace('1d', '24h'), 'lag.yml'), {
    objective: 86_400,
    controller_time_zone: 'Europe/Berlin',
    roll_up: 'namespace',
  })
})

test('flags stand for a config, and for none when none is given', async (t) => {
  t.equal(configOf(parsed()), undefined)
  t.equal(configOf(parsed('--state.file=/x', '--cronjob.objective=20m')), undefined, 'as it is anyway')
  const text = configOf(parsed('--cronjob.objective=90s', '--cronjob.roll-up=cronjob'))
  t.strictSame(readConfig(cronJobLagConfig, text ?? '', 'flags'), {
    objective: 90,
    controller_time_zone: 'UTC',
    roll_up: 'cronjob',
  })
})

test('places are a namespace and a name', async (t) => {
  t.equal(placeOf('lease', parsed().lease), undefined)
  t.strictSame(placeOf('lease', parsed('--lease=a/b').lease), { namespace: 'a', name: 'b' })
  for (const wrong of ['a', 'a/', '/b', 'a/b/c']) {
    const line = `flag --state.config-map wants namespace/name, as in monitoring/leadline, not "${wrong}"`
    t.throws(() => checkFlags(parsed(`--state.config-map=${wrong}`)), { message: line })
  }
})

test('flags that do not go together are refused, and those that do are not', async (t) => {
  t.throws(() => checkFlags(parsed('--state.file=/x', '--state.config-map=a/b')), { message: /give one of them$/ })
  t.throws(() => checkFlags(parsed('--lease=a/b', '--state.file=/x')), { message: /give --state\.config-map$/ })
  t.doesNotThrow(() => checkFlags(parsed('--lease=a/b', '--state.config-map=a/b')))
  t.doesNotThrow(() => checkFlags(parsed('--state.file=/x')))
})

test('the program says what is wrong with its config and flags, and ends with 1', async (t) => {
  const folder = await makeFolder('cronjob-lag-config')
  t.teardown(() => folder.remove())
  const bad = await folder.write('lag.yml', 'roll_up: auto\nobjective: 2d\n')
  const table: readonly (readonly [args: readonly string[], output: RegExp])[] = [
    [[`--config.file=${bad}`, '--config.check'], /lag\.yml:2:12: objective: /],
    [['--cronjob.objective=25h', '--config.check'], /objective: out of range: least 1s, most 24h/],
    [['--cronjob.roll-up=never'], /--cronjob\.roll-up wants one of auto, cronjob, namespace, not "never"/],
    [['--lease=a/b'], /flag --lease: .* give --state\.config-map/],
    [['--lease=a'], /flag --lease wants namespace\/name/],
    [[], /no cluster is to be found: give a kubeconfig/],
  ]
  for (const [args, output] of table) {
    const { code, stderr } = await run(...args)
    t.equal(code, 1, args.join(' '))
    t.match(stderr, output)
  }
  t.equal((await run('--cronjob.objective=5m', '--config.check')).code, 0)
})
