// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { at, World } from './world.ts'

test('13: a run whose pods a quota refuses has not started, whatever its startTime says', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.refusesPods = true
  world.runUntil('11:10')
  t.equal([...world.jobs.values()][0]?.startTime, at('11:00'))
  t.match(world.open(), { lagSeconds: 600, cause: 'pod_create_refused' })
  t.strictSame(world.verdicts(), [])
  world.refusesPods = false
  world.runUntil('11:10:30')
  t.strictSame(world.verdicts(), ['11:00 on_time'])
  t.equal(world.open().lagSeconds, 0)
})

test('14: a run that waits for its image for 21 minutes is late once it starts', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: 1260, runsFor: 10, waiting: 'ImagePullBackOff' })
  world.runUntil('11:20:30')
  t.match(world.open(), { lagSeconds: 1230, cause: 'image_pull' })
  t.strictSame(world.verdicts(), [])
  world.runUntil('11:22')
  t.strictSame(world.verdicts(), ['11:00 late'])
})

test('14: one that its deadline kills before it starts was never run', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.jobDeadline = 600
  world.plan = () => ({ startsAfter: undefined, runsFor: 0 })
  world.runUntil('11:09')
  t.match(world.open(), { lagSeconds: 540, cause: 'unscheduled' })
  world.runUntil('11:11')
  t.strictSame(world.verdicts(), ['11:00 lost never_ran'])
  t.strictSame(world.killed(), ['11:00 policy DeadlineExceeded'])
  t.equal(world.open().lagSeconds, 0)
})

test('19: a run that its template suspends is held with its age, and on time when released within the objective', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.jobsAreSuspended = true
  world.runUntil('11:15')
  t.match(world.open(), { lagSeconds: 0, cause: undefined, heldSeconds: 900 })
  world.resumeJob(world.jobOf('11:00'))
  world.refusesPods = true
  world.runUntil('11:17')
  t.match(world.open(), { lagSeconds: 120, heldSeconds: undefined }, 'the clock starts when it is released')
  world.refusesPods = false
  world.runUntil('11:17:30')
  t.strictSame(world.verdicts(), ['11:00 on_time'])
})

test('19: a run late only by being held is held, one late besides is late', async (t) => {
  for (const [startsAfter, expected] of [
    [2, '11:00 held'],
    [1260, '11:00 late'],
  ] as const) {
    const world = new World()
    world.addCronJob('0 * * * *')
    world.podsAreGated = true
    world.plan = () => ({ startsAfter: startsAfter + 1800, runsFor: 10 })
    world.runUntil('11:30')
    t.match(world.open(), { lagSeconds: 0, heldSeconds: 1800 })
    world.podsAreGated = false
    for (const pod of world.pods.values()) world.changePod(pod, { gated: false })
    world.runUntil('11:59')
    t.strictSame(world.verdicts(), [expected])
    t.equal(world.ticks()[0]?.heldSeconds, 1800)
  }
})

test('19: a held run that is deleted is held, and nobody killed it', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.jobsAreSuspended = true
  world.runUntil('11:30')
  world.deleteJob(world.jobOf('11:00'))
  world.runUntil('11:31')
  t.strictSame([world.verdicts(), world.killed()], [['11:00 held'], []])
})

test('a node whose clock is behind makes no run start before its time', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.runUntil('11:00:01')
  for (const pod of world.pods.values()) world.changePod(pod, { phase: 'Running', startedAt: at('10:59:50') })
  world.runUntil('11:01')
  t.strictSame(world.verdicts(), ['11:00 on_time'])
})

test('a run that is deleted by hand before it starts was never run', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: undefined, runsFor: 0 })
  world.runUntil('11:05')
  world.deleteJob(world.jobOf('11:00'))
  world.runUntil('11:06')
  t.strictSame([world.verdicts(), world.killed()], [['11:00 lost never_ran'], ['11:00 hand']])
})

test('a run waits as any other whose Job is seen after the status that tells of it', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('* * * * *')
  world.isControllerUp = false
  world.runUntil('10:01:01')
  world.editCronJob(cronJob, { last: at('10:01') })
  world.runUntil('10:01:02')
  t.equal(world.open().lagSeconds, 0, 'what has been started is not behind, as far as is known')
  const { uid, name } = cronJob
  world.plan = () => ({ startsAfter: undefined, runsFor: 0 })
  world.makeJob(`${name}-29369341`, { owner: { uid, name }, tick: at('10:01') })
  world.runUntil('10:01:40')
  t.equal(world.open().lagSeconds, 40)
})
