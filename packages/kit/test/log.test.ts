// SPDX-License-Identifier: Apache-2.0
import { createLogger, formatRecord, type LogLevel } from '@leadline/kit'
import { test } from 'tap'

const clock = { unix: () => 1_700_000_000.123, now: () => 0 }

function logInto(format: 'logfmt' | 'json', level: LogLevel = 'debug') {
  const lines: string[] = []
  const log = createLogger({ level, format, destination: { write: (line) => void lines.push(line) }, clock })
  return { log, lines }
}

test('a logfmt line', async (t) => {
  const { log, lines } = logInto('logfmt')
  log.info('Listening on', { address: '[::]:9115', http2: false, count: 3 })
  t.strictSame(lines, [
    'time=2023-11-14T22:13:20.123Z level=INFO msg="Listening on" address=[::]:9115 http2=false count=3\n',
  ])
})

test('a JSON line', async (t) => {
  const { log, lines } = logInto('json')
  log.warn('Careful', { nested: { list: [1, 'two'] }, err: new Error('outer', { cause: new Error('inner') }) })
  t.equal(lines.length, 1)
  t.match(lines[0], /\}\n$/)
  t.strictSame(JSON.parse(lines[0] as string), {
    time: '2023-11-14T22:13:20.123Z',
    level: 'WARN',
    msg: 'Careful',
    nested: { list: [1, 'two'] },
    err: 'outer: inner',
  })
})

test('levels', async (t) => {
  const { log, lines } = logInto('logfmt', 'warn')
  log.debug('no')
  log.info('no')
  log.warn('a')
  log.error('b')
  log.at('debug').debug('c')
  log.at('error').warn('no')
  t.strictSame(
    lines.map((line) => line.replace(/^time=\S+ /, '')),
    ['level=WARN msg=a\n', 'level=ERROR msg=b\n', 'level=DEBUG msg=c\n'],
  )
})

test('a level that is off never reads its fields', async (t) => {
  const { log, lines } = logInto('logfmt', 'error')
  const trap = {
    get value(): string {
      throw new Error('read')
    },
  }
  log.debug('quiet', trap)
  log.info('quiet', trap)
  log.warn('quiet', trap)
  t.strictSame(lines, [])
})

// The right-hand sides of all but half a surrogate, which Go can't have, were printed by Go 1.26's slog.NewTextHandler.
const quoted: readonly [value: unknown, written: string][] = [
  ['plain', 'plain'],
  ['', '""'],
  ['two words', '"two words"'],
  ['a=b', '"a=b"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['back\\slash', 'back\\slash'],
  ['back\\slash and space', '"back\\\\slash and space"'],
  ['line\nbreak\ttab', '"line\\nbreak\\ttab"'],
  ['\x1b[31mred', '"\\x1b[31mred"'],
  ['nul\0', '"nul\\x00"'],
  ['grüße', 'grüße'],
  ['日本', '日本'],
  ['no\u00a0break', '"no\\u00a0break"'],
  ['zero\u200bwidth', '"zero\\u200bwidth"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['\ud800', '"\\ufffd"'],
  ['{}', '{}'],
  [1e21, '1e+21'],
  [true, 'true'],
]

test('values are quoted as by slog', async (t) => {
  for (const [value, written] of quoted) {
    const line = formatRecord({ at: 0, level: 'info', message: 'm', fields: { k: value } })
    t.equal(line, `time=1970-01-01T00:00:00.000Z level=INFO msg=m k=${written}`, JSON.stringify(value))
  }
  t.match(formatRecord({ at: 0, level: 'info', message: 'm', fields: { 'odd key': 1 } }), '"odd key"=1')
})

/** A JSON line as it would be in logfmt. */
function asLogfmt(line: string): string {
  const { msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  return formatRecord({ at: 0, level: 'info', message: String(msg), fields })
}

test('odd fields never throw', async (t) => {
  const cycle: Record<string, unknown> = { name: 'cycle' }
  cycle['self'] = cycle
  const fields = {
    big: 12n,
    cycle,
    missing: undefined,
    nothing: null,
    nan: Number.NaN,
    text: Buffer.from('bytes'),
    bytes: Buffer.from([0xff, 0x00]),
    symbol: Symbol('s'),
    run: () => 1,
    when: new Date(0),
    never: new Date(Number.NaN),
    map: new Map([['a', 1n]]),
    err: new TypeError('outer: inner', { cause: new Error('inner') }),
    bare: new Error(''),
    thrown: new Error('odd', { cause: 'a text' }),
    get trap(): string {
      throw new Error('read')
    },
    inside: {
      get trap(): string {
        throw new Error('read')
      },
    },
    time: 'mine',
    level: 'mine',
    msg: 'mine',
  }
  for (const format of ['logfmt', 'json'] as const) {
    const { log, lines } = logInto(format)
    log.error('%s odd', fields)
    t.equal(lines.length, 1, format)
    const line = format === 'json' ? asLogfmt(lines[0] as string) : (lines[0] as string)
    for (const part of [
      'big=12',
      'nothing=null',
      'nan=NaN',
      'text=bytes',
      'bytes=ff00',
      'symbol=Symbol(s)',
      'when=1970-01-01T00:00:00.000Z',
      'never="invalid date"',
      'map="{\\"a\\":\\"1\\"}"',
      'err="outer: inner"',
      'bare=Error',
      'thrown="odd: a text"',
      'trap=<unreadable>',
      'inside=<unreadable>',
      'logged_time=mine',
      'logged_level=mine',
      'logged_msg=mine',
    ]) {
      t.match(line, ` ${part}`, `${format}: ${part}`)
    }
    t.notMatch(line, 'missing')
    t.match(line, '%s odd')
    t.match(line, /cycle=".*\.\.\..*"/)
  }
})
