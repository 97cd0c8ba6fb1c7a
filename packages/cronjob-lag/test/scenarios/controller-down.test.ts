// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { type CronJobPlan, cronJobPath, jobPath, makeCronJob } from '../servers/cron-jobs.ts'
import { runsOf, startLab } from '../servers/lab.ts'
import { dueAt, minuteAhead, reach, secondsTo } from '../servers/minutes.ts'
import { recordedTick, startsOfContainers, ticksOfJobs } from '../servers/started.ts'

tap.setTimeout(330_000)

const objective = { 'leadline.dev/objective': '20s' }

/** How long after the last missed tick the controller comes back: longer than the objective. */
const backAfterSeconds = 26

test('the controller is down over three ticks and comes back between two', async (group) => {
  group.jobs = 6
  const lab = await startLab(group)
  if (!lab) return
  const { plane, exporter } = lab
  const { admin, controllerManager } = plane
  const first = await minuteAhead(25)
  const [last, next] = [first + 120, first + 180]
  const justOnce = dueAt(last, next)
  const plans: Readonly<Record<string, CronJobPlan>> = {
    'deadline-of-10s': { ...justOnce, spec: { ...justOnce.spec, startingDeadlineSeconds: 10 }, annotations: objective },
    'deadline-of-10s-each-minute': { spec: { startingDeadlineSeconds: 10 }, annotations: objective },
    'deadline-of-40s': { ...justOnce, spec: { ...justOnce.spec, startingDeadlineSeconds: 40 }, annotations: objective },
    'no-deadline': { ...justOnce, namespace: 'usual-objective' },
    'no-deadline-20s': { ...justOnce, annotations: objective },
    'each-minute': { annotations: objective },
    'every-1m': { schedule: '@every 1m' },
    'every-1m-deadline-90s': { schedule: '@every 1m', spec: { startingDeadlineSeconds: 90 } },
    'every-1m-deadline-115s': { schedule: '@every 1m', spec: { startingDeadlineSeconds: 115 } },
    hourly: { ...dueAt(first), annotations: objective },
  }
  // Ticks of @every are counted from the creation: these come 45 s after full minutes.
  await reach(first - 15)
  await admin.create('/api/v1/namespaces', { metadata: { name: 'usual-objective' } })
  await Promise.all(Object.entries(plans).map(([name, plan]) => makeCronJob(admin, name, plan)))
  await exporter.shows(
    'all CronJobs',
    10,
    (page) => page.count('cronjob_next_run_timestamp_seconds') === Object.keys(plans).length,
  )
  await controllerManager.stop()
  group.ok(secondsTo(first) > 0, 'it is down before the first tick')

  /** Waits until so many runs after the outage were on time and so many before were lost, and gives all counts. */
  const counts = async (name: string, onTime: number, lost: number, namespace?: string) => {
    const isSo = ({ on_time = 0, lost: lostRuns = 0 }) => onTime === on_time && lostRuns >= lost
    await reach(next)
    const page = await exporter.shows(`verdicts of ${name}`, 100, (now) => isSo(runsOf(now, name, namespace)))
    return runsOf(page, name, namespace)
  }

  /** When a CronJob was made, which its ticks of @every are counted from, in unix seconds. */
  const stepOf = async (name: string): Promise<number> => {
    const { metadata } = (await admin.get(cronJobPath(name))) ?? {}
    return Date.parse(metadata?.creationTimestamp ?? '') / 1000
  }

  const checks = [
    group.test(
      'check 1: a tick whose deadline passes in the outage is lost{deadline} once, the next on time',
      { buffered: true },
      async (t) => {
        const name = 'deadline-of-10s'
        const expected = { on_time: 1, lost: 1, 'lost deadline': 1 }
        t.strictSame(await counts(name, 1, 1), expected)
        t.strictSame(await ticksOfJobs(admin, name), [next], 'no trace of the other')
        t.strictSame(await counts('deadline-of-10s-each-minute', 1, 3), { on_time: 1, lost: 3, 'lost deadline': 3 })
      },
    ),
    group.test(
      'check 2: without a deadline the run starts late by as long as it took, and is not lost',
      { buffered: true },
      async (t) => {
        t.strictSame(await counts('no-deadline-20s', 1, 0), { on_time: 1, late: 1 })
        t.strictSame(await counts('deadline-of-40s', 1, 0), { on_time: 1, late: 1 }, 'nor one that was still allowed')
        const namespace = 'usual-objective'
        t.strictSame(await counts('no-deadline', 2, 0, namespace), { on_time: 2 }, 'within 20 minutes it is on time')
        const starts = await startsOfContainers(admin, namespace)
        const [lateSeconds = 0, onTimeSeconds = 0] = [starts[0] && starts[0] - last, starts[1] && starts[1] - next]
        t.ok(lateSeconds >= backAfterSeconds && lateSeconds < backAfterSeconds + 20, `${lateSeconds} s`)
        const page = await exporter.page()
        t.equal(page.value('cronjob_run_start_delay_seconds_sum', { namespace }), lateSeconds + onTimeSeconds)
      },
    ),
    group.test(
      'check 3: of three ticks the newest starts late, and the two others are lost{superseded}',
      { buffered: true },
      async (t) => {
        const expected = { on_time: 1, late: 1, lost: 2, 'lost superseded': 2 }
        t.strictSame(await counts('each-minute', 1, 2), expected)
        t.strictSame(await ticksOfJobs(admin, 'each-minute'), [last, next])
      },
    ),
    group.test(
      'check 4: the lag of an hourly run climbs past its objective while nothing is created',
      { buffered: true },
      async (t) => {
        const labels = { cronjob: 'hourly' }
        for (const seconds of [20, 60, 120]) {
          const page = await exporter.shows(
            `a lag of ${seconds} s`,
            secondsTo(first + seconds + 5),
            (now) => (now.value('cronjob_open_lag_seconds', labels) ?? 0) > seconds,
          )
          t.ok(secondsTo(first + seconds) < 0, 'not before its time')
          t.equal(page.value('cronjob_open_lag_cause', { ...labels, cause: 'not_created' }), 1)
          t.equal(page.value('cronjob_next_run_timestamp_seconds', labels), first + 3600)
          t.strictSame(runsOf(page, 'hourly'), {})
          t.strictSame(await admin.list(jobPath()), [])
        }
        const page = await exporter.shows('the late run', secondsTo(next), (now) => runsOf(now, 'hourly')['late'] === 1)
        t.equal(page.value('cronjob_open_lag_seconds', labels), 0)
        t.equal(page.count('cronjob_open_lag_cause', labels), 0)
        t.strictSame(await ticksOfJobs(admin, 'hourly'), [first])
        await exporter.shows(
          'the next tick of others',
          secondsTo(next + 60),
          (now) => runsOf(now, 'each-minute')['on_time'] === 1,
        )
        t.strictSame(runsOf(await exporter.page(), 'hourly'), { late: 1 })
      },
    ),
    group.test(
      'check 12: after an outage @every goes on from the last run, out of step where a deadline has passed',
      { buffered: true },
      async (t) => {
        t.strictSame(await counts('every-1m', 2, 1), { on_time: 2, lost: 1, 'lost superseded': 1 })
        const [caughtUp, following] = await ticksOfJobs(admin, 'every-1m')
        const step = await stepOf('every-1m')
        t.strictSame([caughtUp, following], [step + 120, step + 180])
        const outOfStep = [
          ['every-1m-deadline-90s', { 'lost deadline': 1, 'lost superseded': 1 }],
          // The second tick that is lost falls into the minute of the one that is caught up with, and has no Job name left.
          ['every-1m-deadline-115s', { 'lost superseded': 2 }],
        ] as const
        for (const [name, lost] of outOfStep) {
          t.strictSame(
            await counts(name, 1, 2),
            { on_time: 1, lost: 2, ...lost },
            'what it catches up with was never due',
          )
          const [late = 0, after = 0] = await ticksOfJobs(admin, name)
          t.not((late - (await stepOf(name))) % 60, 0)
          t.equal(after, late + 60)
          const page = await exporter.page()
          t.equal(page.value('cronjob_next_run_timestamp_seconds', { cronjob: name }), after + 60)
          t.equal(await recordedTick(admin, name), after)
        }
      },
    ),
  ]
  await reach(last + backAfterSeconds)
  await controllerManager.start()
  await Promise.all(checks)
})
