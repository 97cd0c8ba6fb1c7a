// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { quorumAvailable, quorumMargin } from '../src/verdicts/quorum.ts'
import type { SoundingView } from '../src/view.ts'
import { cluster, ended, type MemberParts, sounding, steady } from './verdict-views.ts'

const quick = steady(0.002)
/** Succeeded once a second until `seconds` ago, and has hung since. */
const hanging = (seconds: number) =>
  sounding([ended('success', seconds + 1), ended('success', seconds)], Math.max(0, seconds - 0.5))

function reading(...reads: readonly (SoundingView | undefined)[]) {
  return cluster(
    reads.map((read, i): MemberParts => {
      const label = `a${i + 1}`
      return read ? { label, soundings: { linearizable_read: read } } : { label, status: undefined }
    }),
  )
}

const cases: readonly { name: string; view: ReturnType<typeof cluster>; available: boolean | undefined }[] = [
  { name: 'all read', view: reading(quick, quick, quick), available: true },
  { name: 'one slow read among quick ones', view: reading(hanging(4), quick, quick), available: true },
  {
    name: 'reads that have hung for the time of an election',
    view: reading(hanging(2.4), hanging(2), hanging(2)),
    available: true,
  },
  { name: 'reads that hang for longer', view: reading(hanging(3), hanging(3), hanging(3)), available: false },
  {
    name: 'reads that fail at once',
    view: reading(sounding([ended('success', 3), ended('no_leader', 2), ended('no_leader', 1)]), undefined, undefined),
    available: false,
  },
  {
    name: 'two of three that can not be reached from here',
    view: reading(quick, sounding([ended('unreachable', 1)]), sounding([ended('deadline', 1, 1.5)])),
    available: true,
  },
  {
    name: 'nobody that can be reached',
    view: reading(sounding([ended('unreachable', 1)]), sounding([ended('unreachable', 1)])),
    available: false,
  },
  { name: 'a long interval', view: reading(sounding([ended('success', 25)])), available: true },
  {
    name: 'a long interval and a failure since',
    view: reading(sounding([ended('success', 25), ended('deadline', 5, 1.5)])),
    available: false,
  },
  {
    name: 'a long interval, and a failure since at another member alone',
    view: reading(
      sounding([ended('success', 5)]),
      sounding([ended('success', 10)], 1),
      sounding([ended('unreachable', 3)]),
    ),
    available: true,
  },
  {
    name: 'a long interval, and failures since at all',
    view: reading(
      sounding([ended('success', 15), ended('deadline', 3, 1.5)]),
      sounding([ended('success', 20)], 2.5),
      sounding([ended('unreachable', 3)]),
    ),
    available: false,
  },
  {
    name: 'puts that are refused since, while reads fail',
    view: cluster([
      {
        label: 'a1',
        soundings: {
          linearizable_read: sounding([ended('success', 6), ended('no_leader', 2)]),
          put: sounding([ended('success', 20), ended('nospace', 1)]),
        },
      },
    ]),
    available: false,
  },
  {
    name: 'an exporter that was held up',
    view: reading(sounding([ended('success', 8), ended('lagged', 0.1, 7)])),
    available: true,
  },
  {
    name: 'no permission, but a leader that all name',
    view: reading(steady(0.002, 'auth'), steady(0.002, 'auth')),
    available: true,
  },
  {
    name: 'no permission, and one that answers',
    view: reading(steady(0.002, 'auth'), undefined, undefined),
    available: undefined,
  },
  {
    name: 'reads that hang while a put succeeds',
    view: cluster([{ label: 'a1', soundings: { linearizable_read: hanging(4), put: quick } }]),
    available: true,
  },
  {
    name: 'a learner that answers',
    view: cluster([
      { label: 'a1', soundings: { linearizable_read: hanging(4) } },
      { label: 'l1', isLearner: true, soundings: { linearizable_read: quick } },
    ]),
    available: false,
  },
  { name: 'no member list', view: { ...reading(quick), listedVoters: undefined }, available: undefined },
]

for (const { name, view, available } of cases) {
  test(`quorum: ${name}`, async (t) => {
    t.equal(quorumAvailable(view), available)
  })
}

test('a loss shows within five seconds, however the calls fall', async (t) => {
  for (const period of [0.25, 0.5, 1]) {
    for (const phase of [0, 0.3, 0.6, 0.9]) {
      // Lost at 0; the last success began just before, the next call began a period later and meets its deadline of 1.5 s.
      const seconds = 4.5
      const begun = Math.max(0, period * (1 - phase))
      const calls = sounding(
        [ended('success', seconds + period * phase), ended('deadline', seconds - begun - 1.5, 1.5)],
        1,
      )
      t.equal(quorumAvailable(reading(calls, calls, calls)), false, `period ${period}, phase ${phase}`)
    }
  }
})

test('the margin counts voters: a learner neither adds nor takes', async (t) => {
  const three: MemberParts[] = ['a1', 'a2', 'a3'].map((label) => ({ label }))
  const learner = { label: 'l1', isLearner: true }
  t.equal(quorumMargin(cluster([...three, learner])), 1)
  t.equal(quorumMargin(cluster([{ label: 'a1' }, { label: 'a2' }, { label: 'a3', status: undefined }, learner])), 0)
  t.equal(
    quorumMargin(cluster([{ label: 'a1' }, { label: 'a2', status: undefined }, { label: 'a3', status: undefined }])),
    -1,
  )
  t.equal(quorumMargin(cluster(three, { listedVoters: 5 })), 0, 'two that are listed and not sounded')
  t.equal(quorumMargin(cluster(three, { listedVoters: undefined })), undefined)
})
