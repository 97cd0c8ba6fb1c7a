// SPDX-License-Identifier: Apache-2.0
import { gunzipSync, gzipSync } from 'node:zlib'
import { test } from 'tap'
import { decodeState, encodeState } from '../src/state/encoding.ts'
import { jsonPieces } from '../src/state/json-pieces.ts'

async function mistakeOf(bytes: Uint8Array): Promise<unknown> {
  return Object.entries(await decodeState(bytes))
}

test('what is encoded decodes to the same, whatever JSON it is', async (t) => {
  for (const state of [
    null,
    0,
    'ö"\n',
    [],
    {},
    { a: [1, { b: null }] },
    Array.from({ length: 1700 }, (_, i) => ({ i })),
  ]) {
    t.strictSame(await decodeState(await encodeState(state)), { state })
  }
})

test('the pieces are the text of JSON.stringify, and no long array is one piece', (t) => {
  const long = Array.from({ length: 1234 }, (_, i) => (i % 3 === 0 ? undefined : { i, text: `"${i}` }))
  const values = [
    undefined,
    long,
    { a: 1, gone: undefined, deep: { long, 'ö"': [] }, last: true },
    { only: undefined, deep: { long: Array.from({ length: 500 }, () => 0) } },
    { at: new Date(0), long },
    [long, long],
  ]
  for (const value of values) {
    const pieces = [...jsonPieces(value)]
    t.equal(pieces.join(''), JSON.stringify(value) ?? 'null')
  }
  t.equal([...jsonPieces({ deep: { long } })].filter((piece) => piece.length > 20_000).length, 0)
  t.end()
})

test('other work gets its turn while 10,000 CronJobs are encoded', async (t) => {
  const cronJobs = Array.from({ length: 10_000 }, (_, i) => ({ uid: `${i}`, runs: [{ job: `j-${i}` }] }))
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  t.teardown(() => clearInterval(timer))
  const encoded = encodeState({ version: 1, cronJobs })
  t.equal(turns, 0)
  await encoded
  t.ok(turns >= 5, `${turns} turns`)
})

test('what can not be read is told', async (t) => {
  const good = await encodeState({ a: 'some text that takes a few bytes' })
  t.strictSame(await mistakeOf(Buffer.alloc(0)), [['mistake', 'it is empty']])
  t.strictSame(await mistakeOf(good.subarray(0, good.length - 5)), [['mistake', 'it is cut off']])
  t.strictSame(await mistakeOf(Buffer.from('{"a":1}')), [['mistake', 'it is not gzip, or damaged']])
  const flipped = Buffer.from(good)
  flipped[good.length - 6] = (good[good.length - 6] ?? 0) ^ 1
  t.strictSame(await mistakeOf(flipped), [['mistake', 'it is not gzip, or damaged']])
  t.strictSame(await mistakeOf(gzipSync('{"a":')), [['mistake', 'it is not JSON']])
  for (const text of ['null', '7', '{"version":1,"state":{}}']) {
    t.strictSame(await mistakeOf(gzipSync(text)), [['mistake', 'it is not a state of this exporter']])
  }
  const later = gunzipSync(good).toString().replace('"version":1', '"version":2')
  t.strictSame(await mistakeOf(gzipSync(later)), [['mistake', 'it is of version 2, and this exporter reads version 1']])
})
