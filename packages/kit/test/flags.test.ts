// SPDX-License-Identifier: Apache-2.0
import { defineFlags, FlagError, flagGroups, helpText, kitFlags, parseFlags } from '@leadline/kit'
import { test } from 'tap'

const table = defineFlags({
  name: { type: 'string', absent: 'x', help: 'A name.' },
  'log.level': { type: 'string', words: ['debug', 'info'], absent: 'info', help: 'A level.' },
  'web.listen-address': { type: 'string', many: true, absent: [':1'], help: 'Addresses.' },
  check: { type: 'bool', absent: false, help: 'Check only.' },
  color: { type: 'bool', absent: true, help: 'Colours.' },
  limit: { type: 'uint', absent: 100, help: 'A limit.' },
  offset: { type: 'float', absent: 0.5, help: 'An offset.' },
  wait: { type: 'duration', absent: 5, help: 'A time.' },
})

test('absent flags have their default', async (t) => {
  const { values, given, asks } = parseFlags(table, [])
  t.strictSame(values, {
    name: 'x',
    'log.level': 'info',
    'web.listen-address': [':1'],
    check: false,
    color: true,
    limit: 100,
    offset: 0.5,
    wait: 5,
  })
  t.strictSame([...given], [])
  t.equal(asks, undefined)
})

test('both spellings, negated booleans, repeats', async (t) => {
  const argv = ['--name', 'a=b', '--log.level=debug', '--check', '--no-color', '--limit=0', '--offset', '-1.5e1']
  const { values, given } = parseFlags(table, [
    ...argv,
    '--wait=1m30s',
    '--web.listen-address=a',
    '--web.listen-address',
    'b',
  ])
  t.strictSame(values, {
    name: 'a=b',
    'log.level': 'debug',
    'web.listen-address': ['a', 'b'],
    check: true,
    color: false,
    limit: 0,
    offset: -15,
    wait: 90,
  })
  t.equal(given.size, 8)
  t.match(parseFlags(table, ['--check=false', '--color=true', '--name=']).values, {
    check: false,
    color: true,
    name: '',
  })
})

const mistakes: readonly [argv: string[], message: string][] = [
  [['--nmae=x'], 'unknown flag --nmae, did you mean --name?'],
  [['--web.listen-adress=x'], 'unknown flag --web.listen-adress, did you mean --web.listen-address?'],
  [['--zzzzzzzzzz'], 'unknown flag --zzzzzzzzzz'],
  [['--toString'], 'unknown flag --toString'],
  [['--no-name'], 'unknown flag --no-name'],
  [['-x'], 'unknown flag -x'],
  [['serve'], 'unexpected argument "serve"'],
  [['--name'], 'flag --name wants a value'],
  [['--name=a', '--name=b'], 'flag --name is given twice'],
  [['--check', '--no-check'], 'flag --check is given twice'],
  [['--check=maybe'], 'flag --check wants true or false, not "maybe"'],
  [['--log.level=loud'], 'flag --log.level wants one of debug, info, not "loud"'],
  [['--limit=-1'], 'flag --limit wants a whole number from 0, not "-1"'],
  [['--limit=1.5'], 'flag --limit wants a whole number from 0, not "1.5"'],
  [['--limit=99999999999999999'], 'flag --limit wants a whole number from 0, not "99999999999999999"'],
  [['--offset=half'], 'flag --offset wants a number, not "half"'],
  [['--offset='], 'flag --offset wants a number, not ""'],
  [['--wait=5'], 'flag --wait wants a duration such as 30s or 1m30s, not "5"'],
]

for (const [argv, message] of mistakes) {
  test(`mistake: ${argv.join(' ')}`, async (t) => {
    t.throws(() => parseFlags(table, argv), new FlagError(message))
  })
}

test('--help and --version win over mistakes', async (t) => {
  t.equal(parseFlags(table, ['--bogus', '-h']).asks, 'help')
  t.equal(parseFlags(table, ['--help', '--version']).asks, 'help')
  t.equal(parseFlags(table, ['--version', '--limit=x']).asks, 'version')
})

test('help is grouped, aligned and wrapped', async (t) => {
  const text = helpText(
    'leadline toy',
    'Measures a toy.',
    [
      { title: 'Toy', flags: table },
      { title: 'None', flags: {} },
    ],
    60,
  )
  t.equal(
    text,
    `usage: leadline toy [<flags>]

Measures a toy.

Toy:
  --name=x                     A name.
  --log.level=info             A level.
  --web.listen-address=:1 ...  Addresses.
  --[no-]check                 Check only.
  --[no-]color                 Colours.
  --limit=100                  A limit.
  --offset=0.5                 An offset.
  --wait=5s                    A time.

Help:
  --help                       Show this text (also -h).
  --version                    Show the version.
`,
  )
})

test('every flag of the kit is in the help, with the port of the exporter', async (t) => {
  const text = helpText('leadline toy', 'Measures a toy.', flagGroups('Toy', {}, 9115))
  for (const [name, { help }] of Object.entries(kitFlags)) {
    t.match(text, new RegExp(`--(\\[no-\\])?${name.replaceAll('.', '\\.')}(=|\\s)`), name)
    t.match(text.replaceAll(/\s+/g, ' '), help, `${name} is explained`)
  }
  t.match(text, '--web.listen-address=:9115 ...')
  t.notMatch(text, 'Toy:', 'a group without flags is left out')
  t.ok(
    text.split('\n').every((line) => line.length <= 110),
    'no line is too long',
  )
})

test('operands are taken where they are asked for, and refused elsewhere', async (t) => {
  const { values, operands } = parseFlags(table, ['a', '--limit', '5', '-', '--', '--name=y'], { takesOperands: true })
  t.strictSame(operands, ['a', '-', '--name=y'])
  t.match(values, { limit: 5, name: 'x' })
  t.throws(() => parseFlags(table, ['a']), new FlagError('unexpected argument "a"'))
})
