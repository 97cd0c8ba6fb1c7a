// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { at, World } from './world.ts'

test('18: of more runs than are kept open, that came while nobody watched, none is lost', async (t) => {
  for (const isRestart of [true, false]) {
    const world = new World()
    world.addCronJob('* * * * *')
    world.runUntil('10:05:30')
    const saved = world.judge.save()
    world.isWatched = false
    world.runUntil('13:05:30')
    if (isRestart) world.restart(saved)
    else world.relist()
    world.runUntil('13:06:30')
    t.equal(world.ticks().length, 186)
    t.strictSame(new Set(world.ticks().map(({ verdict }) => verdict)), new Set(['on_time', 'unknown']))
  }
})

test('18: ticks of a CronJob that was suspended and resumed while nobody watched are not lost', async (t) => {
  for (const isRestart of [true, false]) {
    const world = new World()
    const cronJob = world.addCronJob('*/10 * * * *')
    world.runUntil('10:15')
    const saved = world.judge.save()
    world.isWatched = false
    world.editCronJob(cronJob, { suspended: true })
    world.runUntil('10:55')
    world.editCronJob(cronJob, { suspended: false })
    world.runUntil('10:56')
    if (isRestart) world.restart(saved)
    else world.relist()
    world.runUntil('11:01')
    t.strictSame(world.verdicts(), [
      '10:10 on_time',
      '10:20 unknown',
      '10:30 unknown',
      '10:40 unknown',
      '10:50 on_time',
      '11:00 on_time',
    ])
  }
})

test('18: a run that catches up with a suspension nobody saw is not late', async (t) => {
  for (const isRestart of [true, false]) {
    const world = new World()
    const cronJob = world.addCronJob('0 * * * *')
    world.runUntil('11:15')
    const saved = world.judge.save()
    world.isWatched = false
    world.editCronJob(cronJob, { suspended: true })
    world.runUntil('12:30')
    world.editCronJob(cronJob, { suspended: false })
    world.runUntil('12:31')
    if (isRestart) world.restart(saved)
    else world.relist()
    world.runUntil('12:32')
    t.strictSame(world.verdicts(), ['11:00 on_time', '12:00 unknown'])
  }
})

test('19: a run that was held and released while nobody watched is held', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.runUntil('10:59')
  const saved = world.judge.save()
  world.isWatched = false
  world.jobsAreSuspended = true
  world.runUntil('11:40')
  world.resumeJob(world.jobOf('11:00'))
  world.runUntil('11:41')
  world.restart(saved)
  world.runUntil('11:42')
  t.match(world.ticks(), [{ tick: at('11:00'), verdict: 'held', heldSeconds: 2400 }])
})

test('12: ticks of @every that came while nobody watched are judged', async (t) => {
  for (const isRestart of [true, false]) {
    const world = new World()
    world.addCronJob('@every 1m', { keeps: { succeeded: 2, failed: 1 } })
    world.runUntil('10:01:40')
    const saved = world.judge.save()
    world.isWatched = false
    world.runUntil('10:05:40')
    if (isRestart) world.restart(saved)
    else world.relist()
    world.runUntil('10:06:35')
    t.strictSame(world.verdicts(), [
      '10:01:30 on_time',
      '10:02:30 unknown',
      '10:03:30 on_time',
      '10:04:30 on_time',
      '10:05:30 on_time',
      '10:06:30 on_time',
    ])
  }
})

test('18: a run that waited, and that its deadline ended while nobody watched, may have started', async (t) => {
  for (const isRestart of [true, false]) {
    const world = new World()
    world.addCronJob('0 * * * *')
    world.jobDeadline = 300
    world.plan = () => ({ startsAfter: 60, runsFor: 3000 })
    world.runUntil('11:00:20')
    const saved = world.judge.save()
    world.isWatched = false
    world.runUntil('11:10')
    if (isRestart) world.restart(saved)
    else world.relist()
    world.runUntil('11:11')
    t.strictSame(world.verdicts(), ['11:00 unknown'])
    t.strictSame(world.killed(), ['11:00 policy DeadlineExceeded'])
  }
})

test('18: a pod that was evicted before a cold start is not told, though its run goes on', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: 2, runsFor: 3000 })
  world.isWatched = false
  world.runUntil('11:05')
  for (const pod of world.pods.values()) {
    const disruption = { status: 'True', reason: 'EvictionByEvictionAPI' } as const
    const times = { finishedAt: at('11:01'), exitCode: 143 }
    world.pods.set('before', { ...pod, ...times, uid: 'before', phase: 'Failed', disruption })
    break
  }
  world.restart(undefined)
  world.advance(0)
  t.strictSame(world.killed(), [])
})
