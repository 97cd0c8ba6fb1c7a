// SPDX-License-Identifier: Apache-2.0
import { deepStrictEqual } from 'node:assert/strict'
import { type Arbitrary, array, assert, boolean, constantFrom, integer, pre, property, record } from 'fast-check'
import { test } from 'tap'
import { cutWatch, type Kind } from './cut-watch.ts'
import { at, World } from './world.ts'
import type { WorldCronJob } from './world-objects.ts'

/** Something that happens to the cluster, or to the judge. */
interface Happening {
  /** Seconds after 10:00:30. */
  readonly after: number
  readonly what: 'controller' | 'suspend' | 'schedule' | 'relist' | 'refuse' | 'quota' | 'die' | 'delete job'
}

interface Timeline {
  readonly happenings: readonly Happening[]
  readonly policy: WorldCronJob['policy']
  readonly deadline: number | undefined
  readonly ttl: number | undefined
  readonly text: string
  /** By the minute of the tick. */
  readonly startsAfter: readonly (number | undefined)[]
  readonly runsFor: readonly number[]
  readonly exitCodes: readonly number[]
}

const lengthSeconds = 1200
const texts = ['* * * * *', '*/2 * * * *', '*/5 * * * *'] as const

const timelines: Arbitrary<Timeline> = record({
  happenings: array(
    record({
      after: integer({ min: 1, max: lengthSeconds - 1 }),
      what: constantFrom<Happening['what'][]>(
        'controller',
        'suspend',
        'schedule',
        'relist',
        'refuse',
        'quota',
        'die',
        'delete job',
      ),
    }),
    { maxLength: 8 },
  ),
  policy: constantFrom('Allow', 'Forbid', 'Replace'),
  deadline: constantFrom(undefined, undefined, 10, 45, 100),
  ttl: constantFrom(undefined, undefined, 0),
  text: constantFrom(...texts),
  startsAfter: array(constantFrom(0, 2, 2, 2, 20, 70, undefined), { minLength: 1, maxLength: 5 }),
  runsFor: array(constantFrom(0, 5, 30, 90, 200), { minLength: 1, maxLength: 5 }),
  exitCodes: array(constantFrom(0, 0, 1), { minLength: 1, maxLength: 4 }),
})

/** A time in which nobody watches, in seconds after 10:00:30. */
interface Gap {
  readonly from: number
  readonly to: number
  /** Whether another judge goes on after it, from what this one has saved. */
  readonly isRestart: boolean
}

/** A time in which the watch of one kind is cut, in seconds after 10:00:30. */
interface Cut {
  readonly kind: Kind
  readonly from: number
  readonly to: number
}

/** Lives through a timeline; at each of the given seconds the judge is put away and another goes on from what it saved. */
function live(
  timeline: Timeline,
  restartsAfter: ReadonlySet<number> = new Set(),
  gap?: Gap,
  bookmarkSeconds = 1,
  cut?: Cut,
): World {
  const { happenings, startsAfter, runsFor, exitCodes, text, policy, deadline, ttl } = timeline
  const world = new World()
  world.provedAgo = (now) => now % bookmarkSeconds
  const cronJob = world.addCronJob(text, { policy, deadline, ttl })
  world.plan = (tick) => ({
    startsAfter: startsAfter[(tick / 60) % startsAfter.length],
    runsFor: runsFor[(tick / 60) % runsFor.length] ?? 0,
    exitCode: exitCodes[(tick / 60) % exitCodes.length] ?? 0,
  })
  let open: (() => void) | undefined
  for (let after = 1; after <= lengthSeconds; after++) {
    world.runUntil(at('10:00:30') + after)
    if (after === cut?.from) open = cutWatch(world, cut.kind)
    if (after === cut?.to) open?.()
    for (const { what } of happenings.filter((one) => one.after === after)) happen(world, cronJob, what)
    if (restartsAfter.has(after)) world.restart(world.judge.save())
    if (after === gap?.from) world.isWatched = false
    if (after === gap?.to && gap.isRestart) world.restart(world.judge.save())
    else if (after === gap?.to) world.relist()
  }
  return world
}

function happen(world: World, cronJob: WorldCronJob, what: Happening['what']): void {
  if (what === 'controller') world.isControllerUp = !world.isControllerUp
  if (what === 'suspend') world.editCronJob(cronJob, { suspended: !cronJob.suspended })
  if (what === 'schedule') {
    world.editCronJob(cronJob, { text: texts[(texts.indexOf(cronJob.text as '* * * * *') + 1) % 3] ?? '* * * * *' })
  }
  if (what === 'relist' && world.isWatched) world.relist()
  if (what === 'refuse') world.refusesJobs = !world.refusesJobs
  if (what === 'quota') world.refusesPods = !world.refusesPods
  if (what === 'die') world.diesAfterCreate = true
  if (what === 'delete job') {
    const [job] = world.jobs.values()
    if (job !== undefined) world.deleteJob(job)
  }
}

/** Which ticks came due, by the plainest way to tell: looking at the CronJob at each full minute. */
function dueTicks(timeline: Timeline): number[] {
  const edits = timeline.happenings.filter(({ what }) => what === 'suspend' || what === 'schedule')
  const due: number[] = []
  let [index, suspended] = [texts.indexOf(timeline.text as '* * * * *'), false]
  for (let after = 1; after <= lengthSeconds; after++) {
    const now = at('10:00:30') + after
    const every = [60, 120, 300][index] ?? 60
    if (!suspended && now % every === 0) due.push(now)
    for (const { what } of edits.filter((one) => one.after === after)) {
      if (what === 'suspend') suspended = !suspended
      else index = (index + 1) % 3
    }
  }
  return due
}

const isStill = ({ happenings }: Timeline): boolean =>
  happenings.every(({ what }) => what !== 'suspend' && what !== 'schedule')

test('over any timeline each due tick is judged once or open, and nothing else is', async () => {
  assert(
    property(timelines, (timeline) => {
      const world = live(timeline)
      const judged = world.ticks().map(({ tick }) => tick)
      const [known] = world.judge.known().values()
      const open = (known?.runs() ?? []).filter(({ verdict }) => verdict === undefined).map(({ tick }) => tick)
      const all = [...judged, ...open].toSorted((a, b) => a - b)
      const due = dueTicks(timeline)
      // A tick that an edit overtook may be withdrawn.
      const certain = isStill(timeline) ? due : due.filter((tick) => all.includes(tick))
      deepStrictEqual(all, certain)
    }),
    { numRuns: 150, seed: 1 },
  )
})

test('a restart at any point of any timeline changes no verdict', async () => {
  assert(
    property(
      timelines,
      array(integer({ min: 1, max: lengthSeconds }), { minLength: 1, maxLength: 4 }),
      (timeline, restarts) => {
        const [plain, restarted] = [live(timeline), live(timeline, new Set(restarts))]
        deepStrictEqual(restarted.verdicts(), plain.verdicts())
        deepStrictEqual(restarted.killed().toSorted(), plain.killed().toSorted())
      },
    ),
    { numRuns: 150, seed: 3 },
  )
})

test('watches that prove only now and then that nothing is missing change no verdict', async () => {
  assert(
    property(timelines, integer({ min: 2, max: 90 }), (timeline, bookmarkSeconds) => {
      // A list read anew, or another schedule, does change what is known of a tick that waits for its verdict.
      pre(isStill(timeline) && !timeline.happenings.some(({ what }) => what === 'relist'))
      const [plain, behind] = [live(timeline), live(timeline, new Set(), undefined, bookmarkSeconds)]
      behind.advance(0)
      deepStrictEqual(behind.verdicts(), plain.verdicts())
      deepStrictEqual(behind.killed().toSorted(), plain.killed().toSorted())
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('a tick is on time or late only if its Job has started, and lost only if it has not', async () => {
  assert(
    property(timelines, (timeline) => {
      const world = live(timeline)
      return world
        .ticks()
        .every(({ verdict, job, startedAt }) =>
          verdict === 'on_time' || verdict === 'late' ? job !== undefined : startedAt === undefined,
        )
    }),
    { numRuns: 50, seed: 4 },
  )
})

const gaps = record({
  from: integer({ min: 1, max: 1000 }),
  length: integer({ min: 1, max: 190 }),
  isRestart: boolean(),
}).map(({ from, length, isRestart }): Gap => ({ from, to: from + length, isRestart }))

test('a time in which nobody watches makes verdicts unknown at worst, and none wrong', async () => {
  assert(
    property(timelines, gaps, (timeline, gap) => {
      // A Job that neither the status nor the kept Jobs tell of is beyond all knowing.
      pre(isStill(timeline) && !timeline.happenings.some(({ what }) => what === 'die' || what === 'delete job'))
      const [plain, gappy] = [live(timeline), live(timeline, new Set(), gap)]
      const truth = new Map(plain.ticks().map((one) => [one.tick, one]))
      const wrong = gappy
        .ticks()
        .filter(({ tick, verdict }) => verdict !== 'unknown' && verdict !== truth.get(tick)?.verdict)
        .map(({ tick, verdict, reason }) => [tick, verdict, reason, truth.get(tick)?.verdict, truth.get(tick)?.reason])
      deepStrictEqual(wrong, [])
      deepStrictEqual(new Set(gappy.ticks().map(({ tick }) => tick)).size, gappy.ticks().length)
    }),
    { numRuns: 150, seed: 5 },
  )
})

const cuts = record({
  kind: constantFrom<Kind[]>('cronJobs', 'jobs', 'pods'),
  from: integer({ min: 1, max: 1000 }),
  length: integer({ min: 1, max: 100 }),
}).map(({ kind, from, length }): Cut => ({ kind, from, to: from + length }))

test('a watch that is cut, and tells afterwards what it missed, changes no verdict', async () => {
  assert(
    property(timelines, cuts, (timeline, cut) => {
      pre(isStill(timeline) && !timeline.happenings.some(({ what }) => what === 'relist'))
      const [plain, cutOff] = [live(timeline), live(timeline, new Set(), undefined, 1, cut)]
      deepStrictEqual(cutOff.verdicts(), plain.verdicts())
      deepStrictEqual(cutOff.killed().toSorted(), plain.killed().toSorted())
    }),
    { numRuns: 150, seed: 11 },
  )
})
