// SPDX-License-Identifier: Apache-2.0
import { lint, type MetricTable, type Module } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { type WatchState, watchFailures } from '@leadline/kube'
import { test } from 'tap'
import { delays } from '../src/collectors/delays.ts'
import { judging } from '../src/collectors/judging.ts'
import type { Known } from '../src/collectors/known.ts'
import { runs } from '../src/collectors/runs.ts'
import { rollUpOf } from '../src/collectors/subject.ts'
import { waiting } from '../src/collectors/waiting.ts'
import { mostOwnSeries } from '../src/config.ts'
import type { JudgedCronJob } from '../src/judge/judge.ts'
import { modulesOf } from '../src/modules.ts'
import { Tally } from '../src/tally/tally.ts'
import { renamed } from './runs-rig.ts'
import { at, World } from './world.ts'

/** What is known of a simulated cluster. */
function knownOf(world: World, more: Partial<Known> = {}): Known {
  const tally = new Tally(1200)
  for (const outcome of world.outcomes) tally.count(outcome)
  return {
    cronJobs: () => world.judge.known().values(),
    tally: () => tally,
    isBlind: () => false,
    now: () => world.now,
    seenUntil: () => world.now - 5,
    objectiveSecondsOf: () => 1200,
    annotationMistakes: () => [],
    isRolledUp: () => false,
    ...more,
  }
}

/** The CronJobs that a world has, and the same under other names. */
function withOthers(world: World, ...names: readonly (readonly [namespace: string, name: string])[]): JudgedCronJob[] {
  const [first] = world.judge.known().values()
  if (first === undefined) throw new Error('no CronJob is known')
  return [first, ...names.map(([namespace, name]) => renamed(first, namespace, name))]
}

const backup = 'cronjob="backup"'
const shop = 'namespace="default"'

async function valuesOf(module: Module<unknown, MetricTable>) {
  return (await runOnce(module)).values
}

/** What waits in a world, as shares of its objective. */
async function ratiosOf(world: World) {
  const entries = Object.entries(await valuesOf(waiting(knownOf(world))))
  return Object.fromEntries(entries.filter(([name]) => name.startsWith('cronjob_open_lag_ratio')))
}

/** Those samples that are not 0. */
async function tellingOf(module: Module<unknown, MetricTable>) {
  const entries = Object.entries(await valuesOf(module))
  return Object.fromEntries(entries.filter(([, value]) => value !== 0))
}

test('all outcomes of a CronJob are there from its first sight, at 0', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  const values = await valuesOf(runs(knownOf(world)))
  t.equal(Object.keys(values).length, 15)
  t.strictSame(new Set(Object.values(values)), new Set([0]))
  t.equal(values[`cronjob_runs_total{${backup},${shop},verdict="late"}`], 0)
  t.equal(values[`cronjob_runs_lost_total{${backup},${shop},reason="never_ran"}`], 0)
  t.equal(values[`cronjob_runs_killed_total{by="cluster",${backup},${shop}}`], 0)
})

test('what became of runs is told by CronJob, and by namespace when they are rolled up', async (t) => {
  const world = new World()
  world.addCronJob('*/5 * * * *', { deadline: 30 })
  world.runUntil('10:06')
  world.isControllerUp = false
  world.runUntil('10:11')
  world.isControllerUp = true
  world.plan = () => ({ startsAfter: 2, runsFor: 200 })
  world.runUntil('10:16')
  const pod = [...world.pods.values()].find(({ phase }) => phase === 'Running')
  if (pod === undefined) throw new Error('no pod runs')
  const disruption = { status: 'True', reason: 'EvictionByEvictionAPI' } as const
  world.changePod(pod, { disruption, phase: 'Failed', finishedAt: world.now, exitCode: 143 })
  world.runUntil('10:17')
  const known = knownOf(world)
  const told = {
    [`cronjob_runs_total{${backup},${shop},verdict="on_time"}`]: 2,
    [`cronjob_runs_total{${backup},${shop},verdict="lost"}`]: 1,
    [`cronjob_runs_lost_total{${backup},${shop},reason="deadline"}`]: 1,
    [`cronjob_runs_killed_total{by="cluster",${backup},${shop}}`]: 1,
    [`cronjob_runs_killed_by_cluster_total{${shop},reason="EvictionByEvictionAPI"}`]: 1,
  }
  t.strictSame(await tellingOf(runs(known)), told)
  const rolledUp = Object.entries(told).map(([name, value]) => [name.replace(backup, 'cronjob=""'), value])
  t.strictSame(await tellingOf(runs({ ...known, isRolledUp: () => true })), Object.fromEntries(rolledUp))
})

test('nothing is told of runs before the first sight, and by a replica that stands by', async (t) => {
  const known = knownOf(new World(), { tally: () => undefined, isBlind: () => true, seenUntil: () => undefined })
  t.strictSame(await valuesOf(runs(known)), {})
  t.strictSame(await valuesOf(delays(known)), {})
  t.strictSame(await valuesOf(waiting(known)), {})
  t.strictSame(await valuesOf(judging(known)), { cronjob_judging: 0, cronjob_rolled_up: 0 })
})

test('the lag of a run climbs from its due time on, with its cause, before there is a Job', async (t) => {
  const world = new World()
  world.addCronJob('0 11 * * *')
  world.isControllerUp = false
  world.runUntil('11:10')
  t.strictSame(await valuesOf(waiting(knownOf(world))), {
    [`cronjob_cronjobs{${shop}}`]: 1,
    [`cronjob_open_lag_seconds{${backup},${shop}}`]: 600,
    [`cronjob_open_lag_cause{cause="not_created",${backup},${shop}}`]: 1,
    [`cronjob_open_lag_ratio{cause="not_created",${backup},${shop}}`]: 0.5,
    [`cronjob_suspended{${backup},${shop}}`]: 0,
    [`cronjob_next_run_timestamp_seconds{${backup},${shop}}`]: at('35:00'),
    [`cronjob_objective_seconds{${backup},${shop}}`]: 1200,
  })
})

test('of a namespace: the greatest lag, each share by its own objective, the next run, the shortest objective', async (t) => {
  const world = new World()
  world.addCronJob('0 11 * * *')
  world.isControllerUp = false
  world.runUntil('11:10')
  const all = withOthers(world, ['default', 'patient'], ['other', 'report'])
  const known = knownOf(world, {
    cronJobs: () => all,
    isRolledUp: () => true,
    objectiveSecondsOf: ({ name }) => (name === 'patient' ? 6000 : 1200),
  })
  const values = await valuesOf(waiting(known))
  t.equal(values[`cronjob_cronjobs{${shop}}`], 2)
  t.equal(values['cronjob_cronjobs{namespace="other"}'], 1)
  t.equal(values[`cronjob_open_lag_seconds{cronjob="",${shop}}`], 600)
  t.equal(values[`cronjob_open_lag_cause{cause="not_created",cronjob="",${shop}}`], 2)
  t.equal(values[`cronjob_open_lag_ratio{cause="not_created",cronjob="",${shop}}`], 0.5)
  t.equal(values[`cronjob_objective_seconds{cronjob="",${shop}}`], 1200)
  t.equal(values['cronjob_open_lag_ratio{cause="not_created",cronjob="",namespace="other"}'], 0.5)
  t.notOk(Object.keys(values).some((name) => name.includes('patient') || name.includes('report')))
  const patient = { ...known, cronJobs: () => all.slice(1, 2) }
  t.equal((await valuesOf(waiting(patient)))[`cronjob_open_lag_ratio{cause="not_created",cronjob="",${shop}}`], 0.1)
})

test('under Forbid a run that waits lags itself, and one that has started has the next wait for it', async (t) => {
  const stuck = new World()
  stuck.addCronJob('0,30 * * * *', { policy: 'Forbid' })
  stuck.plan = () => ({ startsAfter: undefined, runsFor: 1, waiting: 'ImagePullBackOff' })
  stuck.runUntil('11:15')
  t.strictSame(await ratiosOf(stuck), { [`cronjob_open_lag_ratio{cause="image_pull",${backup},${shop}}`]: 2700 / 1200 })
  const long = new World()
  long.addCronJob('0,30 * * * *', { policy: 'Forbid' })
  long.plan = () => ({ startsAfter: 2, runsFor: 7200 })
  long.runUntil('11:25')
  t.strictSame(await ratiosOf(long), { [`cronjob_open_lag_ratio{cause="forbid",${backup},${shop}}`]: 1500 / 1200 })
})

test('a held run does not lag, and is told for how long it is held', async (t) => {
  const world = new World()
  world.addCronJob('0 11 * * *')
  world.jobsAreSuspended = true
  world.runUntil('12:00')
  const values = await valuesOf(waiting(knownOf(world)))
  const held = values[`cronjob_open_held_seconds{${backup},${shop}}`] ?? 0
  t.ok(held > 3590 && held <= 3600, `${held}`)
  t.equal(values[`cronjob_open_lag_seconds{${backup},${shop}}`], 0)
  t.notOk(Object.keys(values).some((name) => /lag_(cause|ratio)/.test(name)))
})

test('a suspended CronJob has no next run, and what it still waits for is told as suspended', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('0 11 * * *')
  world.isControllerUp = false
  world.runUntil('11:10')
  world.editCronJob(cronJob, { suspended: true })
  world.runUntil('11:20')
  const values = await valuesOf(waiting(knownOf(world)))
  t.equal(values[`cronjob_suspended{${backup},${shop}}`], 1)
  t.equal(values[`cronjob_next_run_timestamp_seconds{${backup},${shop}}`], undefined)
  t.strictSame(
    Object.keys(values).filter((name) => name.startsWith('cronjob_open_lag_ratio')),
    [`cronjob_open_lag_ratio{cause="suspended",${backup},${shop}}`],
  )
})

test('a schedule without due times is told, with why', async (t) => {
  const world = new World()
  world.addCronJob('0 0 31 2 *')
  world.runUntil('10:01')
  const values = await valuesOf(waiting(knownOf(world)))
  t.equal(values[`cronjob_schedule_invalid{${backup},${shop},reason="impossible"}`], 1)
  t.equal(values[`cronjob_next_run_timestamp_seconds{${backup},${shop}}`], undefined)
})

test('what waits is not told while it may be out of date, and what was counted is', async (t) => {
  const world = new World()
  world.addCronJob('*/5 * * * *')
  world.runUntil('10:06')
  const known = knownOf(world, { isBlind: () => true })
  t.strictSame(await valuesOf(waiting(known)), {})
  t.equal((await valuesOf(runs(known)))[`cronjob_runs_total{${backup},${shop},verdict="on_time"}`], 1)
  t.strictSame(await valuesOf(judging(known)), {
    cronjob_judging: 0,
    cronjob_rolled_up: 0,
    cronjob_seen_until_timestamp_seconds: world.now - 5,
  })
})

test('how long starts took, in all and in stages', async (t) => {
  const world = new World()
  world.addCronJob('*/5 * * * *')
  world.plan = () => ({ startsAfter: 40, runsFor: 10 })
  world.runUntil('10:06')
  const { families } = await runOnce(delays(knownOf(world)))
  const lines = families.flatMap(({ name, samples }) =>
    samples.map(({ suffix, labels, value }) => {
      const words = [name, suffix.slice(1), ...labels.map(([, one]) => one)]
      return [words.filter((word) => word !== '').join(' '), value]
    }),
  )
  const values = Object.fromEntries(lines) as Readonly<Record<string, number>>
  t.equal(values['cronjob_run_start_delay_seconds count default'], 1)
  t.equal(values['cronjob_run_start_delay_seconds sum default'], 40)
  t.equal(values['cronjob_run_start_delay_seconds bucket default 30'], 0)
  t.equal(values['cronjob_run_start_delay_seconds bucket default 1200'], 1)
  t.equal(values['cronjob_run_stage_duration_seconds count created'], 1)
  t.equal(values['cronjob_run_stage_duration_seconds sum created'], 0)
  const [scheduled = 0, started = 0] = ['scheduled', 'started'].map(
    (stage) => values[`cronjob_run_stage_duration_seconds sum ${stage}`],
  )
  t.equal(scheduled + started, 40)
  t.equal(values['cronjob_clamped_delays_total'], 0)
})

test('annotations that say nothing are told by CronJob, or by namespace', async (t) => {
  const world = new World()
  const annotation = 'leadline.dev/objective'
  const mistakes = [
    { namespace: 'default', cronJob: 'backup', annotation },
    { namespace: 'shop', cronJob: undefined, annotation },
  ] as const
  const tellings = (isRolledUp: boolean) =>
    valuesOf(judging(knownOf(world, { annotationMistakes: () => mistakes, isRolledUp: () => isRolledUp })))
  const always = { cronjob_judging: 1, cronjob_seen_until_timestamp_seconds: world.now - 5 }
  t.strictSame(await tellings(false), {
    ...always,
    cronjob_rolled_up: 0,
    'cronjob_annotation_invalid{annotation="leadline.dev/objective",cronjob="backup",namespace="default"}': 1,
    'cronjob_annotation_invalid{annotation="leadline.dev/objective",cronjob="",namespace="shop"}': 1,
  })
  t.strictSame(await tellings(true), {
    ...always,
    cronjob_rolled_up: 1,
    'cronjob_annotation_invalid{annotation="leadline.dev/objective",cronjob="",namespace="default"}': 1,
    'cronjob_annotation_invalid{annotation="leadline.dev/objective",cronjob="",namespace="shop"}': 1,
  })
})

test('CronJobs are rolled up as the config wants it, and auto stays so once there were too many', async (t) => {
  const base = { objective: 1200, controller_time_zone: 'UTC' }
  const auto = rollUpOf(() => ({ ...base, roll_up: 'auto' }))
  t.strictSame([auto(0), auto(mostOwnSeries), auto(mostOwnSeries + 1), auto(1)], [false, false, true, true])
  t.equal(rollUpOf(() => ({ ...base, roll_up: 'cronjob' }))(mostOwnSeries + 1), false)
  t.equal(rollUpOf(() => ({ ...base, roll_up: 'namespace' }))(0), true)
})

test('every collector has a table that keeps to the rules, and tells how the watches fare', async (t) => {
  const state: WatchState = {
    kind: 'pods',
    isSynced: true,
    isStale: true,
    seenUntil: 90,
    lastEventAt: 80,
    lastBookmarkAt: 90,
    lastListSeconds: 0.5,
    relists: 1,
    reconnects: 2,
    failures: {
      ...Object.fromEntries(watchFailures.map((failure) => [failure, 0])),
      gone: 3,
    } as WatchState['failures'],
    objects: 7,
    unreadableObjects: 1,
    problem: undefined,
  }
  const watched = { cluster: { skewSeconds: () => -2 }, watches: () => [{ state: () => state }] }
  const modules = modulesOf(knownOf(new World()), watched, () => undefined)
  t.strictSame(
    modules.map(({ name }) => name),
    ['runs', 'waiting', 'delays', 'judging', 'state', 'watch'],
  )
  t.strictSame(lint(Object.assign({}, ...modules.map(({ metrics }) => metrics))), [])
  const watch = modules.find(({ name }) => name === 'watch')
  if (watch === undefined) throw new Error('no collector watch')
  t.strictSame(await tellingOf(watch), {
    cronjob_cluster_clock_skew_seconds: -2,
    'cronjob_watch_failures_total{failure="gone",kind="pods"}': 3,
    'cronjob_watch_last_bookmark_timestamp_seconds{kind="pods"}': 90,
    'cronjob_watch_last_event_timestamp_seconds{kind="pods"}': 80,
    'cronjob_watch_last_list_duration_seconds{kind="pods"}': 0.5,
    'cronjob_watch_objects{kind="pods"}': 7,
    'cronjob_watch_reconnects_total{kind="pods"}': 2,
    'cronjob_watch_relists_total{kind="pods"}': 1,
    'cronjob_watch_stale{kind="pods"}': 1,
    'cronjob_watch_synced{kind="pods"}': 1,
    'cronjob_watch_unreadable_objects{kind="pods"}': 1,
  })
})
