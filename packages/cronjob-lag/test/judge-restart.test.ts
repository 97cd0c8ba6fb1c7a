// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { at, World } from './world.ts'

test('18: at a cold start nothing is lost, and what kept Jobs prove is shown and not counted', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  world.isWatched = false
  world.runUntil('10:10:30')
  world.restart(undefined)
  world.runUntil('10:11:30')
  t.strictSame(world.verdicts(), ['10:11 on_time'])
  const [known] = world.judge.known().values()
  t.strictSame(
    known?.runs().map(({ tick, verdict }) => [tick, verdict]),
    [at('10:08'), at('10:09'), at('10:10'), at('10:11')].map((tick) => [tick, 'on_time']),
  )
})

test('18: at a cold start the run that is behind shows its lag, and is judged when it starts', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.runUntil('11:05')
  world.isControllerUp = false
  world.runUntil('14:10')
  world.restart(undefined)
  world.outcomes.splice(0)
  world.runUntil('14:11')
  t.match(world.open(), { lagSeconds: 660, cause: 'not_created' }, 'of the run that the controller would start')
  world.isControllerUp = true
  world.runUntil('14:12')
  t.strictSame(world.verdicts(), ['14:00 on_time'])
})

test('18: a cold start amid a run that waits shows its lag, and counts it when it starts', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: 1500, runsFor: 10 })
  world.runUntil('11:10')
  world.restart(undefined)
  world.runUntil('11:11')
  t.match(world.open(), { lagSeconds: 660, cause: 'starting' })
  world.runUntil('11:26')
  t.strictSame(world.verdicts(), ['11:00 late'])
})

test('18: a restart with a saved state neither forgets nor repeats a loss', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { deadline: 10 })
  world.runUntil('10:01:50')
  world.isControllerUp = false
  world.runUntil('10:02:05')
  world.isControllerUp = true
  const before = world.judge.save()
  world.isControllerUp = false
  world.restart(before)
  world.runUntil('10:02:50')
  world.isControllerUp = true
  world.restart(world.judge.save())
  world.runUntil('10:03:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 lost deadline', '10:03 on_time'])
})

test('18: what the controller dropped while the exporter was down is found afterwards', async (t) => {
  const world = new World()
  world.addCronJob('*/10 * * * *')
  world.runUntil('10:15')
  const saved = world.judge.save()
  world.isWatched = false
  world.isControllerUp = false
  world.runUntil('10:45')
  world.isControllerUp = true
  world.runUntil('10:46')
  world.restart(saved)
  world.runUntil('10:55')
  t.strictSame(world.verdicts(), [
    '10:10 on_time',
    '10:20 lost superseded',
    '10:30 lost superseded',
    '10:40 on_time',
    '10:50 on_time',
  ])
})

test('18: a watch that was cut and listed anew changes no verdict', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  world.runUntil('10:02:30')
  world.isWatched = false
  world.runUntil('10:04:10')
  t.equal(world.ticks().length, 2, 'nothing is judged blindly')
  world.relist()
  world.runUntil('10:05:30')
  t.strictSame(
    world.verdicts(),
    ['10:01', '10:02', '10:03', '10:04', '10:05'].map((tick) => `${tick} on_time`),
  )
})

test('18: a CronJob that was edited while the exporter was down is followed from when it is seen', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *')
  world.runUntil('10:15')
  const saved = world.judge.save()
  world.isWatched = false
  world.editCronJob(cronJob, { text: '*/7 * * * *' })
  world.runUntil('10:30')
  world.restart(saved)
  world.runUntil('10:36')
  t.strictSame(world.verdicts(), ['10:10 on_time', '10:35 on_time'])
})

test('18: a CronJob that was deleted while the exporter was down is forgotten, one that was made is judged', async (t) => {
  const world = new World()
  const old = world.addCronJob('*/10 * * * *')
  world.runUntil('10:15')
  const saved = world.judge.save()
  world.isWatched = false
  world.deleteCronJob(old)
  world.runUntil('10:16')
  const anew = world.addCronJob('*/10 * * * *')
  world.runUntil('10:25')
  world.restart(saved)
  world.runUntil('10:26')
  t.strictSame([...world.judge.known().keys()], [anew.uid])
  t.strictSame(world.verdicts(), ['10:10 on_time', '10:20 on_time'], 'from its birth on')
})

test('18: a Job that waits when the exporter goes down and is gone when it comes back is unknown', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: undefined, runsFor: 0 })
  world.runUntil('11:05')
  const saved = world.judge.save()
  world.isWatched = false
  world.deleteJob(world.jobOf('11:00'))
  world.runUntil('11:10')
  world.restart(saved)
  world.runUntil('11:11')
  t.strictSame([world.verdicts(), world.killed()], [['11:00 unknown'], []])
})

test('18: a kill that was told is not told again after a restart', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: 2, runsFor: 600 })
  world.runUntil('11:05')
  for (const pod of world.pods.values()) {
    const disruption = { status: 'True', reason: 'EvictionByEvictionAPI' } as const
    world.changePod(pod, { disruption, phase: 'Failed', finishedAt: world.now, exitCode: 143 })
  }
  world.runUntil('11:06')
  world.restart(world.judge.save())
  world.runUntil('11:30')
  t.strictSame(world.killed(), ['11:00 cluster EvictionByEvictionAPI'])
})

test('18: a kill by a deadline, which the Job goes on telling, is told once over restarts and never at a cold start', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.jobDeadline = 600
  world.refusesPods = true
  world.runUntil('11:11')
  world.restart(world.judge.save())
  world.runUntil('11:12')
  world.restart(undefined)
  world.runUntil('11:13')
  t.strictSame(world.killed(), ['11:00 policy DeadlineExceeded'])
})

test('18: a tick that waited when the watch was cut and was passed by unseen is unknown, since it may have run', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { ttl: 0 })
  world.runUntil('10:01:50')
  world.isControllerUp = false
  world.runUntil('10:02:05')
  world.isWatched = false
  world.isControllerUp = true
  world.runUntil('10:03:30')
  world.relist()
  world.runUntil('10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 unknown', '10:03 unknown', '10:04 on_time'])
})

test('18: how long a run blocked others is not guessed when it ended unseen', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { policy: 'Forbid', ttl: 0 })
  world.plan = (tick) => ({ startsAfter: 0, runsFor: tick === at('10:02') ? 90 : 0 })
  world.runUntil('10:02:18')
  world.isWatched = false
  world.runUntil('10:04:00')
  world.relist()
  world.runUntil('10:05:30')
  t.notOk(world.ticks().some(({ verdict }) => verdict === 'skipped'))
})

test('18: a Job that is first seen failed, without pods, may have run', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.jobDeadline = 60
  world.plan = () => ({ startsAfter: 2, runsFor: 3000 })
  world.runUntil('10:59')
  world.isWatched = false
  world.runUntil('11:05')
  world.relist()
  world.runUntil('11:06')
  t.strictSame(world.verdicts(), ['11:00 unknown'])
})
