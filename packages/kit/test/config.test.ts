// SPDX-License-Identifier: Apache-2.0
import {
  binary,
  bool,
  ConfigError,
  ConfigNode,
  configPage,
  duration,
  float,
  type Infer,
  integer,
  jsonSchemaOf,
  list,
  mapOf,
  mapped,
  object,
  oneOf,
  optional,
  printConfig,
  readConfig,
  secret,
  text,
} from '@leadline/kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { test } from 'tap'
import { stringify } from 'yaml'

const inner = object(
  'An inner block.',
  { from: integer('From.', { least: 1, most: 9 }), to: integer('To.') },
  {
    required: ['from'],
    removed: { until: 'write to' },
    check({ from, to }, node) {
      if (node.has('to') && to < from) node.at('to').fail('must not be below from')
    },
  },
)

const shape = object('The whole.', {
  name: text('A name.', { check: (value) => (value === 'bad' ? 'bad is no name' : undefined) }),
  timeout: duration('A timeout.'),
  enabled: bool('On or off.', true),
  ratio: float('A ratio.', 0.5),
  mode: oneOf('A mode.', ['fast', 'slow'], 'fast'),
  codes: list('Codes.', integer('A code.')),
  labels: mapOf('Labels.', text('A value.'), {
    checkName: (name) => (/^\w+$/.test(name) ? undefined : `"${name}" is no label name`),
  }),
  block: optional(inner),
  maybe: optional(inner),
  bytes: binary('Bytes.'),
  password: secret('A password.'),
  upper: mapped(text('Upper case.'), { absent: '', to: (value) => value.toUpperCase(), from: (value) => value }),
})

function read(yaml: string): Infer<typeof shape> {
  return readConfig(shape, yaml, 'a.yml')
}

/** What reading gives as its mistakes, without the file's name. */
function mistakes(yaml: string): readonly string[] {
  try {
    read(yaml)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').map((line) => line.replace('a.yml:', ''))
    throw error
  }
  return []
}

test('each mistake is told at its place with its mend', async (t) => {
  const table: readonly (readonly [yaml: string, ...lines: string[]])[] = [
    ['', 'a.yml: the file is empty (EOF)'.replace('a.yml:', '')],
    ['# nothing but a comment', ' the file is empty (EOF)'],
    ['nmae: x', '1:1: field nmae not found; did you mean name? Allowed here: NAMES'],
    ['zzzzzz: x', '1:1: field zzzzzz not found. Allowed here: NAMES'],
    ['block: {from: 1, until: 2}', '1:18: block: field until is not known any more: write to'],
    ['name: bad', '1:7: name: bad is no name'],
    ['name: [a]', '1:7: name: wants text, not a list'],
    ['name: {a: b}', '1:7: name: wants text, not a mapping'],
    ['timeout: 5', '1:10: timeout: "5" is not a duration; write 5s for 5 seconds'],
    ['timeout: 1d', '1:10: timeout: "1d" is not a duration; units are ns, us, ms, s, m, h, as in 1m30s'],
    ['enabled: ye', '1:10: enabled: wants true or false, not "ye"'],
    ['ratio: half', '1:8: ratio: wants a number, not "half"'],
    ['ratio: "0.5"', '1:8: ratio: wants a number, not "0.5"'],
    ['mode: fsat', '1:7: mode: "fsat" is not one of fast, slow; did you mean fast?'],
    ['mode: crawling', '1:7: mode: "crawling" is not one of fast, slow'],
    ['codes: 200', '1:8: codes: wants a list, not "200"'],
    [
      'codes: [1, x, "2"]',
      '1:12: codes[1]: wants a whole number, not "x"',
      '1:15: codes[2]: wants a whole number, not "2"',
    ],
    ['labels: [a]', '1:9: labels: wants a mapping, not a list'],
    ['labels: {a-b: c}', '1:10: labels: "a-b" is no label name'],
    ['block: {to: 3}', '1:8: block: from must be set'],
    ['block: {from: 0}', '1:15: block.from: 0 is out of range: least 1, most 9'],
    ['block: {from: 3, to: 2}', '1:22: block.to: must not be below from'],
    ['block: 3', '1:8: block: wants a mapping, not "3"'],
    ['? [a]\n: b', '1:3: a key must be plain text'],
    ['<<: 3', '1:5: <<: a merge key (<<) takes a mapping or a list of mappings'],
    ['name: x\nname: y', '2:1: Map keys must be unique'],
    ['name: "x', '1:9: Missing closing "quote'],
    ['- a', '1:1: wants a mapping, not a list'],
    ['block: &b {<<: *b, from: 1}', '1:16: block.<<: a merge key (<<) names a mapping that it stands in'],
    ['codes: &c [*c]', '1:12: codes[0]: wants a whole number, not a list'],
    ['name: *nowhere', '1:7: name: there is no anchor &nowhere above'],
  ]
  const names = Object.keys(shape.absent).join(', ')
  for (const [yaml, ...lines] of table) {
    t.strictSame(
      mistakes(yaml),
      lines.map((line) => line.replace('NAMES', names)),
      yaml,
    )
  }
})

test('all mistakes of a file are told at once', async (t) => {
  t.strictSame(
    mistakes('timeout: 5\nblock:\n  from: x\n  tp: 1\n').map((line) => line.split(':')[0]),
    ['1', '3', '4'],
  )
})

test('scalars coerce as in yaml.v3', async (t) => {
  const value = read('name: 123\nenabled: "yes"\nratio: 1e-1\nlabels: {a: 1.0, b: true, c: ~}\nblock: {from: 0x3}')
  t.equal(value.name, '123')
  t.equal(value.enabled, true)
  t.equal(value.ratio, 0.1)
  t.strictSame(Object.fromEntries(value.labels), { a: '1.0', b: 'true', c: '' })
  t.equal(value.block?.from, 3)
  for (const [word, truth] of [
    ['On', true],
    ['n', false],
    ['OFF', false],
    ['y', true],
  ] as const) {
    t.equal(read(`enabled: ${word}`).enabled, truth)
  }
  t.strictSame(read('codes: [0o17, 017, 1_000, -5, +6]').codes, [15, 15, 1000, -5, 6])
})

test('null is absent', async (t) => {
  t.strictSame(read('{name: , timeout: ~, enabled: null, codes: , labels: , block: , bytes: }'), shape.absent)
})

test('anchors, aliases and merges work; only the first document counts', async (t) => {
  const value = read('block: &b {from: 1, to: 5}\nmaybe:\n  <<: *b\n  to: 7\n---\nthis: is not read')
  t.strictSame(value.maybe, { from: 1, to: 7 })
  t.strictSame(read('block: &b {from: 2}\nmaybe: {<<: [{to: 3}, *b, {from: 9}]}').maybe, { from: 2, to: 3 })
  t.strictSame(
    mistakes('block: {from: &n 10}\nmaybe: {from: *n}').map((line) => line.slice(0, 4)),
    ['1:18', '2:15'],
  )
})

test('!!binary gives bytes', async (t) => {
  t.strictSame(read('bytes: !!binary AAH/').bytes, Buffer.from([0, 1, 255]))
  t.strictSame(read('bytes: "\\x01ä"').bytes, Buffer.from('\u0001ä'))
  const printed = printConfig(shape, read('bytes: !!binary AAH/'), 2)
  t.strictSame(read(printed).bytes, Buffer.from([0, 1, 255]))
})

test('warnings are told when the file is good', async (t) => {
  const old = mapped(text('Old.'), {
    absent: '',
    to(value, node) {
      node.warn('is old')
      return value
    },
    from: (value) => value,
  })
  const warnings: string[] = []
  readConfig(object('X.', { old }), '\nold: x', 'w.yml', (line) => warnings.push(line))
  t.strictSame(warnings, ['w.yml:2:6: old: is old'])
})

test('what is printed has no secrets, and reads back the same without them', async (t) => {
  const yaml =
    'name: x\ntimeout: 90s\nenabled: false\nmode: slow\ncodes: [1, 2]\nlabels: {b: "1", a: "2"}\nblock: {from: 1, to: 2}\npassword: hunter2\nupper: abc\n'
  const printed = printConfig(shape, read(yaml), 4)
  t.match(printed, /^password: <secret>$/m)
  t.match(printed, /^timeout: 1m30s$/m)
  t.match(printed, /^labels:\n {4}a: "2"\n {4}b: "1"$/m)
  t.strictSame({ ...read(printed), password: '' }, { ...read(yaml), password: '' })
})

test('no tree makes the reader throw anything but ConfigError', async () => {
  const key = fc.constantFrom(...Object.keys(shape.absent), 'from', 'to', '<<', 'other', '')
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 5, -0.5, '5s', 'yes', '', '\u0000', 'fast'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(fc.property(tree, (value) => Array.isArray(mistakes(stringify(value)))))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (yaml) => Array.isArray(mistakes(yaml))))
})

test('a config that reads satisfies the JSON Schema; one with an unknown key does not', async (t) => {
  const validate = new Ajv2020({ allowUnionTypes: true, strict: true }).compile(jsonSchemaOf(shape, 'test'))
  t.ok(validate({ name: 5, timeout: '5s', enabled: 'yes', codes: [1], labels: { a: 'b' }, block: { from: 1 } }))
  t.ok(validate({ codes: null, block: null }))
  for (const bad of [{ nmae: 'x' }, { timeout: 5 }, { mode: 'other' }, { block: {} }, { block: { from: 10 } }, []]) {
    t.notOk(validate(bad), JSON.stringify(bad))
  }
})

test('the reference has every key with what it takes, its default and its meaning', async (t) => {
  const page = configPage('A page', shape)
  t.match(page, /^# A page\n/)
  t.match(page, /^\| `ratio` \| a number \| `0.5` \| A ratio. \|$/m)
  t.match(page, /^\| `codes` \| a list of a whole number \| +\| Codes. \|$/m)
  t.match(page, /^\| `labels` \| a mapping of names to text \| +\| Labels. \|$/m)
  t.match(page, /^## `block`\n\nAn inner block\./m)
  t.match(page, /^\| `from` \| a whole number \| `0` \| From. \(must be set\) \|$/m)
})

test('each document of a text is read by itself, and knows its places', async (t) => {
  const documents = ConfigNode.parseAll('a: 1\n---\n# nothing\n---\nb:\n  - c: *none\n', 'x.yml')
  const [first, second, third] = documents.map(({ top }) => top)
  t.equal(documents.length, 3)
  t.equal(first?.entries()?.[0]?.value.scalar()?.toString(), '1')
  t.equal(second?.isNull, true)
  const [entry] = third?.entries() ?? []
  t.strictSame(entry?.keyNode.place, { file: 'x.yml', line: 5, column: 1 })
  t.strictSame(entry?.value.place, { file: 'x.yml', line: 6, column: 3 })
  entry?.value.items()?.[0]?.entries()
  t.match(documents[2]?.problems, [{ line: 6, column: 8, message: 'b[0].c: there is no anchor &none above' }])
  t.strictSame(documents[0]?.problems, [])
  t.throws(() => ConfigNode.parseAll('a: 1\n---\nb: 1\nb: 2\n', 'x.yml'), {
    message: 'x.yml:4:1: Map keys must be unique',
  })
})

test('an alias stands for the last anchor above it, and all of them together for no more than a file can have', async (t) => {
  const three = object('Top.', {
    a: list('A.', integer('N.')),
    b: list('B.', integer('N.')),
    c: list('C.', integer('N.')),
  })
  t.match(readConfig(three, 'a: &x [1]\nb: &x [2]\nc: *x\n', 'x.yml'), { c: [2] })
  const numbers = Array.from({ length: 3000 }, (_, i) => i).join(', ')
  const lists = object('Top.', { a: list('A.', integer('N.')), b: list('B.', list('C.', integer('N.'))) })
  const spread = (count: number): string =>
    `a: &x [${numbers}]\nb: [${Array.from({ length: count }, () => '*x').join(', ')}]\n`
  t.equal(readConfig(lists, spread(50), 'x.yml').b.length, 50)
  t.throws(() => readConfig(lists, spread(100), 'x.yml'), {
    message: /^x\.yml:2:\d+: b\[66\]: the aliases, \*x among them, stand for too much$/,
  })
})
