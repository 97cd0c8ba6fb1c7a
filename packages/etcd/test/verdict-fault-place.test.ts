// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { type FaultPlace, placeFaults } from '../src/verdicts/fault-place.ts'
import type { SoundingView } from '../src/view.ts'
import { cluster, ended, type MemberParts, sounding, steady } from './verdict-views.ts'

/** Usual durations of the four soundings, in seconds. */
type Durations = readonly [status: number, local: number, read: number, put: number]

function taking([status, local, read, put]: Durations): NonNullable<MemberParts['soundings']> {
  return { status: steady(status), serializable_read: steady(local), linearizable_read: steady(read), put: steady(put) }
}

const quick: Durations = [0.002, 0.002, 0.003, 0.004]
const dead = (result: 'unreachable' | 'deadline') => {
  const one = steady(1.5, result)
  return { status: one, serializable_read: one, linearizable_read: one, put: one }
}
const noQuorum = (calls: Durations) => ({
  ...taking(calls),
  linearizable_read: steady(1.5, 'deadline'),
  put: steady(5, 'deadline'),
})
const fsyncs = (mean: number, p99: number) => ({ walFsync: { seconds: 60, count: 60, mean, p99 } })

interface Case {
  readonly name: string
  /** a1 leads. */
  readonly members: readonly Omit<MemberParts, 'label'>[]
  readonly places: readonly FaultPlace[]
}

const all = (soundings: MemberParts['soundings']) => ({ ...(soundings && { soundings }) })

// The durations of slow disks are those measured on a real cluster of three.
const cases: readonly Case[] = [
  {
    name: 'health',
    members: [all(taking(quick)), all(taking(quick)), all(taking(quick))],
    places: ['none', 'none', 'none'],
  },
  {
    name: 'a leader whose disk takes 60 ms longer, as slow through all members',
    members: [
      all(taking([0.002, 0.003, 0.008, 0.065])),
      all(taking([0.002, 0.002, 0.004, 0.066])),
      all(taking([0.002, 0.002, 0.004, 0.065])),
    ],
    places: ['fsync', 'none', 'none'],
  },
  {
    name: 'the same, when reads through the followers meet the fsyncs too',
    members: [
      all(taking([0.002, 0.003, 0.008, 0.065])),
      all(taking([0.002, 0.002, 0.12, 0.118])),
      all(taking([0.002, 0.002, 0.113, 0.106])),
    ],
    places: ['fsync', 'none', 'none'],
  },
  {
    name: 'a follower whose disk takes 300 ms longer, while reads of its backend wait for commits',
    members: [all(taking(quick)), all(taking([0.15, 0.28, 0.357, 0.594])), all(taking(quick))],
    places: ['none', 'fsync', 'none'],
  },
  {
    name: 'a leader whose disk takes 700 ms longer',
    members: [
      all(taking([0.6, 0.66, 0.42, 1.153])),
      all(taking([0.002, 0.003, 0.61, 1.13])),
      all(taking([0.002, 0.002, 1.04, 1.12])),
    ],
    places: ['fsync', 'none', 'none'],
  },
  {
    name: 'two slow puts, which are too few to blame a disk for',
    members: [all({ ...taking(quick), put: sounding([ended('success', 2, 0.3), ended('success', 1, 0.3)]) })],
    places: ['none'],
  },
  {
    name: 'three of them',
    members: [all({ ...taking(quick), put: sounding([3, 2, 1].map((ago) => ended('success', ago, 0.3))) })],
    places: ['fsync'],
  },
  {
    name: 'a follower whose put was the first to hang, while none that was begun later has come through',
    members: [
      all({ ...taking(quick), put: sounding(steady(0.004).recent.slice(0, -2), 2.2) }),
      all({ ...taking(quick), put: sounding(steady(0.004).recent.slice(0, -3), 2.6) }),
    ],
    places: ['fsync', 'none'],
  },
  {
    name: 'a follower whose put hangs, while later ones through the leader come through',
    members: [all(taking(quick)), all({ ...taking(quick), put: sounding(steady(0.004).recent.slice(0, -3), 2.6) })],
    places: ['none', 'fsync'],
  },
  {
    name: 'two followers with slow disks hold the leader up',
    members: [
      all(taking([0.002, 0.002, 0.003, 0.3])),
      all(taking([0.002, 0.002, 0.003, 0.7])),
      all(taking([0.002, 0.002, 0.003, 0.7])),
    ],
    places: ['none', 'fsync', 'fsync'],
  },
  {
    name: 'the leader tells of its slow fsyncs itself, where no put is made',
    members: [
      { soundings: { serializable_read: steady(0.002), linearizable_read: steady(0.003) }, own: fsyncs(0.02, 0.12) },
      { soundings: { serializable_read: steady(0.002), linearizable_read: steady(0.003) }, own: fsyncs(0.002, 0.12) },
    ],
    places: ['fsync', 'none'],
  },
  {
    name: 'puts that are quick again count for more than the last minute',
    members: [{ soundings: taking(quick), own: fsyncs(0.05, 0.12) }],
    places: ['none'],
  },
  {
    name: 'a network that takes 200 ms longer to one follower',
    members: [all(taking(quick)), all(taking([0.002, 0.002, 0.203, 0.205])), all(taking(quick))],
    places: ['none', 'quorum', 'none'],
  },
  {
    name: 'a long way from the exporter',
    members: [all(taking([0.08, 0.08, 0.081, 0.084])), all(taking([0.08, 0.08, 0.082, 0.085]))],
    places: ['none', 'none'],
  },
  {
    name: 'a slow way to one member',
    members: [all(taking(quick)), all(taking([0.3, 0.3, 0.302, 0.306])), all(taking(quick))],
    places: ['none', 'host', 'none'],
  },
  {
    name: 'a follower that is cut off from its peers',
    members: [all(taking(quick)), { status: { leaderId: undefined }, soundings: noQuorum(quick) }, all(taking(quick))],
    places: ['none', 'quorum', 'none'],
  },
  {
    name: 'two of three stopped',
    members: [
      { status: { leaderId: undefined }, soundings: noQuorum(quick) },
      { ago: 30, soundings: dead('deadline') },
      { ago: 30, soundings: dead('unreachable') },
    ],
    places: ['quorum', 'host', 'host'],
  },
  {
    name: 'a defragmentation',
    members: [{ soundings: dead('deadline'), own: { isDefragmenting: true } }],
    places: ['defrag'],
  },
  {
    name: 'no permission',
    members: [{ soundings: { serializable_read: steady(0.002, 'auth') } }],
    places: ['unknown'],
  },
  {
    name: 'slow puts without reads to compare with',
    members: [{ soundings: { status: steady(0.002), put: steady(0.3) } }],
    places: ['unknown'],
  },
  { name: 'nothing measured', members: [{}], places: ['unknown'] },
]

const remembered = { isStalled: () => false, ledSeconds: Number.POSITIVE_INFINITY }

for (const { name, members, places } of cases) {
  test(`fault place: ${name}`, async (t) => {
    const view = cluster(members.map((one, i) => ({ label: `a${i + 1}`, ...one })))
    t.strictSame([...placeFaults(view, remembered).values()], places)
  })
}

/** Puts of which the last `slow` of ten were slow, beside quick reads. */
const turning = (slow: number, seconds: number): Record<string, SoundingView> => ({
  ...taking(quick),
  put: sounding(Array.from({ length: 10 }, (_, i) => ended('success', 9.5 - i, i >= 10 - slow ? seconds : 0.004))),
})

test('while a slow leader turns slow or quick, no follower is blamed, though its own puts turn a second apart', async (t) => {
  for (const leading of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    for (const following of [leading - 1, leading, leading + 1].filter((slow) => slow >= 0 && slow <= 10)) {
      const view = cluster([
        { label: 'a1', soundings: turning(leading, 0.065) },
        { label: 'a2', soundings: turning(following, 0.066) },
      ])
      const [leader, follower] = [...placeFaults(view, remembered).values()]
      t.equal(follower, 'none', `${leading} and ${following} of 10`)
      t.equal(leader, leading >= 6 ? 'fsync' : 'none')
    }
  }
})

test('one slow call moves nothing', async (t) => {
  const view = cluster([{ label: 'a1', soundings: turning(1, 3) }])
  t.strictSame([...placeFaults(view, remembered).values()], ['none'])
})

test('calls that hang show within two seconds', async (t) => {
  const hanging = sounding(steady(0.002).recent, 2)
  const view = cluster([{ label: 'a1', soundings: { ...taking(quick), linearizable_read: hanging } }])
  t.strictSame([...placeFaults(view, remembered).values()], ['quorum'])
})

test('a hanging disk is in the fsync, though reads hang too', async (t) => {
  const view = cluster([{ label: 'a1', soundings: noQuorum(quick) }])
  t.strictSame([...placeFaults(view, { ...remembered, isStalled: (label) => label === 'a1' }).values()], ['fsync'])
})

test('a put that was lost with the leader before is not put down to the new one', async (t) => {
  const view = cluster([{ label: 'a1', soundings: { ...taking(quick), put: sounding([ended('success', 4.6)], 4.5) } }])
  t.strictSame([...placeFaults(view, remembered).values()], ['fsync'])
  t.strictSame([...placeFaults(view, { ...remembered, ledSeconds: 3 }).values()], ['none'])
})

test('learners are judged by what they serve, and members of another cluster not at all', async (t) => {
  const view = cluster([
    { label: 'a1', soundings: taking(quick) },
    { label: 'b1', status: { clusterId: 'c2' }, soundings: taking(quick) },
    { label: 'l1', isLearner: true, soundings: { ...taking(quick), linearizable_read: steady(0.001, 'other') } },
  ])
  t.strictSame(
    [...placeFaults(view, remembered)].map(([{ label }, place]) => [label, place]),
    [
      ['a1', 'none'],
      ['l1', 'none'],
    ],
  )
})
