// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import { type CronJobPlan, cronJobPath, makeCronJob } from '../servers/cron-jobs.ts'
import { runsOf, startLab } from '../servers/lab.ts'
import { minuteAhead, reach, secondsTo } from '../servers/minutes.ts'
import { bringNews, judgedUntil } from '../servers/news.ts'
import { type Pod, podPath } from '../servers/pods.ts'
import { ticksOfJobs } from '../servers/started.ts'
import { readTogether } from '../servers/together.ts'

const fileSeconds = 240
tap.setTimeout(fileSeconds * 1000)

/** Where the controller manager is; the API does not tell, and the exporter must not go by its own. */
const controllerZone = 'Asia/Kolkata'

const inControllerZone = { 'leadline.dev/controller-time-zone': controllerZone }
const strictSeconds = 5
const strict = { 'leadline.dev/objective': `${strictSeconds}s` }

/** Half past it comes in no zone of the test while that goes on. */
const nightHour = (new Date().getUTCHours() + 12) % 24

/** How late the runs start that are judged by objectives. */
const lateSeconds = 10

// The controller manager and the exporter have it from here. No control plane can be set to another date: the days on which
// clocks change are in the golden vectors of the schedule and in the simulator.
process.env['TZ'] = controllerZone

test('time zones and objectives', { timeout: fileSeconds * 1000 }, async (group) => {
  group.jobs = 8
  const lab = await startLab(group)
  if (!lab) return
  const { plane, exporter } = lab
  const { admin } = plane
  readTogether(exporter)
  await bringNews(group, admin)
  const first = await minuteAhead(15)
  const second = first + 60

  const makeNamespace = (name: string, annotations: Readonly<Record<string, string>> = {}): Promise<unknown> =>
    admin.create('/api/v1/namespaces', { metadata: { name, annotations } })
  const annotate = (name: string, annotations: Readonly<Record<string, string | null>>): Promise<unknown> =>
    admin.patch(`/api/v1/namespaces/${name}`, { metadata: { annotations } })

  await makeNamespace('in-kolkata', inControllerZone)
  await makeNamespace('changing', inControllerZone)
  await makeNamespace('strict', strict)
  await makeNamespace('usual')
  const berlin = { 'leadline.dev/controller-time-zone': 'Europe/Berlin' }
  const neverStarts = { podAnnotations: { 'leadline.test/fate': 'never-starts' } }
  const night = `30 ${nightHour} * * *`
  const plans: readonly (readonly [string, CronJobPlan])[] = [
    ['berlin', { schedule: dailyAt(first, 'Europe/Berlin'), spec: { timeZone: 'Europe/Berlin' } }],
    ['adelaide', { schedule: dailyAt(first, 'Australia/Adelaide'), spec: { timeZone: 'Australia/Adelaide' } }],
    ['kolkata', { schedule: dailyAt(first, controllerZone), annotations: inControllerZone }],
    ['kolkata', { schedule: dailyAt(first, controllerZone), namespace: 'in-kolkata' }],
    ['at-night-in-berlin', { schedule: night, spec: { timeZone: 'Europe/Berlin' }, annotations: inControllerZone }],
    ['at-night', { schedule: night }],
    ['at-night', { schedule: night, namespace: 'in-kolkata' }],
    ['at-night', { schedule: night, namespace: 'changing' }],
    ['at-night-elsewhere', { schedule: night, namespace: 'in-kolkata', annotations: berlin }],
    ['at-night-misspelt', { schedule: night, annotations: { 'leadline.dev/controller-time-zone': 'Asia/Calcuta' } }],
    ['starts-late', { namespace: 'strict', ...neverStarts }],
    ['has-its-own', { namespace: 'strict', ...neverStarts, annotations: { 'leadline.dev/objective': '1h' } }],
    ['misspelt', { namespace: 'strict', schedule: night, annotations: { 'leadline.dev/objective': 'soon' } }],
    ['starts-late', { namespace: 'usual', ...neverStarts }],
  ]
  await Promise.all(plans.map(([name, plan]) => makeCronJob(admin, name, plan)))
  group.ok(secondsTo(first) > 0, 'all are there before they are due')

  const everywhere = await exporter.shows(
    'all CronJobs and annotations',
    10,
    (page) =>
      page.count('cronjob_objective_seconds') > plans.length &&
      nextRun(page, 'kolkata', 'in-kolkata') === first &&
      objective(page, 'starts-late', 'strict') === strictSeconds,
  )

  /** Has the runs of these namespaces that wait for it start late. */
  const startLate = async (tick: number, namespaces: readonly string[]): Promise<void> => {
    await reach(tick + lateSeconds)
    const pods = await Promise.all(
      namespaces.map((namespace) => admin.list<Pod>(`/api/v1/namespaces/${namespace}/pods`)),
    )
    const start = { metadata: { annotations: { 'leadline.test/fate': null } } }
    const waiting = pods.flat().filter(({ status }) => status.phase === 'Pending')
    await Promise.all(waiting.map((pod) => admin.patch(podPath(pod), start)))
  }
  const countsBy = async (name: string, namespace: string, runs: number): Promise<object> => {
    const page = await exporter.shows(
      `run ${runs} of ${name}`,
      40,
      (now) => startsIn(runsOf(now, name, namespace)) >= runs,
    )
    return runsOf(page, name, namespace)
  }

  await Promise.all([
    group.test(
      'check 11: the next run is the time that a clock in its zone will show',
      { buffered: true },
      async (t) => {
        const inUtc = nextNight('UTC')
        t.equal(nextRun(everywhere, 'at-night'), inUtc, 'without a zone and an annotation it is UTC')
        t.equal(nextRun(everywhere, 'at-night-misspelt'), inUtc)
        t.equal(nextRun(everywhere, 'at-night-in-berlin'), nextNight('Europe/Berlin'), 'its zone goes before')
        t.equal(nextRun(everywhere, 'at-night', 'in-kolkata'), nextNight(controllerZone))
        t.equal(nextRun(everywhere, 'at-night-elsewhere', 'in-kolkata'), nextNight('Europe/Berlin'))
        const zone = { annotation: 'leadline.dev/controller-time-zone' }
        t.equal(everywhere.value('cronjob_annotation_invalid', { cronjob: 'at-night-misspelt', ...zone }), 1)
        t.equal(everywhere.count('cronjob_annotation_invalid', zone), 1)
      },
    ),

    group.test(
      'check 11: the controller runs CronJobs at these times, without a zone by that of its own which annotations tell',
      { buffered: true },
      async (t) => {
        const named = ['berlin', 'adelaide', 'kolkata'].map((name) => [name, 'default'] as const)
        for (const [name, namespace] of [...named, ['kolkata', 'in-kolkata'] as const]) {
          t.equal(nextRun(everywhere, name, namespace), first, `${namespace}/${name}`)
          await reach(first)
          await exporter.shows(`the run of ${name}`, 40, (page) => runsOf(page, name, namespace)['on_time'] === 1)
          t.strictSame(await ticksOfJobs(admin, name, namespace), [first])
        }
        const page = await judgedUntil(exporter, first + 5)
        for (const [name, namespace] of named) t.strictSame(runsOf(page, name, namespace), { on_time: 1 })
        t.strictSame(runsOf(page, 'at-night'), {})
      },
    ),

    group.test(
      'the objective is that of the CronJob, else of its namespace as it is now, else of the config',
      { buffered: true },
      async (t) => {
        t.equal(objective(everywhere, 'has-its-own', 'strict'), 3600)
        t.equal(objective(everywhere, 'starts-late', 'usual'), 1200)
        await startLate(first, ['strict', 'usual'])
        t.strictSame(await countsBy('starts-late', 'strict', 1), { late: 1 })
        t.strictSame(await countsBy('has-its-own', 'strict', 1), { on_time: 1 })
        t.strictSame(await countsBy('starts-late', 'usual', 1), { on_time: 1 })
        await annotate('usual', strict)
        await annotate('strict', { 'leadline.dev/objective': null })
        await exporter.shows(
          'the other objectives',
          10,
          (page) =>
            objective(page, 'starts-late', 'usual') === strictSeconds &&
            objective(page, 'starts-late', 'strict') === 1200,
        )
        await startLate(second, ['strict', 'usual'])
        t.strictSame(await countsBy('starts-late', 'strict', 2), { late: 1, on_time: 1 })
        t.strictSame(await countsBy('has-its-own', 'strict', 2), { on_time: 2 })
        t.strictSame(await countsBy('starts-late', 'usual', 2), { on_time: 1, late: 1 })
      },
    ),

    group.test(
      'an annotation that says nothing is told of its CronJob until it is mended, and does not count',
      { buffered: true },
      async (t) => {
        const labels = { cronjob: 'misspelt', annotation: 'leadline.dev/objective' }
        t.equal(everywhere.value('cronjob_annotation_invalid', labels), 1)
        t.equal(everywhere.count('cronjob_annotation_invalid', { namespace: 'strict' }), 1)
        t.equal(objective(everywhere, 'misspelt', 'strict'), strictSeconds)
        await admin.patch(cronJobPath('misspelt', 'strict'), {
          metadata: { annotations: { 'leadline.dev/objective': '90s' } },
        })
        const page = await exporter.shows('its objective', 10, (now) => objective(now, 'misspelt', 'strict') === 90)
        t.equal(page.count('cronjob_annotation_invalid', labels), 0)
        t.equal(nextRun(everywhere, 'at-night', 'changing'), nextNight(controllerZone))
        await annotate('changing', {
          'leadline.dev/objective': 'soon',
          'leadline.dev/controller-time-zone': 'Mars/Olympus',
        })
        const ofConfig = await exporter.shows(
          'that the namespace says nothing',
          10,
          (now) => nextRun(now, 'at-night', 'changing') === nextNight('UTC'),
        )
        t.equal(objective(ofConfig, 'at-night', 'changing'), 1200)
        t.equal(ofConfig.count('cronjob_annotation_invalid', { namespace: 'changing', cronjob: '' }), 2)
      },
    ),
  ])
})

/** What a clock in this zone shows at a time: `02:30`. */
function clockIn(timeZone: string, unix: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  return format.format(unix * 1000)
}

/** The next time at which a clock in this zone shows half past `nightHour`. */
function nextNight(timeZone: string): number {
  let minute = Math.floor(Date.now() / 60_000 + 1) * 60
  while (clockIn(timeZone, minute) !== `${String(nightHour).padStart(2, '0')}:30`) minute += 60
  return minute
}

/** The schedule of each day at the time that a clock in this zone shows at a full minute. */
function dailyAt(unix: number, timeZone: string): string {
  const [hour, minute] = clockIn(timeZone, unix).split(':').map(Number)
  return `${minute} ${hour} * * *`
}

function nextRun(page: Page, cronjob: string, namespace = 'default'): number | undefined {
  return page.value('cronjob_next_run_timestamp_seconds', { namespace, cronjob })
}

function objective(page: Page, cronjob: string, namespace: string): number | undefined {
  return page.value('cronjob_objective_seconds', { namespace, cronjob })
}

function startsIn({ on_time: onTime = 0, late = 0 }: Readonly<Record<string, number>>): number {
  return onTime + late
}
