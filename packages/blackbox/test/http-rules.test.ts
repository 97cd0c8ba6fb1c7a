// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { readConfig } from '@leadline/kit'
import { type Test, test } from 'tap'
import { type HttpConfig, httpConfig } from '../src/http/config.ts'
import { type BodyVerdict, checkBody, checkHeaders, needsBody } from '../src/http/rules.ts'

function rules(yaml: string): HttpConfig {
  return readConfig(httpConfig, yaml, 'http.yml')
}

const forever = new AbortController().signal

function judge(yaml: string, body: string | Buffer, signal = forever): Promise<BodyVerdict> {
  return checkBody(rules(yaml), Buffer.from(body as string), signal)
}

function headers(fields: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(fields))
}

const fine: BodyVerdict = { failedByRegex: false, failedByCel: false }

test('fail_if_header_matches: any value, missing only where allowed', (t) => {
  const one = 'fail_if_header_matches: [{header: Content-Type, regexp: text/javascript}]'
  const allowed = 'fail_if_header_matches: [{header: Content-Type, regexp: text/javascript, allow_missing: true}]'
  const two = 'fail_if_header_matches: [{header: A, regexp: x, allow_missing: true}, {header: b, regexp: y}]'
  const cases: readonly (readonly [yaml: string, fields: Record<string, string[]>, reason: string | undefined])[] = [
    [one, { 'content-type': ['text/javascript'] }, 'Header matched regular expression'],
    [one, { 'content-type': ['application/octet-stream'] }, undefined],
    [one, {}, 'Missing required header'],
    [one, { other: ['text/javascript'] }, 'Missing required header'],
    [one, { 'content-type': ['a', 'b', 'text/javascript'] }, 'Header matched regular expression'],
    [one, { 'content-type': [''] }, undefined],
    [allowed, {}, undefined],
    [allowed, { 'content-type': ['text/javascript'] }, 'Header matched regular expression'],
    [two, { b: ['y'] }, 'Header matched regular expression'],
    [two, { a: ['x'], b: ['z'] }, 'Header matched regular expression'],
    [two, { a: ['z'], b: ['z'] }, undefined],
    [two, { a: ['z'] }, 'Missing required header'],
  ]
  for (const [yaml, fields, reason] of cases)
    t.equal(checkHeaders(rules(yaml), headers(fields))?.reason, reason, JSON.stringify(fields))
  t.same(checkHeaders(rules(one), headers({ 'content-type': ['x', 'text/javascript'] }))?.fields, {
    header: 'Content-Type',
    regexp: 'text/javascript',
    value_count: 2,
  })
  t.end()
})

test('fail_if_header_not_matches: one value that matches will do, missing only where allowed', (t) => {
  const one = 'fail_if_header_not_matches: [{header: Content-Type, regexp: text/javascript}]'
  const allowed = 'fail_if_header_not_matches: [{header: Content-Type, regexp: text/javascript, allow_missing: true}]'
  const both = 'fail_if_header_matches: [{header: A, regexp: x}]\nfail_if_header_not_matches: [{header: A, regexp: y}]'
  const cases: readonly (readonly [yaml: string, fields: Record<string, string[]>, reason: string | undefined])[] = [
    [one, { 'content-type': ['text/javascript'] }, undefined],
    [one, { 'content-type': ['application/octet-stream'] }, 'Header did not match regular expression'],
    [one, {}, 'Missing required header'],
    [one, { 'content-type': ['a', 'text/javascript', 'b'] }, undefined],
    [one, { 'content-type': ['a', 'b'] }, 'Header did not match regular expression'],
    [allowed, {}, undefined],
    [allowed, { 'content-type': ['a'] }, 'Header did not match regular expression'],
    [both, { a: ['y'] }, undefined],
    [both, { a: ['xy'] }, 'Header matched regular expression'],
    [both, { a: ['z'] }, 'Header did not match regular expression'],
  ]
  for (const [yaml, fields, reason] of cases)
    t.equal(checkHeaders(rules(yaml), headers(fields))?.reason, reason, JSON.stringify(fields))
  t.end()
})

test('body regexps: any may not match, all must match', async (t) => {
  const failed = (regexp: string, reason: string) => ({ ...fine, failedByRegex: true, reason, fields: { regexp } })
  const matched = 'Body matched regular expression'
  const missed = 'Body did not match regular expression'
  const unwanted = 'fail_if_body_matches_regexp: ["Could not connect", "[Ee]rror"]'
  t.same(await judge(unwanted, 'Download the latest version here'), fine)
  t.same(await judge(unwanted, 'Could not connect to database'), failed('Could not connect', matched))
  t.same(await judge(unwanted, 'internal error'), failed('[Ee]rror', matched))
  t.same(await judge(unwanted, ''), fine)
  const wanted = 'fail_if_body_not_matches_regexp: [latest, "(?i)HERE$"]'
  t.same(await judge(wanted, 'Download the latest version here'), fine)
  t.same(await judge(wanted, 'the latest version'), failed('(?i)HERE$', missed))
  t.same(await judge(wanted, ''), failed('latest', missed))
  const both = 'fail_if_body_matches_regexp: [a]\nfail_if_body_not_matches_regexp: [b]'
  t.same(await judge(both, 'a'), failed('a', matched))
  t.same(await judge(both, 'c'), failed('b', missed))
  t.same(await judge('fail_if_body_not_matches_regexp: ["^a.b$"]', 'a\rb'), fine)
  t.same(await judge("fail_if_body_not_matches_regexp: ['\\x{FFFD}']", Buffer.from([0x61, 0xff])), fine)
})

// Body, expression, and whether a probe passes when the expression may not be true, and when it must be.
const jsonCases: readonly (readonly [body: string, expression: string, mayNot: boolean, must: boolean])[] = [
  ['{"foo": {"bar": "baz"}}', "body.foo.bar == 'baz'", false, true],
  ['{"foo": {"bar": "baz"}}', "body.foo.bar == 'qux'", true, false],
  ['{}', "body.foo.bar == 'qux'", false, false],
  ['{"foo": {"bar": "baz"}}', 'body.foo.bar', false, false],
  ['hello world', "body.foo.bar == 'baz'", false, false],
  ['{}', '!has(body.foo)', false, true],
  ['"foo"', "body == 'foo'", false, true],
  ['["foo","bar","baz"]', "body[2] == 'baz'", false, true],
  ['true', 'body', false, true],
  ['', "body.foo.bar == 'baz'", false, false],
  ['🤠🤠🤠', "body.foo.bar == 'baz'", false, false],
  ['{"foo": {"bar": "🤠🤠🤠"}}', "body.foo.bar == '😿😿😿'", true, false],
  ['{"foo": {"bar": "🤠🤠🤠"}}', "body.foo.bar == '🤠🤠🤠'", false, true],
  ['{"n": 1}', 'body.n == 1', false, true],
  ['{"n": 1}', 'body.n + 1 == 2', false, false],
  ['{"n": 1}', 'body.n + 1.0 == 2.0', false, true],
  ['{"n": 1} x', 'body.n == 1', false, false],
]

async function failsByCel(key: string, body: string, expression: string): Promise<boolean> {
  const { failedByRegex, failedByCel } = await judge(`${key}: ${JSON.stringify(expression)}`, body)
  return !failedByRegex && failedByCel
}

test('CEL over JSON bodies', async (t) => {
  const results = jsonCases.map(async ([body, expression]) => [
    body,
    expression,
    !(await failsByCel('fail_if_body_json_matches_cel', body, expression)),
    !(await failsByCel('fail_if_body_json_not_matches_cel', body, expression)),
  ])
  t.same(await Promise.all(results), jsonCases)
})

test('why CEL failed a body', async (t) => {
  const why = async (yaml: string, body: string) => {
    const { reason, fields } = await judge(yaml, body)
    return [reason, fields]
  }
  const expression = 'body.a == 1'
  t.same(await why(`fail_if_body_json_matches_cel: ${expression}`, '{"a":1}'), [
    'Body matched CEL expression',
    { expression },
  ])
  t.same(await why(`fail_if_body_json_not_matches_cel: ${expression}`, '{"a":2}'), [
    'Body did not match CEL expression',
    { expression },
  ])
  t.match(await why(`fail_if_body_json_not_matches_cel: ${expression}`, '{}'), [
    'CEL expression has no boolean value',
    { expression, err: 'No such key: a' },
  ])
  t.match(await why(`fail_if_body_json_matches_cel: ${expression}`, 'x'), ['Body is not JSON', { err: /JSON/ }])
  const both = `fail_if_body_json_matches_cel: body.b\nfail_if_body_json_not_matches_cel: ${expression}`
  t.same(await judge(both, '{"a":1,"b":false}'), fine)
  t.equal((await judge(both, '{"a":1,"b":true}')).reason, 'Body matched CEL expression')
})

test('regexps come before CEL, and both see the whole body', async (t) => {
  const yaml = 'fail_if_body_not_matches_regexp: [up]\nfail_if_body_json_not_matches_cel: body.up'
  t.same(await judge(yaml, '{"up":true}'), fine)
  t.match(await judge(yaml, '{"down":true}'), { failedByRegex: true, failedByCel: false })
  t.match(await judge(yaml, '{"up":false}'), { failedByRegex: false, failedByCel: true })
})

test('which rules need the body', async (t) => {
  t.notOk(needsBody(rules('{}')))
  t.notOk(needsBody(rules('fail_if_header_matches: [{header: a, regexp: b}]')))
  for (const key of ['fail_if_body_matches_regexp', 'fail_if_body_not_matches_regexp'])
    t.ok(needsBody(rules(`${key}: [a]`)), key)
  for (const key of ['fail_if_body_json_matches_cel', 'fail_if_body_json_not_matches_cel'])
    t.ok(needsBody(rules(`${key}: body.a`)), key)
  t.same(await judge('{}', 'anything'), fine)
})

/** How often the event loop came round while a promise was pending. */
async function roundsDuring(promise: Promise<unknown>): Promise<number> {
  let rounds = 0
  const interval = setInterval(() => rounds++, 1)
  await Promise.allSettled([promise])
  clearInterval(interval)
  return rounds
}

test('big bodies are judged off the event loop, alike', async (t) => {
  const body = Buffer.from(`${'x y z '.repeat(500_000)}needle`)
  const rounds = judge('fail_if_body_not_matches_regexp: ["(?i)a|NEEDLE"]', body)
  t.ok((await roundsDuring(rounds)) > 10, 'the event loop went on')
  t.same(await rounds, fine)
  t.match(await judge('fail_if_body_matches_regexp: ["(?i)a|NEEDLE"]', body), {
    failedByRegex: true,
    failedByCel: false,
    reason: 'Body matched regular expression',
    fields: { regexp: '(?i)a|NEEDLE' },
  })
  const json = Buffer.from(JSON.stringify(Array.from({ length: 50_000 }, (_, id) => ({ id, up: true }))))
  t.same(await judge('fail_if_body_json_not_matches_cel: body.all(x, x.up)', json), fine)
  t.match(await judge('fail_if_body_json_not_matches_cel: body.exists(x, x.id == 50000)', json), { failedByCel: true })
})

async function abortDuring(t: Test, yaml: string, body: Buffer): Promise<void> {
  const verdict = judge(yaml, body, AbortSignal.timeout(200))
  const rounds = roundsDuring(verdict)
  await t.rejects(verdict, { name: 'TimeoutError' })
  t.ok((await rounds) > 10, 'the event loop went on')
}

test('a body that never ends to be judged ends with the signal', async (t) => {
  const many = Buffer.from(JSON.stringify(Array(5_000).fill(1)))
  const cube = 'fail_if_body_json_matches_cel: body.exists(x, body.exists(y, body.exists(z, x + y + z == 0.5)))'
  await abortDuring(t, cube, many)
  // More of them than there are threads: those that wait leave as well, and the threads are replaced.
  await Promise.all(Array.from({ length: 8 }, () => abortDuring(t, cube, many)))
  t.same(await judge('fail_if_body_not_matches_regexp: ["(?i)a|NEEDLE"]', `${'x'.repeat(1e6)}needle`), fine)
  await t.rejects(judge(cube, many, AbortSignal.abort(new Error('gone before'))), { message: 'gone before' })
})

test('JSON that nests without end fails its probe alone', async (t) => {
  const deep = Buffer.from('['.repeat(1e6) + ']'.repeat(1e6))
  t.match(await judge('fail_if_body_json_matches_cel: size(body) == 1', deep), { failedByCel: true })
})

test('threads do not keep the process alive', async (t) => {
  const { Worker } = await import('node:worker_threads')
  const program = `
    import { Pattern } from ${JSON.stringify(new URL('../src/match/re2.ts', import.meta.url).href)}
    import { judgeInThread } from ${JSON.stringify(new URL('../src/match/judges.ts', import.meta.url).href)}
    const rules = { matches: [Pattern.compile('a').source], notMatches: [], celMatches: undefined, celNotMatches: undefined }
    await judgeInThread({ rules, body: Buffer.from('b') }, new AbortController().signal)
  `
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`))
  const [code] = await once(worker, 'exit')
  t.equal(code, 0, 'the process that used one ended by itself')
})
