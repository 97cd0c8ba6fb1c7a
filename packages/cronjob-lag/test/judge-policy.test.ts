// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { at, World } from './world.ts'

test('5: under Forbid each blocked tick is skipped, and the last one starts late', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Forbid' })
  world.plan = (tick) => ({ startsAfter: 2, runsFor: tick === at('10:01') ? 220 : 10 })
  world.runUntil('10:03:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 skipped forbid'], 'as soon as the next one has come')
  t.equal(world.open().cause, 'forbid')
  world.runUntil('10:06:30')
  t.strictSame(world.verdicts(), [
    '10:01 on_time',
    '10:02 skipped forbid',
    '10:03 skipped forbid',
    '10:04 on_time',
    '10:05 on_time',
    '10:06 on_time',
  ])
  t.equal(world.ticks().find(({ tick }) => tick === at('10:04'))?.createdAt, at('10:04:44'))
})

test('5: a blocked tick whose deadline passes meanwhile is skipped too', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Forbid', deadline: 30 })
  world.plan = (tick) => ({ startsAfter: 2, runsFor: tick === at('10:01') ? 100 : 10 })
  world.runUntil('10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 skipped forbid', '10:03 on_time', '10:04 on_time'])
})

test('5: a run that never starts and blocks the others under Forbid is what the lag counts from', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Forbid' })
  world.plan = () => ({ startsAfter: undefined, runsFor: 0 })
  world.runUntil('10:22')
  const { lagSeconds, cause } = world.open()
  t.strictSame({ lagSeconds, cause }, { lagSeconds: 1260, cause: 'unscheduled' })
  t.ok(world.ticks().every(({ verdict }) => verdict === 'skipped'))
  t.equal(world.ticks().length, 19)
})

test('5: a tick that was freed in time and still not started is lost', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Forbid' })
  world.plan = (tick) => ({ startsAfter: 2, runsFor: tick === at('10:01') ? 65 : 10 })
  world.runUntil('10:02:01')
  world.isControllerUp = false
  world.runUntil('10:03:30')
  world.isControllerUp = true
  world.runUntil('10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 lost superseded', '10:03 on_time', '10:04 on_time'])
})

test('6: a run that gives way under Replace is killed by choice', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Replace' })
  world.plan = () => ({ startsAfter: 2, runsFor: 90 })
  world.runUntil('10:03:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:03 on_time'])
  t.strictSame(world.killed(), ['10:01 replace', '10:02 replace'])
})

test('6: a run that gives way before it has started was never run', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Replace' })
  world.plan = (tick) => ({ startsAfter: tick === at('10:01') ? undefined : 2, runsFor: 10 })
  world.runUntil('10:03:30')
  t.strictSame(world.verdicts(), ['10:01 lost never_ran', '10:02 on_time', '10:03 on_time'])
  t.strictSame(world.killed(), ['10:01 replace'])
})

test('6: a run that was deleted for one that then is refused gave way all the same', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Replace' })
  world.plan = () => ({ startsAfter: 2, runsFor: 90 })
  world.runUntil('10:01:30')
  world.refusesJobs = true
  world.runUntil('10:02:30')
  t.strictSame(world.killed(), ['10:01 replace'])
})

test('6: a run that somebody deletes just before the next one was not replaced', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Replace' })
  world.plan = () => ({ startsAfter: 2, runsFor: 90 })
  world.runUntil('10:01:50')
  world.deleteJob(world.jobOf('10:01'))
  world.runUntil('10:02:30')
  t.strictSame(world.killed(), ['10:01 hand'])
})

test('7: nothing is due while suspended, and the run that catches up is neither late nor lost', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *')
  world.runUntil('10:15')
  world.editCronJob(cronJob, { suspended: true })
  world.runUntil('13:17')
  t.match(world.open(), { lagSeconds: 0, isSuspended: true, nextTick: undefined })
  world.editCronJob(cronJob, { suspended: false })
  world.runUntil('13:20:30')
  t.ok(
    [...world.jobs.values()].some(({ tick }) => tick === at('13:10')),
    'it has caught up',
  )
  t.strictSame(world.verdicts(), ['10:10 on_time', '13:20 on_time'])
})

test('7: a tick that was suspended as it came due is not due, one long before it is lost', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *')
  world.runUntil('10:09')
  world.isControllerUp = false
  world.runUntil('10:20:05')
  world.editCronJob(cronJob, { suspended: true })
  world.runUntil('10:31')
  t.strictSame(world.verdicts(), ['10:10 lost superseded'])
})

test('8: a run that an edit of the schedule starts at once is neither late nor lost', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('50 * * * *')
  world.runUntil('11:30:30')
  world.editCronJob(cronJob, { text: '0 * * * *' })
  world.runUntil('12:00:30')
  t.ok(
    [...world.jobs.values()].some(({ tick }) => tick === at('11:00')),
    'it was started',
  )
  t.strictSame(world.verdicts(), ['10:50 on_time', '12:00 on_time'])
})

test('8: a tick that both schedules have is judged over the edit, one that only the old one has was lost', async (t) => {
  for (const [text, expected] of [
    ['0,30 * * * *', ['11:00 on_time']],
    ['30 * * * *', ['11:00 lost superseded']],
  ] as const) {
    const world = new World()
    const cronJob = world.addCronJob('0 * * * *')
    world.isControllerUp = false
    world.runUntil('11:05')
    world.editCronJob(cronJob, { text })
    world.runUntil('11:06')
    world.isControllerUp = true
    world.runUntil('11:07')
    t.strictSame(world.verdicts(), expected, text)
  }
})

test('8: a tick that came before the news of an edit is judged, although nobody looked between them', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('0 * * * *')
  world.runUntil('10:59')
  world.now = at('11:05')
  world.editCronJob(cronJob, { text: '30 * * * *' })
  world.isControllerUp = false
  world.runUntil('11:06')
  t.strictSame(world.verdicts(), ['11:00 unknown'], 'the edit may have come before it')
})

test('8: a CronJob made just after a tick has missed nothing', async (t) => {
  const world = new World(at('11:00:01'))
  world.addCronJob('0 * * * *')
  world.runUntil('11:30')
  t.strictSame(world.verdicts(), [])
  t.equal(world.open().lagSeconds, 0)
})

test('a deleted CronJob leaves what was late by then as lost, and kills its runs by hand', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *')
  world.plan = (tick) => ({ startsAfter: tick === at('10:01') ? undefined : 2, runsFor: 3600 })
  world.runUntil('10:23:30')
  world.isControllerUp = false
  world.runUntil('10:24:30')
  world.deleteCronJob(cronJob)
  world.runUntil('10:25:30')
  t.equal(world.verdicts()[0], '10:01 lost never_ran')
  t.notOk(world.ticks().some(({ tick }) => tick === at('10:24')))
  t.ok(world.kills().every(({ by }) => by === 'hand'))
  t.equal(world.kills().length, 23)
  t.equal(world.judge.known().size, 0)
  t.strictSame(world.judge.save().cronJobs, [])
})
