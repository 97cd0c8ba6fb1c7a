// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { test } from 'tap'
import { CelProgram, parseJson } from '../src/match/cel.ts'

/** An expression about a body, and what cel-go made of it: see golden/cel/generate.go. */
interface Vector {
  readonly expression: string
  readonly body: string
  readonly result: boolean | 'error' | 'not a boolean' | 'refused'
}

const vectors = readFileSync(new URL('golden/cel/vectors.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

/** Where cel-js is known to part from cel-go, and how. */
const known = new Map<string, Vector['result']>([
  // cel-go compares a double with an int as doubles, cel-js exactly.
  ['body.big == 9007199254740993', false],
  // Refused at load by cel-go; cel-js can do it.
  ['9223372036854775808 > 0', true],
  ['1 < 1.5', true],
  ['-1 < 1u', true],
  // cel-js learns the type of body.s only when it runs.
  ['body.s.startsWith(1)', 'error'],
  // A number without its leading zero.
  ['.5 == 0.5', 'refused'],
  // Unsigned numbers beside the doubles of JSON.
  ['body.l[0u] == 1', 'error'],
  ['body.l == [1.0, 2, 3u]', false],
  // Protocol buffer messages.
  ['google.protobuf.Timestamp{seconds: 1} == timestamp(1)', 'refused'],
  ['google.protobuf.Int64Value{value: 1} == 1', 'refused'],
])

function resultOf(expression: string, body: unknown): Vector['result'] {
  let program: CelProgram
  try {
    program = CelProgram.compile(expression)
  } catch {
    return 'refused'
  }
  try {
    return program.evaluate(body)
  } catch (error) {
    return (error as Error).message === 'the result is not a boolean' ? 'not a boolean' : 'error'
  }
}

test('expressions come out as with cel-go', (t) => {
  for (const { expression, body, result } of vectors)
    t.equal(resultOf(expression, parseJson(body)), known.get(expression) ?? result, JSON.stringify(expression))
  t.end()
})

test('every known difference is one', (t) => {
  for (const [expression, result] of known) {
    const vector = vectors.find((candidate) => candidate.expression === expression)
    t.not(vector?.result, undefined, JSON.stringify(expression))
    t.not(vector?.result, result, JSON.stringify(expression))
  }
  t.end()
})

test('a body with a key that JavaScript knows is like any other', (t) => {
  // The key makes the objects come as Maps, so that every vector has to hold for them too.
  for (const { expression, body, result } of vectors.filter(({ body: text }) => text.startsWith('{"n"'))) {
    if (/\bbody( ==|\)|$)|\[body\]/.test(expression)) continue
    const withKey = parseJson(body.replace('{', '{"constructor":{"constructor":1},'))
    t.equal(resultOf(expression, withKey), known.get(expression) ?? result, JSON.stringify(expression))
  }
  t.equal(resultOf('body["\\u0063onstructor"].a == 1', parseJson('{"\\u0063onstructor":{"a":1}}')), true)
  t.end()
})

test('mistakes are told at load', (t) => {
  t.throws(() => CelProgram.compile(''), /EOF/)
  t.throws(() => CelProgram.compile('foo.bar'), /Unknown variable: foo/)
  t.throws(() => CelProgram.compile('body.a.lowerAscii() == "a"'), { message: "undeclared reference to 'lowerAscii'" })
  t.throws(() => CelProgram.compile('body.matchesRe2("a")'), { message: "undeclared reference to 'matchesRe2'" })
  t.throws(() => CelProgram.compile('cel.bind(x, 1, x == 1)'), { message: "undeclared reference to 'bind'" })
  t.throws(() => CelProgram.compile('1 + "a" == 2'), /no such overload/)
  t.end()
})

test('loops are counted by how deep they stand', (t) => {
  const depths: Readonly<Record<string, number>> = {
    'body.a == 1': 0,
    'body.all(x, x > 0)': 1,
    'body.filter(x, x > 0).all(x, x < 9)': 1,
    'body.all(x, x.all(y, y > 0))': 2,
    'body.all(x, body.map(y, y).exists(z, z == x))': 2,
    '[1].all(x, [1].all(y, [1].all(z, true)))': 3,
    'body.exists_one(x, x.exists(y, y)) || body.exists(x, x)': 2,
  }
  for (const [expression, depth] of Object.entries(depths))
    t.equal(CelProgram.compile(expression).depth, depth, expression)
  t.end()
})

test('regular expressions within CEL are RE2 and stay linear', (t) => {
  const program = CelProgram.compile('body.matches("^(a+)+$")')
  t.ok(program.usesRegexp)
  const start = performance.now()
  t.equal(program.evaluate(`${'a'.repeat(50_000)}!`), false)
  t.ok(performance.now() - start < 2_000)
  t.end()
})

test('any text is an expression or a clear refusal, and any JSON has a result or an error', (t) => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'body . [ ] ( ) { } == && || ! ? : + - 1 "a" x all exists has size in true null , matches'.split(' '),
    ),
    fc.string({ maxLength: 2 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), fc.json(), (pieces, body) => {
      const result = resultOf(pieces.join(''), parseJson(body))
      return typeof result === 'boolean' || ['error', 'not a boolean', 'refused'].includes(result)
    }),
    { numRuns: 2_000 },
  )
  t.pass('no counterexample')
  t.end()
})
