// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import { until } from '../../../../test/servers/until.ts'
import { type CronJobPlan, cronJobPath, jobPath, makeCronJob, oneContainer } from '../servers/cron-jobs.ts'
import { runsOf, startLab } from '../servers/lab.ts'
import { dueAt, minuteAhead, reach, secondsTo } from '../servers/minutes.ts'
import { bringNews, judgedUntil } from '../servers/news.ts'
import { recordedTick, ticksOfJobs } from '../servers/started.ts'
import { readTogether } from '../servers/together.ts'

const fileSeconds = 290
tap.setTimeout(fileSeconds * 1000)

test('Jobs that are not as usual', { timeout: fileSeconds * 1000 }, async (group) => {
  group.jobs = 8
  const lab = await startLab(group)
  if (!lab) return
  const { plane, exporter } = lab
  const { admin, controllerManager } = plane
  readTogether(exporter)
  await bringNews(group, admin)
  const first = await minuteAhead(15)
  const [second, third] = [first + 60, first + 120]
  const thrice = dueAt(first, second, third)
  const noHistory = { ...thrice.spec, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 }
  const plans: Readonly<Record<string, CronJobPlan>> = {
    'also-by-hand': thrice,
    'name-taken': dueAt(first, second),
    'made-anew': thrice,
    'ttl-of-0': { ...thrice, jobSpec: { ttlSecondsAfterFinished: 0 } },
    'no-history': { ...thrice, spec: noHistory },
    'no-history-fails': {
      ...thrice,
      spec: noHistory,
      jobSpec: { backoffLimit: 0 },
      podAnnotations: { 'leadline.test/fate': 'fails' },
    },
    unrecorded: thrice,
  }
  await Promise.all(Object.entries(plans).map(([name, plan]) => makeCronJob(admin, name, plan)))
  await makeJob('name-taken', first)
  group.ok(secondsTo(first) > 0, 'all are there before they are due')

  /** Makes a Job that has the name of the run of a tick; one of the CronJob when its owner is given. */
  async function makeJob(cronJob: string, tick: number, metadata: object = {}): Promise<void> {
    const template = { spec: oneContainer }
    await admin.create(jobPath(), { metadata: { name: `${cronJob}-${tick / 60}`, ...metadata }, spec: { template } })
  }

  /** What a CronJob is to its Jobs. */
  const ownerOf = async (name: string): Promise<object> => {
    const { metadata } = (await admin.get(cronJobPath(name))) ?? {}
    return { apiVersion: 'batch/v1', kind: 'CronJob', name, uid: metadata?.uid, controller: true }
  }

  const completionOf = (job: string): Promise<string> =>
    until(`${job} to end`, async () => (await admin.get<Job>(jobPath(job)))?.status.completionTime)

  type Runs = Readonly<Record<string, number>>
  /** Waits until the counts of a CronJob are so, and gives the page. */
  const runs = (name: string, boundSeconds: number, isSo: (counts: Runs) => boolean): Promise<Page> =>
    exporter.shows(`runs of ${name}`, boundSeconds, (page) => isSo(runsOf(page, name)))

  /** What is counted when all up to the third run is judged. */
  const inTheEnd = async (name: string): Promise<Runs> => {
    await reach(third)
    await runs(name, 60, ({ on_time: onTime }) => onTime === 3)
    return runsOf(await judgedUntil(exporter, third), name)
  }

  const checks = [
    group.test('check 17: a Job made by hand from a CronJob is no run of it', { buffered: true }, async (t) => {
      const name = 'also-by-hand'
      await runs(name, secondsTo(first + 40), ({ on_time: onTime }) => onTime === 1)
      await admin.create(jobPath(), {
        metadata: {
          name: 'by-hand',
          annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
          ownerReferences: [await ownerOf(name)],
        },
        spec: { template: { spec: oneContainer } },
      })
      await completionOf('by-hand')
      t.strictSame(await inTheEnd(name), { on_time: 3 })
    }),

    group.test(
      'check 17: a run whose name another Job has is lost{name_clash}, and the next is on time',
      { buffered: true },
      async (t) => {
        const name = 'name-taken'
        const page = await exporter.shows(
          'why it waits',
          secondsTo(first + 30),
          (now) => now.value('cronjob_open_lag_cause', { cronjob: name, cause: 'name_clash' }) === 1,
        )
        t.strictSame(runsOf(page, name), {})
        await reach(second)
        await runs(name, 110, ({ lost }) => lost === 1)
        t.strictSame(runsOf(await judgedUntil(exporter, third), name), { on_time: 1, lost: 1, 'lost name_clash': 1 })
      },
    ),

    group.test(
      'check 17: runs of a CronJob and of one made anew under its name are each counted once',
      { buffered: true },
      async (t) => {
        const name = 'made-anew'
        await runs(name, secondsTo(first + 40), ({ on_time: onTime }) => onTime === 1)
        await completionOf(`${name}-${first / 60}`)
        await admin.delete(cronJobPath(name))
        await until('it to be gone', async () => ((await admin.get(cronJobPath(name))) ? undefined : true))
        await makeCronJob(admin, name, thrice)
        t.strictSame(await inTheEnd(name), { on_time: 3 })
      },
    ),

    ...(
      [
        ['ttl-of-0', 'that are deleted as soon as they end'],
        ['no-history', 'of which none is kept'],
        ['no-history-fails', 'of which none is kept and that fail'],
      ] as const
    ).map(([name, which]) =>
      group.test(`check 17: runs ${which} are counted, once, and on time`, { buffered: true }, async (t) => {
        t.strictSame(await inTheEnd(name), { on_time: 3 })
        await until('the last Job to be gone', async () => (await ticksOfJobs(admin, name)).length === 0 || undefined)
      }),
    ),

    group.test(
      'check 17: a run whose Job was made by a controller that died before it recorded it is on time',
      { buffered: true },
      async (t) => {
        const name = 'unrecorded'
        await runs(name, secondsTo(first + 40), ({ on_time: onTime }) => onTime === 1)
        await reach(first + 45)
        await controllerManager.kill()
        await reach(second)
        await makeJob(name, second, {
          annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': new Date(second * 1000).toISOString() },
          ownerReferences: [await ownerOf(name)],
        })
        await controllerManager.start()
        await runs(name, 40, ({ on_time: onTime }) => onTime === 2)
        // It finds the name taken, and backs off for up to 1000 s or until something else wakes it: now over its next tick.
        t.match(controllerManager.output(), `error syncing CronJobController default/${name}, requeuing`)
        controllerManager.pause()
        await reach(third + 10)
        t.equal(await recordedTick(admin, name), first, 'its controller does not record it')
        const page = await exporter.page()
        t.equal(page.value('cronjob_open_lag_cause', { cronjob: name, cause: 'not_created' }), 1)
        t.ok((page.value('cronjob_open_lag_seconds', { cronjob: name }) ?? 0) > 8, 'that the next one is late is shown')
        t.strictSame(runsOf(page, name), { on_time: 2 })
        controllerManager.resume()
        await admin.patch(jobPath(`${name}-${second / 60}`), { metadata: { labels: { looked: 'at' } } })
        t.strictSame(await inTheEnd(name), { on_time: 3 })
        t.strictSame(await ticksOfJobs(admin, name), [first, second, third])
      },
    ),
  ]
  await Promise.all(checks)
})

interface Job {
  readonly status: { readonly completionTime?: string }
}
