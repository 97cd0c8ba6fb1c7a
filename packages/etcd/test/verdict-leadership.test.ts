// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { freshVoters } from '../src/verdicts/fresh.ts'
import { createLeaderHistory } from '../src/verdicts/leader-history.ts'
import { currentLeader, isStaleClaim, leaderClaims, revisionSpread, termSpread } from '../src/verdicts/leadership.ts'
import { cluster, ended, type MemberParts, sounding } from './verdict-views.ts'

/** Three voters, of which each says who leads at which term; undefined for one that does not answer. */
function saying(...words: readonly (readonly [leaderId: string | undefined, raftTerm: number] | undefined)[]) {
  return cluster(
    words.map((word, i): MemberParts => {
      const label = `a${i + 1}`
      return word ? { label, status: { leaderId: word[0], raftTerm: word[1] } } : { label, status: undefined }
    }),
  )
}

const cases = [
  {
    name: 'health',
    view: saying(['a1', 2], ['a1', 2], ['a1', 2]),
    leaders: 1,
    leader: { id: 'a1', term: 2 },
    spread: 0,
  },
  {
    name: 'a deposed leader that has not noticed',
    view: saying(['a1', 2], ['a2', 3], ['a2', 3]),
    leaders: 2,
    leader: { id: 'a2', term: 3 },
    spread: 1,
  },
  {
    name: 'a stopped leader, before the election',
    view: saying(undefined, [undefined, 2], [undefined, 2]),
    leaders: 0,
    leader: 'none',
    spread: 0,
  },
  {
    name: 'a hanging leader, before the election',
    view: saying(['a1', 2], [undefined, 2], [undefined, 2]),
    leaders: 1,
    leader: 'none',
    spread: 0,
  },
  {
    name: 'a voter that is cut off and stands for election in vain',
    view: saying(['a1', 2], ['a1', 2], [undefined, 31]),
    leaders: 1,
    leader: { id: 'a1', term: 2 },
    spread: 29,
  },
  {
    name: 'only one that answers',
    view: saying(undefined, ['a1', 2], undefined),
    leaders: 0,
    leader: { id: 'a1', term: 2 },
    spread: 0,
  },
  {
    name: 'nobody that answers',
    view: saying(undefined, undefined, undefined),
    leaders: 0,
    leader: undefined,
    spread: undefined,
  },
]

for (const { name, view, leaders, leader, spread } of cases) {
  test(`leadership: ${name}`, async (t) => {
    t.equal(leaderClaims(view).length, leaders)
    t.strictSame(currentLeader(view), leader)
    t.equal(termSpread(view), spread)
  })
}

test('the claim of the lower term is the stale one', async (t) => {
  const view = saying(['a1', 2], ['a2', 3], ['a2', 3])
  const leader = currentLeader(view)
  t.strictSame(
    freshVoters(view).map((one) => isStaleClaim(one, leader)),
    [true, false, false],
  )
})

const old = (status: ReturnType<typeof sounding>) => cluster([{ label: 'a1', ago: 10, soundings: { status } }])

test('an old Status counts until a newer one has failed', async (t) => {
  t.equal(leaderClaims(old(sounding([ended('success', 10)]))).length, 1, 'a long interval')
  t.equal(leaderClaims(old(sounding([ended('success', 10), ended('lagged', 1)]))).length, 1, 'the exporter was held up')
  t.equal(leaderClaims(old(sounding([ended('success', 10), ended('deadline', 1)]))).length, 0)
  t.equal(leaderClaims(old(sounding([ended('success', 10)], 3))).length, 0)
  t.equal(leaderClaims(old(sounding([ended('success', 10), ended('tls', 1)]))).length, 0, 'a new certificate')
  t.equal(leaderClaims(old(sounding([ended('success', 10), ended('auth', 2), ended('lagged', 1)]))).length, 0)
})

test('learners and members of another cluster have no say', async (t) => {
  const view = cluster([
    { label: 'a1', status: { revision: 10 } },
    { label: 'a2', status: { revision: 12 } },
    { label: 'a3', isLearner: true, status: { leaderId: 'a3', isLearner: true, revision: 11 } },
    { label: 'b1', status: { clusterId: 'c2', leaderId: 'b1', raftTerm: 9, revision: 900 } },
  ])
  t.strictSame(currentLeader(view), { id: 'a1', term: 2 })
  t.equal(leaderClaims(view).length, 1)
  t.equal(revisionSpread(view), 2)
})

test('leader changes are counted by terms, and a silent member resets nothing', async (t) => {
  const history = createLeaderHistory()
  t.equal(history.changes, undefined)
  const looks = [
    saying(['a1', 2], ['a1', 2], ['a1', 2]),
    saying(undefined, [undefined, 2], [undefined, 2]),
    saying(undefined, ['a2', 4], ['a2', 4]),
    saying([undefined, 2], ['a2', 4], ['a2', 4]),
    saying(['a2', 4], undefined, undefined),
    saying(['a3', 5], ['a3', 5], ['a3', 5]),
    saying(['a3', 6], ['a3', 6], ['a3', 6]),
  ]
  const counts = looks.map((view, now) => {
    history.add(now, view)
    return [history.changes, history.termRises]
  })
  t.strictSame(counts, [
    [0, 0],
    [0, 0],
    [1, 2],
    [1, 2],
    [1, 2],
    [2, 3],
    [3, 4],
  ])
  t.equal(history.leaderlessSeconds, 1)
  t.equal(history.changedAt, 6)
})

test('a member that was cut off at a lower term and is the only one seen is no new leader', async (t) => {
  const history = createLeaderHistory()
  history.add(0, saying(['a1', 2], ['a1', 2], ['a1', 2]))
  history.add(1, saying(['a1', 2], ['a2', 3], ['a2', 3]))
  history.add(2, saying(['a1', 2], undefined, undefined))
  history.add(3, saying(['a1', 2], ['a2', 3], ['a2', 3]))
  t.equal(history.changes, 1)
})

test('a cluster that is made anew begins with its own terms', async (t) => {
  const history = createLeaderHistory()
  history.add(0, saying(['a1', 7], ['a1', 7], ['a1', 7]))
  history.add(1, saying(['a1', 2], ['a1', 2], ['a1', 2]))
  t.equal(history.changes, 0)
  history.add(2, saying(['a2', 3], ['a2', 3], ['a2', 3]))
  t.equal(history.changes, 1)
})

test('three changes within five minutes are flapping, until they are five minutes old', async (t) => {
  const history = createLeaderHistory()
  for (const [term, now] of [0, 10, 20].entries()) history.add(now, saying(['a1', term], ['a1', term], ['a1', term]))
  t.equal(history.isFlapping(20), false)
  history.add(30, saying(['a1', 3], ['a1', 3], ['a1', 3]))
  t.equal(history.isFlapping(30), true)
  t.equal(history.isFlapping(310), true)
  t.equal(history.isFlapping(311), false)
})

test('time that nobody looked is not put down to a missing leader', async (t) => {
  const history = createLeaderHistory()
  const leaderless = saying([undefined, 2], [undefined, 2], [undefined, 2])
  for (const now of [0, 1, 2, 60, 61]) history.add(now, leaderless)
  t.equal(history.leaderlessSeconds, 3)
})
