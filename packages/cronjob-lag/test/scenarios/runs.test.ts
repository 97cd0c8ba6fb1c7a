// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import { until } from '../../../../test/servers/until.ts'
import { cronJobPath, jobPath, makeCronJob } from '../servers/cron-jobs.ts'
import { runsOf, startLab } from '../servers/lab.ts'
import { dueAt, minuteAhead, reach, secondsTo } from '../servers/minutes.ts'
import { ticksOfJobs } from '../servers/started.ts'

tap.setTimeout(330_000)

const objective = { 'leadline.dev/objective': '20s' }

/** How long after a tick a run is let go that is to be late. */
const lateSeconds = 25

test('runs over four ticks of a control plane that works', async (group) => {
  group.jobs = 8
  const lab = await startLab(group)
  if (!lab) return
  const { plane, exporter } = lab
  const { admin } = plane
  const first = await minuteAhead(12)
  const [second, third, fourth] = [first + 60, first + 120, first + 180]

  type Runs = Readonly<Record<string, number>>
  /** Waits until the counts of a CronJob are so, from a tick until 50 s after it, and gives the page. */
  const runs = async (cronjob: string, tick: number, isSo: (counts: Runs) => boolean): Promise<Page> => {
    await reach(tick)
    return exporter.shows(`runs of ${cronjob}`, 50, (page) => isSo(runsOf(page, cronjob)))
  }

  await Promise.all([
    group.test(
      'check 5: under Forbid a blocked tick is skipped, and the last starts late when it is free',
      { buffered: true },
      async (t) => {
        const name = 'forbid'
        const spec = { concurrencyPolicy: 'Forbid' }
        const podAnnotations = { 'leadline.test/runs-for': `${120 + lateSeconds}s` }
        await makeCronJob(admin, name, { annotations: objective, spec, podAnnotations })
        await runs(name, first, ({ on_time }) => on_time === 1)
        const template = { metadata: { annotations: { 'leadline.test/runs-for': '1s' } } }
        await admin.patch(cronJobPath(name), { spec: { jobTemplate: { spec: { template } } } })
        await exporter.shows(
          'why it waits',
          secondsTo(second + 20),
          (page) => page.value('cronjob_open_lag_cause', { cronjob: name, cause: 'forbid' }) === 1,
        )
        const page = await runs(name, fourth, ({ on_time }) => on_time === 2)
        t.strictSame(runsOf(page, name), { on_time: 2, late: 1, skipped: 1 })
        t.strictSame(await ticksOfJobs(admin, name), [first, third, fourth])
      },
    ),

    group.test(
      'check 5: the lag of a run that never leaves Pending climbs past its objective, and the ticks it blocks are skipped',
      { buffered: true },
      async (t) => {
        const name = 'forbid-pending'
        const spec = { concurrencyPolicy: 'Forbid' }
        const podAnnotations = { 'leadline.test/fate': 'never-starts' }
        await makeCronJob(admin, name, { annotations: objective, spec, podAnnotations })
        const page = await runs(name, fourth, ({ skipped = 0 }) => skipped >= 1)
        t.strictSame({ ...runsOf(page, name), skipped: 1 }, { skipped: 1 })
        const lag = page.value('cronjob_open_lag_seconds', { cronjob: name }) ?? 0
        t.ok(lag > 100 && Math.abs(lag + secondsTo(first)) < 3, `${lag} s, from the first`)
        t.equal(page.value('cronjob_open_lag_cause', { cronjob: name, cause: 'kubelet' }), 1)
      },
    ),

    group.test(
      'check 6: runs that give way under Replace are killed{replace}, and by nobody else',
      { buffered: true },
      async (t) => {
        const name = 'replace'
        const spec = { concurrencyPolicy: 'Replace' }
        const podAnnotations = { 'leadline.test/runs-for': '10m' }
        await makeCronJob(admin, name, { annotations: objective, spec, podAnnotations })
        const page = await runs(name, fourth, (now) => now['on_time'] === 4 && (now['killed replace'] ?? 0) >= 2)
        t.strictSame(runsOf(page, name), { on_time: 4, 'killed replace': 2 })
      },
    ),

    group.test(
      'check 7: nothing is due while suspended, and the run that catches up is neither late nor lost',
      { buffered: true },
      async (t) => {
        const name = 'suspended'
        await makeCronJob(admin, name, { annotations: objective })
        const labels = { cronjob: name }
        const before = await runs(name, first, ({ on_time }) => on_time === 1)
        t.equal(before.value('cronjob_suspended', labels), 0)
        await admin.patch(cronJobPath(name), { spec: { suspend: true } })
        const isSuspended = (value: number) => (page: Page) => page.value('cronjob_suspended', labels) === value
        await exporter.shows('it to be suspended', 10, isSuspended(1))
        await reach(third + lateSeconds)
        const page = await exporter.page()
        t.ok(isSuspended(1)(page))
        t.equal(page.value('cronjob_open_lag_seconds', labels), 0)
        t.equal(page.value('cronjob_next_run_timestamp_seconds', labels), undefined)
        t.strictSame(runsOf(page, name), { on_time: 1 })
        await admin.patch(cronJobPath(name), { spec: { suspend: false } })
        await exporter.shows('it to go on', 10, isSuspended(0))
        await until('the run that catches up', () => admin.get(jobPath(`${name}-${third / 60}`)))
        const after = await runs(name, fourth, ({ on_time }) => on_time === 2)
        t.strictSame(runsOf(after, name), { on_time: 2 })
        t.strictSame(await ticksOfJobs(admin, name), [first, third, fourth])
      },
    ),

    group.test(
      'check 8: a past tick of an edited schedule is neither late nor lost, whether its run starts or not',
      { buffered: true },
      async (t) => {
        const names = ['moved', 'moved-and-started']
        const plan = { ...dueAt(first + 1800), annotations: objective }
        await Promise.all(names.map((name) => makeCronJob(admin, name, plan)))
        await reach(first + lateSeconds)
        const { schedule } = dueAt(first, third)
        await Promise.all(names.map((name) => admin.patch(cronJobPath(name), { spec: { schedule } })))
        // The controller takes another schedule for what comes next; what next wakes it has it look back.
        await admin.patch(cronJobPath('moved-and-started'), { metadata: { labels: { edited: 'again' } } })
        await until('the run of the past tick', () => admin.get(jobPath(`moved-and-started-${first / 60}`)))
        for (const name of names) {
          const page = await runs(name, third, ({ on_time }) => on_time === 1)
          t.strictSame(runsOf(page, name), { on_time: 1 })
          t.equal(page.value('cronjob_open_lag_seconds', { cronjob: name }), 0)
        }
        t.strictSame(await ticksOfJobs(admin, 'moved'), [third])
        t.strictSame(await ticksOfJobs(admin, 'moved-and-started'), [first, third])
      },
    ),

    group.test('check 8: a CronJob made just after a tick has missed nothing', { buffered: true }, async (t) => {
      const name = 'made-after'
      await reach(first + 1)
      await makeCronJob(admin, name, { annotations: objective })
      const page = await runs(name, third, ({ on_time }) => on_time === 2)
      t.strictSame(runsOf(page, name), { on_time: 2 })
    }),

    group.test(
      'check 12: of two ticks of @every 30s within a minute the second is lost{name_clash}',
      { buffered: true },
      async (t) => {
        const name = 'twice-a-minute'
        // Its ticks come 22 and 52 s after full minutes.
        await reach(first - 8)
        await makeCronJob(admin, name, { schedule: '@every 30s', spec: { successfulJobsHistoryLimit: 9 } })
        const page = await runs(name, fourth, (now) => now['lost'] === 2)
        t.strictSame(runsOf(page, name), { on_time: 3, lost: 2, 'lost name_clash': 2 })
        t.equal((await ticksOfJobs(admin, name)).length, 3)
      },
    ),
  ])
})
