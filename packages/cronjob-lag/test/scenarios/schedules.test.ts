// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { until } from '../../../../test/servers/until.ts'
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import { readSchedule } from '../../src/schedule.ts'
import { type CronJobPlan, cronJobManifest, cronJobPath, makeCronJob } from '../servers/cron-jobs.ts'
import { runsOf, startLab } from '../servers/lab.ts'
import { minuteAhead, secondsTo } from '../servers/minutes.ts'
import { recordedTick } from '../servers/started.ts'

tap.setTimeout(180_000)

type Text = readonly [schedule: string, timeZone?: string]

const accepted: readonly Text[] = [
  ['0 0 13 * 5'],
  ['0 0 */2 * 1'],
  ['*/120 4-22 * * *'],
  ['*-5 * * * *'],
  ['1,,2 * * * *'],
  ['? ? * * ?'],
  ['5/15 * * * *'],
  ['0 9 * * MON-FRI'],
  ['0 0 31 2 *'],
  ['@midnight'],
  ['@every 1h30m'],
  ['30 2 * * *', 'Europe/Berlin'],
]

const refused: readonly Text[] = [
  ['0 0 * * 7'],
  ['0 22-2 * * *'],
  ['0 0 L * *'],
  ['0 0 * * 1#2'],
  ['0 0 0 * * *'],
  ['0 0 * *'],
  ['*/0 * * * *'],
  ['60 * * * *'],
  ['@reboot'],
  ['@Daily'],
  ['@every 90'],
  ['0 0 * * *', 'Mars/Olympus'],
  ['0 0 * * *', 'Local'],
]

test('what the API server takes for a schedule, and when the controller runs it', async (group) => {
  group.jobs = 3
  const lab = await startLab(group)
  if (!lab) return
  const { plane, exporter } = lab
  const { admin } = plane

  await Promise.all([
    group.test('check 9: the API server accepts and refuses the same texts as we do', { buffered: true }, async (t) => {
      const all = [...accepted, ...refused]
      const expected = all.map((text) => ({ text, isTaken: accepted.includes(text) }))
      const byServer = all.map(async (text) => ({ text, isTaken: await isAccepted(admin, text) }))
      t.strictSame(await Promise.all(byServer), expected)
      // Refused of new CronJobs only: older ones may have it, and run by it.
      t.notOk(await isAccepted(admin, ['TZ=UTC 0 0 * * *']))
      t.strictSame(
        all.map((text) => ({ text, isTaken: isReadable(text) })),
        expected,
      )
    }),

    group.test('check 9: the next run is the tick that the controller then records', { buffered: true }, async (t) => {
      const tick = await minuteAhead(15)
      const plans = dueNext(new Date(tick * 1000))
      const names = plans.map((_, i) => `due-${i}`)
      await Promise.all(plans.map((schedule, i) => makeCronJob(admin, names[i] ?? '', inUtc(schedule))))
      const next = (cronjob: string, now: typeof page) => now.value('cronjob_next_run_timestamp_seconds', { cronjob })
      const page = await exporter.shows('all of them', 10, (now) =>
        names.every((name) => next(name, now) !== undefined),
      )
      t.strictSame(
        plans.map((schedule, i) => [schedule, next(names[i] ?? '', page)]),
        plans.map((schedule) => [schedule, tick]),
      )
      const bound = secondsTo(tick + 40)
      const last = await Promise.all(
        names.map((name) => until(`${name} to run`, () => recordedTick(admin, name), bound, 0.5)),
      )
      t.strictSame(
        plans.map((schedule, i) => [schedule, last[i]]),
        plans.map((schedule) => [schedule, tick]),
      )
      for (const name of names) {
        const run = await exporter.shows(`the run of ${name}`, 20, (now) => Object.keys(runsOf(now, name)).length > 0)
        t.strictSame(runsOf(run, name), { on_time: 1 })
      }
    }),

    group.test(
      'check 10: a date that never comes is invalid{impossible}, and no number is made of it',
      { buffered: true },
      async (t) => {
        await makeCronJob(admin, 'impossible', inUtc('0 0 31 2 *'))
        const labels = { cronjob: 'impossible' }
        const page = await exporter.shows(
          'it to be invalid',
          10,
          (now) => now.value('cronjob_schedule_invalid', { ...labels, reason: 'impossible' }) === 1,
        )
        t.equal(page.value('cronjob_next_run_timestamp_seconds', labels), undefined)
        t.equal(page.value('cronjob_open_lag_seconds', labels), 0)
        t.strictSame(runsOf(page, 'impossible'), {})
      },
    ),
  ])
})

/** The texts of the check, each put so that this minute is its next due time. */
function dueNext(minute: Date): readonly string[] {
  const m = minute.getUTCMinutes()
  const weekday = minute.getUTCDay()
  const otherDate = (minute.getUTCDate() % 28) + 1
  return [
    `${m} * ${otherDate} * ${weekday}`,
    `${m} * */30 * ${weekday}`,
    `${m}/120 * * * *`,
    '*-5 * * * *',
    `${m},,${m} * * * *`,
    '? ? * * ?',
    `${m}/15 * * * *`,
    `${m} * * * SUN-SAT`,
  ]
}

function inUtc(schedule: string): CronJobPlan {
  return { schedule, spec: { timeZone: 'Etc/UTC' } }
}

function isReadable([schedule, timeZone]: Text): boolean {
  const read = readSchedule(schedule, timeZone)
  return read !== 'unparseable' && read !== 'unknown_zone'
}

/** Whether the API server would make such a CronJob. Rejects when it refuses it for another reason than its schedule. */
async function isAccepted(admin: Admin, [schedule, timeZone]: Text): Promise<boolean> {
  const manifest = cronJobManifest('text', { schedule, ...(timeZone !== undefined && { spec: { timeZone } }) })
  try {
    await admin.create(`${cronJobPath()}?dryRun=All`, manifest)
    return true
  } catch (error) {
    if (/: 422 .*spec\.(schedule|timeZone)/s.test((error as Error).message)) return false
    throw error
  }
}
