// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { chooseList, type ToldList, toldList } from '../src/membership/choose-list.ts'

/** The list of these members as one of them tells it; lower-case IDs are learners. */
function told(by: string, members: string, raftTerm = 2): ToldList {
  return toldList({
    clusterId: 'c',
    memberId: by,
    revision: 0,
    raftTerm,
    members: members.split('').map((id) => ({
      id,
      name: id,
      clientUrls: [`http://${id}:1`],
      peerUrls: [],
      isLearner: id === id.toLowerCase(),
    })),
  })
}

interface Case {
  readonly replies: readonly (readonly [by: string, members: string, raftTerm?: number])[]
  readonly held?: string
  /** What each told last. */
  readonly before?: Readonly<Record<string, string>>
  readonly want: string | undefined
}

const cases: Readonly<Record<string, Case>> = {
  'nobody answers': { replies: [], held: 'ABC', want: 'ABC' },
  'nobody has ever answered': { replies: [], want: undefined },
  'the first answer of one of three': { replies: [['A', 'ABC']], want: 'ABC' },
  'a majority against a cut-off member that was asked first and counts a higher term': {
    replies: [
      ['C', 'ABC', 99],
      ['A', 'ABD'],
      ['B', 'ABD'],
    ],
    want: 'ABD',
  },
  'a removed member does not count for its own list': {
    replies: [
      ['C', 'AB'],
      ['A', 'ABC'],
      ['B', 'ABC'],
    ],
    want: 'ABC',
  },
  'learners make no majority': {
    replies: [
      ['A', 'AB'],
      ['c', 'Acd'],
      ['d', 'Acd'],
    ],
    held: 'AB',
    before: { A: 'AB' },
    want: 'AB',
  },
  'a lone reachable member that moves on': { replies: [['A', 'ABD']], held: 'ABC', before: { A: 'ABC' }, want: 'ABD' },
  'one moves on while another stays behind': {
    replies: [
      ['B', 'ABC'],
      ['A', 'ABCD'],
    ],
    held: 'ABC',
    before: { A: 'ABC', B: 'ABC' },
    want: 'ABCD',
  },
  'only a removed member with its old list is left to answer': {
    replies: [['C', 'ABC']],
    held: 'ABD',
    before: { A: 'ABD', B: 'ABD', C: 'ABC' },
    want: 'ABD',
  },
  'a newcomer alone, when those of the held list are gone': {
    replies: [['E', 'DEF']],
    held: 'ABC',
    before: { A: 'ABC' },
    want: 'DEF',
  },
  'a newcomer with another list, while the held one is told still': {
    replies: [
      ['C', 'ABC'],
      ['A', 'ABD'],
    ],
    held: 'ABD',
    before: { A: 'ABD' },
    want: 'ABD',
  },
}

test('the newest list', async (t) => {
  for (const [what, { replies, held, before = {}, want }] of Object.entries(cases)) {
    const lists = replies.map(([by, members, term]) => told(by, members, term))
    const last = new Map(Object.entries(before).map(([id, members]) => [id, told(id, members).key]))
    const chosen = chooseList(lists, held === undefined ? undefined : told('A', held), last)
    t.equal(chosen?.list.members.map(({ id }) => id).join(''), want, what)
  }
})

test('lists are the same whatever their order and who tells them', async (t) => {
  t.equal(told('A', 'ABC').key, told('B', 'CBA', 7).key)
  t.not(told('A', 'ABc').key, told('A', 'ABC').key)
})
