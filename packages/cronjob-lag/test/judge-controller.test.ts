// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { at, World } from './world.ts'

/** A world with its controller down from one time of the day to another. */
function downBetween(world: World, from: string, to: string): void {
  world.runUntil(from)
  world.isControllerUp = false
  world.runUntil(to)
  world.isControllerUp = true
}

test('a controller on time: each run is on time', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  world.runUntil('10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:03 on_time', '10:04 on_time'])
  t.equal(world.ticks()[0]?.startedAt, at('10:01:02'))
  t.strictSame(world.open(), {
    lagSeconds: 0,
    cause: undefined,
    heldSeconds: undefined,
    nextTick: at('10:05'),
    isSuspended: false,
    invalid: undefined,
  })
})

test('1: a tick whose deadline passes while the controller is down is lost, once, and the next are good', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *', { deadline: 10 })
  downBetween(world, '10:01:50', '10:02:20')
  t.equal(world.open().lagSeconds, 20)
  t.strictSame(world.verdicts(), ['10:01 on_time'], 'no verdict before it is settled')
  world.runUntil('10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 lost deadline', '10:03 on_time', '10:04 on_time'])
})

test('2: the same without a deadline is a late start, on time within the objective', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  downBetween(world, '10:01:50', '10:02:26')
  world.runUntil('10:03:30')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 on_time', '10:03 on_time'])
  t.equal(world.ticks()[1]?.startedAt, at('10:02:29'))
})

test('3: of three ticks while the controller is down the newest runs and the others are superseded', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  downBetween(world, '10:01:50', '10:04:30')
  t.strictSame(world.verdicts(), ['10:01 on_time'])
  world.runUntil('10:05:30')
  t.strictSame(world.verdicts(), [
    '10:01 on_time',
    '10:02 lost superseded',
    '10:03 lost superseded',
    '10:04 on_time',
    '10:05 on_time',
  ])
})

test('4: the lag climbs while nothing is created', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.isControllerUp = false
  world.runUntil('11:25')
  const { lagSeconds, cause } = world.open()
  t.strictSame({ lagSeconds, cause }, { lagSeconds: 1500, cause: 'not_created' })
  world.isControllerUp = true
  world.runUntil('11:26')
  t.strictSame(world.verdicts(), ['11:00 late'])
  t.equal(world.open().lagSeconds, 0)
})

test('15: a refused Job is created by a later retry, and the lag is measured all the while', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('0 * * * *')
  world.runUntil('10:59')
  world.refusesJobs = true
  world.runUntil('11:12')
  world.judge.noteRefused(cronJob.uid, world.now)
  const { lagSeconds, cause } = world.open()
  t.strictSame({ lagSeconds, cause }, { lagSeconds: 720, cause: 'create_refused' })
  world.refusesJobs = false
  world.runUntil('11:40')
  t.strictSame(world.verdicts(), ['11:00 late'])
  t.ok((world.ticks()[0]?.createdAt ?? 0) > at('11:20'), 'by the controller that backs off ever longer')
})

test('a run that is refused until the next one comes is lost for it', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *')
  world.refusesJobs = true
  world.runUntil('10:15')
  world.judge.noteRefused(cronJob.uid, world.now)
  world.runUntil('10:20')
  world.refusesJobs = false
  world.runUntil('10:40:30')
  t.equal(world.verdicts()[0], '10:10 lost create_refused')
})

test('15: a refusal that is heard before its tick was opened, once and never again, counts', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *', { deadline: 10 })
  world.refusesJobs = true
  world.runUntil('10:09:59')
  world.judge.noteRefused(cronJob.uid, at('10:10'))
  world.runUntil('10:11')
  t.strictSame(world.verdicts(), ['10:10 lost create_refused'])
  world.runUntil('10:21')
  t.strictSame(world.verdicts(), ['10:10 lost create_refused', '10:20 lost deadline'], 'but not for later ticks')
})

test('15: a refusal that was heard while nobody judged counts for the tick that is opened then', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('*/10 * * * *', { deadline: 10 })
  world.refusesJobs = true
  world.runUntil('10:09')
  const saved = world.judge.save()
  world.isWatched = false
  world.runUntil('10:10:30')
  world.restart(saved)
  world.judge.noteRefused(cronJob.uid, at('10:10:05'))
  world.runUntil('10:11')
  t.strictSame(world.verdicts(), ['10:10 lost create_refused'])
})

test('a clock that was ahead and is set back leaves the ticks until then without a run', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  world.runUntil('10:01:30')
  world.controllerAhead = 180
  world.runUntil('10:01:35')
  world.controllerAhead = 0
  world.runUntil('10:02:20')
  t.strictSame(world.verdicts(), ['10:01 on_time', '10:02 lost superseded'])
  world.runUntil('10:06:30')
  t.strictSame(world.verdicts(), [
    '10:01 on_time',
    '10:02 lost superseded',
    '10:03 lost superseded',
    '10:04 on_time',
    '10:05 on_time',
    '10:06 on_time',
  ])
})

test('more ticks than are kept open are lost, but for the oldest and the newest', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  world.isControllerUp = false
  world.runUntil('11:45:30')
  t.equal(world.ticks().length, 5)
  t.equal(world.verdicts()[0], '10:02 lost superseded')
  t.equal(world.open().lagSeconds, at('11:45:30') - at('10:01'))
  world.isControllerUp = true
  world.runUntil('11:46:30')
  t.equal(world.ticks().length, 106)
  t.strictSame(world.verdicts().slice(-2), ['11:45 on_time', '11:46 on_time'])
})
