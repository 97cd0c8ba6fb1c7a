// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { at, World } from './world.ts'

test('17: a Job made by hand from a CronJob is no run of it', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *')
  world.runUntil('10:05')
  world.makeJob('by-hand', { owner: { uid: cronJob.uid, name: cronJob.name }, byHand: true })
  world.runUntil('10:15')
  t.strictSame(world.verdicts(), ['10:10 on_time'])
})

test('17: a foreign Job that has the name of a run costs that run, and not the next', async (t) => {
  const world = new World()
  world.addCronJob('*/10 * * * *')
  world.makeJob(`backup-${at('10:10') / 60}`, { suspended: true })
  world.runUntil('10:12')
  t.equal(world.open().cause, 'name_clash')
  world.runUntil('10:35')
  t.strictSame(world.verdicts(), ['10:10 lost name_clash', '10:20 on_time', '10:30 on_time'])
})

test('17: a CronJob made anew under its name is another, and the Jobs of the old one are not its', async (t) => {
  const world = new World()
  const old = world.addCronJob('*/10 * * * *')
  world.runUntil('10:15')
  world.deleteCronJob(old)
  const anew = world.addCronJob('*/10 * * * *')
  world.runUntil('10:25')
  t.strictSame(
    world.ticks().map(({ uid, tick, verdict }) => [uid, tick, verdict]),
    [
      [old.uid, at('10:10'), 'on_time'],
      [anew.uid, at('10:20'), 'on_time'],
    ],
  )
})

test('17: Jobs that are gone as soon as they end are counted', async (t) => {
  for (const more of [{ ttl: 0 }, { keeps: { succeeded: 0, failed: 0 } }]) {
    const world = new World()
    world.addCronJob('* * * * *', more)
    world.plan = () => ({ startsAfter: 0, runsFor: 0 })
    world.runUntil('10:04:30')
    t.equal(world.jobs.size, 0)
    t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:03 on_time', '10:04 on_time'])
  }
})

test('17: runs of which only lastScheduleTime is left are unknown, not lost', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { ttl: 0 })
  world.runUntil('10:01:30')
  world.isWatched = false
  world.runUntil('10:04:30')
  world.relist()
  world.runUntil('10:04:31')
  t.equal(world.verdicts().at(-1), '10:04 unknown')
  world.runUntil('10:05:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 unknown', '10:03 unknown', '10:04 unknown', '10:05 on_time'])
})

test('17: a controller that dies between Job and status leaves a good run, which its status never names', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *', { keeps: { succeeded: 9, failed: 9 } })
  world.runUntil('10:01:30')
  world.diesAfterCreate = true
  world.runUntil('10:02:30')
  t.equal(cronJob.last, at('10:01'))
  world.isControllerUp = true
  world.runUntil('10:05:30')
  t.strictSame(world.verdicts().slice(0, 2), ['10:01 on_time', '10:02 on_time'])
  t.equal(world.ticks().find(({ tick }) => tick === at('10:02'))?.startedAt, at('10:02:02'))
  t.equal(world.verdicts().length, 5)
  t.notOk(world.ticks().some(({ verdict }) => verdict === 'lost'))
})

test('17: the Job of a controller before 1.28 is known by its name', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *')
  world.isControllerUp = false
  world.runUntil('10:10')
  world.makeJob(`backup-${at('10:10') / 60}`, { owner: { uid: cronJob.uid, name: 'backup' } })
  world.runUntil('10:11')
  t.strictSame(world.verdicts(), ['10:10 on_time'])
})

test('a Job that was deleted before it started and is made again for the same tick is one run', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *')
  world.plan = () => ({ startsAfter: 30, runsFor: 10 })
  world.diesAfterCreate = true
  world.runUntil('10:10:05')
  t.equal(cronJob.last, undefined, 'the controller does not know that it made one')
  world.deleteJob(world.jobOf('10:10'))
  world.isControllerUp = true
  world.runUntil('10:12')
  t.strictSame(world.verdicts(), ['10:10 on_time'])
})

test('no more judged runs are kept than asked for, and they go on being told of their end', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { keeps: { succeeded: 50, failed: 1 } })
  world.runUntil('10:40:05')
  const [known] = world.judge.known().values()
  const runs = known?.runs() ?? []
  t.equal(runs.length, 20)
  t.match(runs[0], { tick: at('10:21'), job: /^backup-\d{8}$/, endedAt: at('10:21:13'), result: 'complete' })
  t.match(runs.at(-1), { tick: at('10:40'), verdict: 'on_time', startedAt: at('10:40:02'), endedAt: undefined })
  world.runUntil('10:40:30')
  t.equal(known?.runs().at(-1)?.endedAt, at('10:40:13'))
})
