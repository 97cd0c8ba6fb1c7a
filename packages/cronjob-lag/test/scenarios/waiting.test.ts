// SPDX-License-Identifier: Apache-2.0
import tap, { type Test, test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import { until } from '../../../../test/servers/until.ts'
import { type CronJobPlan, jobPath, makeCronJob } from '../servers/cron-jobs.ts'
import { runsOf, startLab } from '../servers/lab.ts'
import { dueAt, minuteAhead, reach, secondsTo } from '../servers/minutes.ts'
import { bringNews, judgedUntil } from '../servers/news.ts'
import { allow, refuse } from '../servers/quota.ts'
import { startsOfContainers, ticksOfJobs } from '../servers/started.ts'
import { readTogether } from '../servers/together.ts'

const fileSeconds = 290
tap.setTimeout(fileSeconds * 1000)

const objectiveSeconds = 20
const annotations = { 'leadline.dev/objective': `${objectiveSeconds}s` }

/** When the Job controller ends a run that never started: well after the objective. */
const deadlineSeconds = 45

test('runs that wait', { timeout: fileSeconds * 1000 }, async (group) => {
  group.jobs = 8
  const lab = await startLab(group)
  if (!lab) return
  const { plane, exporter } = lab
  const { admin } = plane
  readTogether(exporter)
  const due = await minuteAhead(15)
  const once = { ...dueAt(due), annotations }
  const twice = { ...dueAt(due, due + 60), annotations }
  const jobSpec = { activeDeadlineSeconds: deadlineSeconds }
  const containers = [{ name: 'main', image: 'example.invalid/none:1', resources: { requests: { cpu: 1000 } } }]
  const plans: Readonly<Record<string, CronJobPlan>> = {
    'pods-refused': once,
    'jobs-refused': once,
    'jobs-refused-twice': twice,
    'no-image': { ...once, podAnnotations: { 'leadline.test/fate': 'image-pull-error' }, jobSpec },
    'too-big': { ...once, podSpec: { containers }, jobSpec },
  }
  await bringNews(group, admin)
  for (const namespace of Object.keys(plans))
    await admin.create('/api/v1/namespaces', { metadata: { name: namespace } })
  await Promise.all([
    refuse(admin, 'pods-refused', 'pods'),
    refuse(admin, 'jobs-refused', 'count/jobs.batch'),
    refuse(admin, 'jobs-refused-twice', 'count/jobs.batch'),
  ])
  await Promise.all(Object.entries(plans).map(([name, plan]) => makeCronJob(admin, name, { ...plan, namespace: name })))
  group.ok(secondsTo(due) > 0, 'all are there before they are due')

  /** Waits until a run has waited for longer than its objective for this cause, and has no verdict. */
  const waitsBeyond = async (t: Test, name: string, cause: string): Promise<void> => {
    const labels = { namespace: name, cronjob: name }
    await reach(due + 5)
    const early = await exporter.shows(
      `that ${name} waits`,
      15,
      (page) => page.value('cronjob_open_lag_cause', { ...labels, cause }) === 1,
    )
    const lag = early.value('cronjob_open_lag_seconds', labels) ?? 0
    t.ok(Math.abs(lag + secondsTo(due)) < 3, `${lag} s, since it was due`)
    const page = await exporter.shows(
      `a lag of ${name} beyond its objective`,
      secondsTo(due + objectiveSeconds + 5),
      (now) => (now.value('cronjob_open_lag_seconds', labels) ?? 0) > objectiveSeconds,
    )
    t.equal(page.value('cronjob_open_lag_cause', { ...labels, cause }), 1)
    t.equal(page.count('cronjob_open_lag_cause', labels), 1)
    t.ok((page.value('cronjob_open_lag_ratio', { ...labels, cause }) ?? 0) > 1)
    t.strictSame(runsOf(page, name, name), {}, 'late, and still open')
  }

  /** Waits for the last of the verdicts, and then for all that could follow it. */
  const final = async (t: Test, name: string, expected: Readonly<Record<string, number>>): Promise<Page> => {
    const isSo = (page: Page): boolean =>
      Object.entries(expected).every(([count, value]) => runsOf(page, name, name)[count] === value)
    await exporter.shows(`the verdict of ${name}`, 120, isSo)
    const page = await judgedUntil(exporter, Date.now() / 1000)
    t.strictSame(runsOf(page, name, name), expected)
    t.equal(page.value('cronjob_open_lag_seconds', { namespace: name }), 0)
    t.equal(page.count('cronjob_open_lag_cause', { namespace: name }), 0)
    return page
  }

  /** How late the first container of a namespace started. */
  const delayOf = async (name: string): Promise<number> => ((await startsOfContainers(admin, name))[0] ?? 0) - due

  await Promise.all([
    group.test(
      'check 13: a run whose pods a quota refuses has not started, whatever the startTime of its Job',
      { buffered: true },
      async (t) => {
        const name = 'pods-refused'
        await waitsBeyond(t, name, 'pod_create_refused')
        const job = await admin.get<Job>(jobPath(`${name}-${due / 60}`, name))
        t.ok(job?.status.startTime, 'its Job has been looked at')
        t.notOk(job?.status.active, 'and has no pod')
        await allow(admin, name)
        const page = await final(t, name, { late: 1 })
        t.equal(page.value('cronjob_run_start_delay_seconds_sum', { namespace: name }), await delayOf(name))
      },
    ),

    ...(
      [
        ['no-image', 'image_pull', 'whose image never comes'],
        ['too-big', 'unscheduled', 'that no node can take'],
      ] as const
    ).map(([name, cause, which]) =>
      group.test(
        `check 14: a run ${which} is late and open, until the deadline of its Job makes it lost{never_ran}`,
        { buffered: true },
        async (t) => {
          await waitsBeyond(t, name, cause)
          await final(t, name, { lost: 1, 'lost never_ran': 1, 'killed policy': 1 })
        },
      ),
    ),

    group.test(
      'check 15: a run whose Job is refused is late once it is created, by as long as the retries took',
      { buffered: true },
      async (t) => {
        const name = 'jobs-refused'
        await waitsBeyond(t, name, 'create_refused')
        t.strictSame(await admin.list(jobPath('', name)), [])
        // By the seconds in which times are told, too.
        await reach(due + objectiveSeconds + 2)
        await allow(admin, name)
        const page = await final(t, name, { late: 1 })
        const delay = await delayOf(name)
        t.ok(delay > objectiveSeconds, `${delay} s`)
        t.equal(page.value('cronjob_run_start_delay_seconds_sum', { namespace: name }), delay)
      },
    ),

    group.test(
      'check 15: one that is refused until the next is due is lost{create_refused}, and the next late',
      { buffered: true },
      async (t) => {
        const name = 'jobs-refused-twice'
        await waitsBeyond(t, name, 'create_refused')
        await reach(due + 63)
        await allow(admin, name)
        await until('the next run', async () => (await ticksOfJobs(admin, name, name))[0], 60)
        await final(t, name, { late: 1, lost: 1, 'lost create_refused': 1 })
        t.strictSame(await ticksOfJobs(admin, name, name), [due + 60])
      },
    ),
  ])
})

interface Job {
  readonly status: { readonly startTime?: string; readonly active?: number }
}
