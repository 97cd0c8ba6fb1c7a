// SPDX-License-Identifier: Apache-2.0
import { performance } from 'node:perf_hooks'
import * as fc from 'fast-check'
import { test } from 'tap'
import { chooseReason } from '../src/cause/choose.ts'
import { nodeReasons } from '../src/message/node-reason.ts'
import { readMessage } from '../src/message/read-message.ts'
import { corpus } from './corpus/messages.ts'

const known = new Set<string>(nodeReasons)
const head = '0/3 nodes are available: '
const pieces = fc.oneof(
  fc.constantFrom(...corpus.map(({ message }) => message)),
  fc.constantFrom(
    head,
    ', ',
    '. ',
    '..',
    ' 1 ',
    '{',
    '}',
    ': ',
    'preemption: ',
    '0/',
    '99999999999999999999 ',
    '-1 ',
    'Insufficient ',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))
const secondsFor = (message: string) => {
  const start = performance.now()
  for (let round = 0; round < 5; round++) readMessage(message)
  return (performance.now() - start) / 5000
}
const hostile: Readonly<Record<string, string>> = {
  commas: ','.repeat(32_000),
  counts: `${head}${'1 x, '.repeat(10_000)}`,
  digits: `${head}${'1'.repeat(32_000)}`,
  'commas in a reason': `${head}1 a${', b'.repeat(10_000)}`,
  'full stops': `${head}1 ${'.'.repeat(32_000)}`,
  braces: `${head}1 node(s) had untolerated taint ${'{'.repeat(32_000)}`,
  spaces: `${head}${' '.repeat(32_000)}x`,
  'a megabyte': `${head}${'1 Insufficient cpu, '.repeat(50_000)}`,
}

test('check 21: whatever the text, a cause of the set comes out, and no count is negative', async () => {
  fc.assert(
    fc.property(texts, (text) => {
      const message = readMessage(text)
      if (!known.has(chooseReason(message))) return false
      const counts = [...message.causes]
      const areCounts = counts.every(
        ([reason, nodes]) => known.has(reason) && Number.isSafeInteger(nodes) && nodes >= 0,
      )
      const isBounded = message.extras.length <= 8 && (message.prefilter ?? '').length <= 256
      return areCounts && isBounded && (message.totalNodes ?? 0) >= 0
    }),
    { numRuns: 2000 },
  )
})

test('hostile messages are read in a few milliseconds', async (t) => {
  for (const [name, message] of Object.entries(hostile)) {
    const seconds = secondsFor(message)
    t.ok(seconds < 0.02, `${name}: ${(seconds * 1000).toFixed(2)} ms`)
  }
})

test('no more than a thousand reasons, and no more than the API server takes of a message, are read', async (t) => {
  t.equal(readMessage(hostile['a megabyte'] ?? '').causes.get('insufficient_cpu'), 1000)
  t.strictSame(
    [...readMessage(`${head}1 ${'x'.repeat(32_768)}, 5 Insufficient cpu.`).causes],
    [['unschedulable_other', 1]],
  )
})

test('counts with more digits than any cluster has nodes are text', async (t) => {
  t.strictSame([...readMessage(`${head}99999999 Insufficient cpu.`).causes], [['unschedulable_other', 3]])
  t.equal(readMessage('0/99999999 nodes are available: 1 Insufficient cpu.').totalNodes, undefined)
})
