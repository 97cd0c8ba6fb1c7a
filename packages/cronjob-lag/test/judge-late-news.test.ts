// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { cutWatch } from './cut-watch.ts'
import { at, World } from './world.ts'

test('7: a CronJob whose suspension is told late had no tick due meanwhile, as far as is known', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *')
  world.runUntil('10:02:40')
  const open = cutWatch(world, 'cronJobs')
  world.editCronJob(cronJob, { suspended: true })
  world.runUntil('10:04:30')
  open()
  world.runUntil('10:06:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:03 unknown', '10:04 unknown'])
})

test('7: a CronJob that was suspended and resumed before either is told has lost nothing', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *')
  world.runUntil('10:02:40')
  const open = cutWatch(world, 'cronJobs')
  world.editCronJob(cronJob, { suspended: true })
  world.runUntil('10:04:40')
  world.editCronJob(cronJob, { suspended: false })
  open()
  world.runUntil('10:05:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:03 unknown', '10:04 on_time', '10:05 on_time'])
})

test('8: a tick that only the old schedule has is not lost when the edit is told late', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *')
  world.runUntil('10:02:40')
  const open = cutWatch(world, 'cronJobs')
  world.editCronJob(cronJob, { text: '0 0 * * *' })
  world.runUntil('10:03:30')
  open()
  world.runUntil('10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:03 unknown'])
})

test('8: an edit that comes while a clock is set back brings no tick a second time', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *')
  world.runUntil('10:02:00')
  world.now = at('10:01:59')
  world.editCronJob(cronJob, { text: '*/2 * * * *' })
  world.runUntil('10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:04 on_time'])
})

test('17: a run whose pods are told of when its Job is gone already has started', async (t) => {
  const world = new World()
  world.addCronJob('*/10 * * * *', { keeps: { succeeded: 0, failed: 0 } })
  world.plan = () => ({ startsAfter: 1, runsFor: 2, exitCode: 1 })
  world.runUntil('10:09')
  const open = cutWatch(world, 'pods')
  world.runUntil('10:10:20')
  t.equal(world.jobs.size, 0)
  open()
  world.runUntil('10:11')
  t.strictSame(world.verdicts(), ['10:10 on_time'])
  t.equal(world.ticks()[0]?.startedAt, at('10:10:01'))
})

test('16: a kill that a pod tells of when its Job is gone already is told', async (t) => {
  const world = new World()
  world.addCronJob('*/10 * * * *', { keeps: { succeeded: 0, failed: 0 } })
  world.plan = () => ({ startsAfter: 1, runsFor: 600 })
  world.runUntil('10:10:05')
  const open = cutWatch(world, 'pods')
  for (const pod of world.pods.values()) {
    const disruption = { status: 'True', reason: 'EvictionByEvictionAPI' } as const
    world.changePod(pod, { disruption, phase: 'Failed', finishedAt: world.now, exitCode: 143 })
  }
  world.runUntil('10:10:20')
  t.equal(world.jobs.size, 0)
  open()
  world.runUntil('10:11')
  t.strictSame(world.killed(), ['10:10 cluster EvictionByEvictionAPI'])
})

test('18: a run whose Job and pods are gone when the pods are listed anew may have started', async (t) => {
  for (const cutAt of ['10:09', '10:10:01']) {
    const world = new World()
    world.addCronJob('*/10 * * * *', { keeps: { succeeded: 0, failed: 0 } })
    world.plan = () => ({ startsAfter: 3, runsFor: 2, exitCode: 1 })
    world.runUntil(cutAt)
    const { judge } = world
    cutWatch(world, 'pods')
    world.runUntil('10:10:20')
    t.equal(world.jobs.size, 0)
    judge.pods.replace([], world.now)
    Object.assign(world, { judge, provedAgo: () => 0 })
    world.runUntil('10:11')
    t.strictSame(world.verdicts(), ['10:10 unknown'], `cut at ${cutAt}`)
  }
})

test('6: a run that gives way under Replace does so by choice, told late or by a clock that is ahead', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Replace' })
  world.plan = () => ({ startsAfter: 2, runsFor: 90 })
  world.runUntil('10:01:50')
  const open = cutWatch(world, 'jobs')
  world.runUntil('10:02:10')
  open()
  world.controllerAhead = 3
  world.runUntil('10:03:30')
  t.strictSame(world.killed(), ['10:01 replace', '10:02 replace'])
})
