// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { readCronJob } from '../src/objects/cron-job.ts'
import { at, World } from './world.ts'
import { cronJobObject, type WorldCronJob } from './world-objects.ts'

/** A world at 12:05 with a run going on since 11:00:02, and the tick of 12:00 blocked by it. */
function blocked(): { world: World; cronJob: WorldCronJob } {
  const world = new World()
  const cronJob = world.addCronJob('0 * * * *', { policy: 'Forbid' })
  world.plan = () => ({ startsAfter: 2, runsFor: 30_000 })
  world.runUntil('12:05')
  return { world, cronJob }
}

test('5: a tick that is blocked until the schedule is edited was skipped', async (t) => {
  const { world, cronJob } = blocked()
  world.editCronJob(cronJob, { text: '30 * * * *' })
  world.runUntil('12:06')
  t.strictSame(world.verdicts(), ['11:00 on_time', '12:00 skipped forbid'])
})

test('5: a tick that is blocked until its CronJob is suspended was skipped, whenever the other run ends', async (t) => {
  const { world, cronJob } = blocked()
  world.editCronJob(cronJob, { suspended: true })
  world.runUntil('12:20')
  world.deleteJob(world.jobOf('11:00'))
  world.runUntil('13:01')
  t.strictSame(world.verdicts(), ['11:00 on_time', '12:00 skipped forbid'])
})

test('5: a tick that is blocked until its CronJob is deleted was skipped', async (t) => {
  const { world, cronJob } = blocked()
  world.runUntil('12:40')
  world.deleteCronJob(cronJob)
  world.runUntil('12:41')
  t.strictSame(world.verdicts(), ['11:00 on_time', '12:00 skipped forbid'])
})

test('5: a run that was created only after the next tick blocks that tick', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *', { policy: 'Forbid' })
  world.plan = () => ({ startsAfter: 2, runsFor: 300 })
  world.isControllerUp = false
  world.runUntil('10:02:03')
  const { uid, name } = cronJob
  const job = world.makeJob(`${name}-29369341`, { owner: { uid, name }, tick: at('10:01') })
  world.editCronJob(cronJob, { last: at('10:01'), active: new Set([job.uid]) })
  world.isControllerUp = true
  world.runUntil('10:03:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 skipped forbid'])
})

test('19: a held run that outlives its CronJob for a while is held', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('0 * * * *')
  world.jobsAreSuspended = true
  world.runUntil('11:40')
  world.cronJobs.delete(cronJob.uid)
  world.judge.cronJobs.delete(readCronJob(cronJobObject(cronJob)), world.now)
  world.runUntil('11:41')
  world.deleteJob(world.jobOf('11:00'))
  world.runUntil('11:42')
  t.strictSame([world.verdicts(), world.killed()], [['11:00 held'], []])
})
