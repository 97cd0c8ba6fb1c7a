// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import type { HashReply } from '../src/rpc/member-rpc.ts'
import { compareHashes, oddHashes } from '../src/verdicts/hash-agreement.ts'
import { createHashRounds } from '../src/verdicts/hash-rounds.ts'
import { cluster } from './verdict-views.ts'

function hash(value: number, more: Partial<HashReply> = {}): HashReply {
  const header = { clusterId: 'c1', memberId: 'a1', revision: 100, raftTerm: 2 }
  return { ...header, hash: value, compactRevision: 10, hashRevision: 90, ...more }
}

const answers = (...replies: (HashReply | undefined)[]) =>
  new Map(replies.map((reply, i) => [`a${i + 1}`, reply] as const))

const cases = [
  { name: 'the same', given: answers(hash(1), hash(1), hash(1)), state: 'agree', odd: [] },
  { name: 'one that differs', given: answers(hash(1), hash(2), hash(1)), state: 'disagree', odd: ['a2'] },
  { name: 'two that differ', given: answers(hash(1), hash(2)), state: 'disagree', odd: [] },
  {
    name: 'one that differs while another is missing',
    given: answers(hash(1), hash(2), undefined),
    state: 'disagree',
    odd: [],
  },
  { name: 'one that is missing', given: answers(hash(1), hash(1), undefined), state: 'unchecked', odd: [] },
  {
    name: 'another compaction',
    given: answers(hash(1), hash(1), hash(2, { compactRevision: 20 })),
    state: 'unchecked',
    odd: [],
  },
  {
    name: 'another hash revision',
    given: answers(hash(1), hash(2, { hashRevision: 89 })),
    state: 'unchecked',
    odd: [],
  },
  {
    name: 'an older server without a hash revision',
    given: answers(hash(1), hash(1, { hashRevision: undefined })),
    state: 'unchecked',
    odd: [],
  },
  {
    name: 'older servers alone',
    given: answers(hash(1, { hashRevision: undefined }), hash(1, { hashRevision: undefined })),
    state: 'agree',
    odd: [],
  },
  { name: 'another cluster', given: answers(hash(1), hash(1, { clusterId: 'c2' })), state: 'unchecked', odd: [] },
  { name: 'a single one', given: answers(hash(1)), state: 'unchecked', odd: [] },
  { name: 'nothing', given: answers(), state: 'unchecked', odd: [] },
]

for (const { name, given, state, odd } of cases) {
  test(`hashes: ${name}`, async (t) => {
    t.equal(compareHashes(given), state)
    t.strictSame(oddHashes(given), odd)
  })
}

test('whatever is answered, agreement means that all gave one hash over one span', async (t) => {
  const small = fc.integer({ min: 0, max: 1 })
  const reply = fc.option(fc.tuple(small, small, fc.option(small, { nil: undefined })), { nil: undefined })
  const property = fc.property(fc.array(reply, { maxLength: 4 }), (given) => {
    const replies = given.map((one) => one && hash(one[0], { compactRevision: one[1], hashRevision: one[2] }))
    const isWhole = given.length > 1 && given.every((one) => one !== undefined)
    const isOne = new Set(given.map((one) => JSON.stringify(one))).size === 1
    return (compareHashes(answers(...replies)) === 'agree') === (isWhole && isOne)
  })
  t.doesNotThrow(() => fc.assert(property))
})

const hour = 3600
const three = (...revisions: readonly number[]) =>
  cluster(revisions.map((revision, i) => ({ label: `a${i + 1}`, status: { revision } })))

test('a round asks each voter once, one after the other, up to the lowest revision', async (t) => {
  const rounds = createHashRounds(hour)
  t.equal(rounds.state(0), 'unchecked')
  const view = three(120, 100, 130)
  for (const label of ['a1', 'a2', 'a3']) {
    t.strictSame(rounds.next(0, view), { member: label, revision: 100 })
    t.equal(rounds.next(1, view), undefined, 'while the answer is awaited')
    t.equal(rounds.last, undefined)
    rounds.answer(5, hash(7))
  }
  t.strictSame(rounds.last, { state: 'agree', members: ['a1', 'a2', 'a3'], odd: [], revision: 100, endedAt: 5 })
  t.equal(rounds.next(5 + hour - 1, view), undefined)
  t.strictSame(rounds.next(5 + hour, three(220, 200, 230)), { member: 'a1', revision: 200 })
})

test('a round that compared nothing is soon made again, and one that is long ago says nothing', async (t) => {
  const rounds = createHashRounds(hour)
  const round = (now: number, second: HashReply | undefined) => {
    for (const reply of [hash(7), second]) {
      rounds.next(now, three(100, 100))
      rounds.answer(now, reply)
    }
  }
  round(0, undefined)
  t.equal(rounds.state(0), 'unchecked')
  t.equal(rounds.next(299, three(100, 100)), undefined)
  round(300, hash(8))
  t.equal(rounds.state(300), 'disagree')
  t.equal(rounds.state(300 + 2 * hour), 'disagree')
  t.equal(rounds.state(301 + 2 * hour), 'unchecked')
})

test('no round begins while a voter does not answer, and learners are not asked', async (t) => {
  const rounds = createHashRounds(hour)
  t.equal(rounds.next(0, cluster([{ label: 'a1' }, { label: 'a2' }, { label: 'a3', status: undefined }])), undefined)
  t.equal(rounds.next(0, cluster([{ label: 'a1' }])), undefined)
  const view = cluster([{ label: 'a1' }, { label: 'l1', isLearner: true, status: { revision: 1 } }, { label: 'a2' }])
  t.strictSame(rounds.next(0, view), { member: 'a1', revision: 100 })
  rounds.answer(0, hash(1))
  t.strictSame(rounds.next(0, view), { member: 'a2', revision: 100 })
})

test('an answer to no question changes nothing', async (t) => {
  const rounds = createHashRounds(hour)
  rounds.answer(0, hash(1))
  t.equal(rounds.last, undefined)
})
