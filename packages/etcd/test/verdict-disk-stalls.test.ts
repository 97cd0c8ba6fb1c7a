// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { createDiskStalls } from '../src/verdicts/disk-stalls.ts'
import { cluster, ended, type MemberParts, sounding, steady } from './verdict-views.ts'

/** What a member is like at a time, in seconds since the fault. */
type Course = (time: number) => Omit<MemberParts, 'label'>

/** The times since the fault, up to 20 s, at which each member's disk was said to hang. */
function stalledTimes(courses: readonly Course[]): (readonly number[])[] {
  const stalls = createDiskStalls()
  const times = courses.map((): number[] => [])
  for (let time = -5; time <= 20; time++) {
    const members = courses.map((course, i) => ({ label: `a${i + 1}`, ago: 0.5, ...course(time) }))
    stalls.add(100 + time, cluster(members))
    for (const [i, list] of times.entries()) if ((stalls.stalledSeconds(`a${i + 1}`) ?? 0) > 0) list.push(time)
  }
  return times
}

/** Calls that have hung since `begun` seconds after the fault, with a deadline of 5 s. */
function hangingSince(begun: number, time: number, deadlineSeconds = 5) {
  const age = time - begun
  if (age < 0) return steady(0.003)
  const deadlines = Array.from({ length: Math.floor(age / deadlineSeconds) }, (_, i) =>
    ended('deadline', age - (i + 1) * deadlineSeconds, deadlineSeconds),
  )
  return sounding([ended('success', age + 1), ...deadlines], age % deadlineSeconds)
}

const hung = (time: number) => ({
  put: hangingSince(0.3, time),
  linearizable_read: hangingSince(0.6, time, 1.5),
})
const served = { put: steady(0.003), linearizable_read: steady(0.003) }
/** The index rises with the time as members go on writing, and stands still from `until` to `from`. */
const index = (time: number, until = 99, from = 99) => 1000 + Math.min(time, until) + Math.max(0, time - from)

/** A sound follower of a1 until the fault, that is without a leader from 1.5 s to 2.5 s, and then follows a2. */
const sound: Course = (time) => ({
  status:
    time < 2
      ? { raftIndex: index(time, 0) }
      : { leaderId: time < 3 ? undefined : 'a2', raftTerm: 3, raftIndex: index(time, 0, 2) },
  soundings: time < 3 ? hung(time) : served,
})

const writing: Course = (time) => ({ status: { raftIndex: index(time) }, soundings: served })
const hanging: Course = (time) => ({ status: { raftIndex: index(time, 0) }, soundings: hung(time) })
/** Without a leader after two seconds, as one that keeps raft's time and hears nothing. */
const cutOff: Course = (time) => ({
  status: { raftIndex: index(time, 0), leaderId: time < 2 ? 'a1' : undefined },
  soundings: hung(time),
})
const stopped: Course = (time) => ({
  ago: Math.max(0.5, time),
  soundings: { ...hung(time), status: hangingSince(0, time) },
})
const slow: Course = (time) => ({
  status: { raftIndex: index(time) },
  soundings: { put: sounding([ended('success', 1, 1.3)], 0.9), linearizable_read: steady(0.8) },
})
/** Elected, or with the one that is, while all three puts are lost together, so that no index rises until they end. */
const elected: Course = (time) => ({
  status: time < 2 ? { raftIndex: index(time, 0) } : { leaderId: 'a2', raftTerm: 3, raftIndex: index(time, 0, 7) },
  soundings: {
    put: time < 6 ? hangingSince(0.3, time) : steady(0.003),
    linearizable_read: time < 2 ? hangingSince(0.6, time, 1.5) : sounding([ended('success', 0.2)]),
  },
})

test('a hanging leader is named, and nobody else', async (t) => {
  const [leader, ...others] = stalledTimes([hanging, sound, sound])
  t.equal(leader?.[0], 3, 'within 3 s')
  t.equal(leader?.length, 18, 'for as long as it hangs')
  t.strictSame(others, [[], []])
})

test('a put that was lost with the old leader is no hanging disk at the new one', async (t) => {
  const [leader, ...others] = stalledTimes([hanging, elected, elected])
  t.equal(leader?.[0], 3)
  t.strictSame(others, [[], []])
})

test('a hanging follower is named', async (t) => {
  const [leader, stalled, other] = stalledTimes([writing, hanging, writing])
  t.equal(stalled?.[0], 3)
  t.strictSame([leader, other], [[], []])
})

test('a follower that is cut off gives its leader up, and is not named', async (t) => {
  t.strictSame(stalledTimes([writing, cutOff, writing]), [[], [], []])
})

test('a leader that lost its quorum steps down, and is not named', async (t) => {
  t.strictSame(stalledTimes([cutOff, stopped, stopped]), [[], [], []])
})

test('a disk that is only slow is not named', async (t) => {
  t.strictSame(stalledTimes([slow, slow, slow]), [[], [], []])
})

test('the stall is as old as the first call that hung, and over when calls succeed', async (t) => {
  const stalls = createDiskStalls()
  const look = (time: number, soundings: MemberParts['soundings'] = hung(time)) =>
    stalls.add(100 + time, cluster([{ label: 'a1', status: { raftIndex: index(time, 0) }, soundings }]))
  t.equal(stalls.stalledSeconds('a1'), undefined, 'before the first look')
  for (let time = 0; time <= 90; time++) look(time)
  t.equal(stalls.stalledSeconds('a1')?.toFixed(1), '89.7')
  look(91, served)
  t.equal(stalls.stalledSeconds('a1'), 0)
  stalls.add(200, cluster([{ label: 'a1', status: undefined }]))
  t.equal(stalls.stalledSeconds('a1'), undefined, 'while it does not answer')
})

const still = (walFsyncStillSeconds: number, isCurrent = true) => ({ walFsyncStillSeconds, isCurrent })
const statusHangs = (time: number) => ({ ago: time + 0.5, soundings: { status: hangingSince(0.3, time, 1.5) } })
const writingTold: Course = (time) => ({ ...writing(time), own: still(0) })

const silent: readonly { name: string; course: Course; first: number | undefined }[] = [
  {
    name: 'a page with no fsync since',
    course: (time) => ({ ...(time < 0 ? {} : statusHangs(time)), own: still(Math.max(0, time)) }),
    first: 3,
  },
  {
    name: 'a page that can not be read, as of a stopped process',
    course: (time) => ({ ...(time < 0 ? {} : statusHangs(time)), own: still(Math.max(0, time), false) }),
    first: undefined,
  },
  {
    name: 'a page from before it hung, as of a process that stopped where little is written',
    course: (time) => ({
      ...(time < 0 ? {} : statusHangs(time)),
      own: { ...still(50, time < 9), ago: Math.max(0.5, time + 1) },
    }),
    first: undefined,
  },
  {
    name: 'a page with fsyncs, as behind a broken client port',
    course: (time) => ({ ...(time < 0 ? {} : statusHangs(time)), own: still(0) }),
    first: undefined,
  },
  {
    name: 'a defragmentation',
    course: (time) => ({
      ...(time < 0 ? {} : statusHangs(time)),
      own: { ...still(Math.max(0, time)), isDefragmenting: true },
    }),
    first: undefined,
  },
  { name: 'no page', course: (time) => (time < 0 ? {} : statusHangs(time)), first: undefined },
]

for (const { name, course, first } of silent) {
  test(`a member whose Status hangs too: ${name}`, async (t) => {
    const [stalled, ...others] = stalledTimes([course, writingTold, writingTold])
    t.equal(stalled?.[0], first)
    t.strictSame(others, [[], []])
  })
}
