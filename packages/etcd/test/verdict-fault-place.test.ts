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
const durations = (mean: number, p99: number, longest = 0.256) => ({ seconds: 60, count: 60, mean, p99, longest })
const fsyncs = (mean: number, p99: number) => ({ walFsync: durations(mean, p99) })

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

test('one slow put of the first three moves nothing', async (t) => {
  const put = sounding([ended('success', 2, 0.129), ended('success', 1), ended('success', 0.5)])
  const view = cluster([{ label: 'a1', soundings: { ...taking(quick), put } }])
  t.strictSame([...placeFaults(view, remembered).values()], ['none'])
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

/** A page that was asked for so long ago, on which no fsync or commit was longer than that. */
const told = (ago: number, longestFsync: number, longestCommit = longestFsync) => ({
  ago,
  walFsync: durations(longestFsync / 2, longestFsync, longestFsync),
  backendCommit: durations(longestCommit / 2, longestCommit, longestCommit),
})
const slowPuts = taking([0.002, 0.002, 0.003, 0.9])

const explained: readonly {
  readonly name: string
  readonly soundings?: MemberParts['soundings']
  readonly own: MemberParts['own']
  readonly place: FaultPlace
}[] = [
  { name: 'no fsync was slow', own: told(3, 0.001), place: 'unknown' },
  { name: 'some fsync was slow', own: told(3, 0.032, 0.001), place: 'fsync' },
  { name: 'some commit of the backend was slow', own: told(3, 0.001, 0.064), place: 'fsync' },
  {
    name: 'no fsync was slow, and the backend is slow to read',
    soundings: taking([0.15, 0.2, 0.21, 0.9]),
    own: told(3, 0.001),
    place: 'host',
  },
  {
    name: 'no fsync was slow, and the others are slow to be heard of',
    soundings: taking([0.002, 0.002, 0.4, 0.9]),
    own: told(3, 0.001),
    place: 'quorum',
  },
  { name: 'it is too old', own: { ...told(11, 0.001), isCurrent: false }, place: 'fsync' },
  { name: 'it says nothing of a window yet', own: { ago: 3 }, place: 'fsync' },
  { name: 'no commit of the backend is on it', own: { ...told(3, 0.001), backendCommit: undefined }, place: 'fsync' },
  {
    name: 'no put ended before it that was slow',
    soundings: turning(6, 0.9),
    own: told(5.6, 0.001),
    place: 'fsync',
  },
  { name: 'one did', soundings: turning(6, 0.9), own: told(5.4, 0.001), place: 'unknown' },
  {
    name: 'one did, but was begun before the window',
    soundings: turning(6, 0.9),
    own: { ...told(5.4, 0.001), walFsync: { ...durations(0.001, 0.001, 0.001), seconds: 0.9 } },
    place: 'fsync',
  },
  {
    name: 'a put has hung since',
    soundings: { ...slowPuts, put: sounding(steady(0.9).recent, 2) },
    own: told(3, 0.001),
    place: 'fsync',
  },
]

for (const { name, soundings = slowPuts, own, place } of explained) {
  test(`slow puts beside the member's own page: ${name}`, async (t) => {
    const view = cluster([{ label: 'a1', soundings, ...(own && { own }) }])
    t.strictSame([...placeFaults(view, remembered).values()], [place])
  })
}

test('a follower that adds to the puts is not blamed either when its page shows no slow fsync', async (t) => {
  const follower = { label: 'a2', soundings: slowPuts }
  const places = (own: MemberParts['own']) => [
    ...placeFaults(
      cluster([
        { label: 'a1', soundings: taking(quick) },
        { ...follower, own: own ?? {} },
      ]),
      remembered,
    ).values(),
  ]
  t.strictSame(places(told(3, 0.001)), ['none', 'unknown'])
  t.strictSame(places(told(3, 1.024)), ['none', 'fsync'])
})

test('while a disk turns slow, its pages never hide that, however they fall', async (t) => {
  for (const phase of [0, 1, 2, 3, 4]) {
    for (let slow = 0; slow <= 10; slow++) {
      // The last page is as many seconds old; it shows a slow fsync once a slow put had ended by then.
      const ago = (slow + phase) % 5
      const view = cluster([
        { label: 'a1', soundings: turning(slow, 0.065), own: told(ago, slow > ago ? 0.064 : 0.004) },
      ])
      t.strictSame(
        [...placeFaults(view, remembered).values()],
        [slow >= 6 ? 'fsync' : 'none'],
        `${slow} of 10, ${ago} s`,
      )
    }
  }
})

test('after an election, puts that were quick before it count for more than the last minute', async (t) => {
  const view = cluster([{ label: 'a1', soundings: taking(quick), own: fsyncs(0.05, 0.12) }])
  t.strictSame([...placeFaults(view, { ...remembered, ledSeconds: 1 }).values()], ['none'])
})

test('slow puts are forgotten though all since were refused', async (t) => {
  const refused = steady(0.002, 'nospace').recent
  for (const before of [[22, 21, 20].map((ago) => ended('success', ago, 0.3)), [ended('deadline', 15, 5)]]) {
    const view = cluster([{ label: 'a1', soundings: { ...taking(quick), put: sounding([...before, ...refused]) } }])
    t.strictSame([...placeFaults(view, remembered).values()], ['none'])
  }
})

test('a slow follower is named while the leader can not be reached', async (t) => {
  const view = cluster([
    { label: 'a1', soundings: dead('unreachable') },
    { label: 'a2', soundings: taking(quick) },
    { label: 'a3', soundings: taking([0.002, 0.003, 0.004, 0.6]) },
  ])
  t.strictSame([...placeFaults(view, remembered).values()], ['host', 'none', 'fsync'])
})

test('a put that is lost as the leader dies is not put down to a follower', async (t) => {
  const lost = sounding(steady(0.004).recent.slice(0, -2), 2.1)
  const view = cluster([
    { label: 'a1', soundings: dead('unreachable') },
    { label: 'a2', soundings: { ...taking(quick), put: lost } },
    { label: 'a3', soundings: taking(quick) },
  ])
  t.strictSame([...placeFaults(view, remembered).values()], ['host', 'none', 'none'])
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
