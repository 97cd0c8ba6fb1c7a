// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { createJudge } from '../src/judge/judge.ts'
import { usualOptions } from '../src/judge/options.ts'
import { readCronJob } from '../src/objects/cron-job.ts'
import { readSchedule } from '../src/schedule.ts'
import { at, scheduleFor, World } from './world.ts'
import { cronJobObject } from './world-objects.ts'

test('10: an impossible, an unreadable and a zoneless schedule are invalid, and nothing is ever due', async (t) => {
  const world = new World()
  const base = world.addCronJob('* * * * *')
  const expected = [
    ['0 0 31 2 *', undefined, 'impossible'],
    ['0 0 * * 7', undefined, 'unparseable'],
    ['0 0 * * *', 'Mars/Olympus', 'unknown_zone'],
  ] as const
  for (const [text, timeZone, reason] of expected) {
    const judge = createJudge({
      ...usualOptions,
      scheduleOf: (one) => readSchedule(one.schedule, one.timeZone),
      objectiveSecondsOf: () => 1200,
    })
    judge.cronJobs.replace([readCronJob(cronJobObject({ ...base, text, timeZone }))], world.now)
    t.strictSame(judge.advance(world.now + 400 * 86_400), [])
    t.strictSame(
      judge
        .known()
        .get(base.uid)
        ?.openState(world.now + 400 * 86_400),
      {
        lagSeconds: 0,
        cause: undefined,
        heldSeconds: undefined,
        nextTick: undefined,
        isSuspended: false,
        invalid: reason,
      },
    )
  }
})

test('10: a schedule that is mended is followed from then on', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('0 0 31 2 *')
  world.runUntil('10:05:30')
  t.equal(world.open().invalid, 'impossible')
  world.editCronJob(cronJob, { text: '* * * * *' })
  world.runUntil('10:06:30')
  t.equal(world.open().invalid, undefined)
  t.strictSame(world.verdicts(), ['10:06 on_time'])
})

/** When and how `30 2 * * *` in Berlin ran in the night before a day; months from 0. */
function night(year: number, month: number, day: number): readonly (readonly [string, string])[] {
  const world = new World(Date.UTC(year, month, day - 1, 22) / 1000)
  world.addCronJob('30 2 * * *', { timeZone: 'Europe/Berlin' })
  world.runUntil(world.now + 6 * 3600)
  return world.ticks().map(({ tick, verdict }) => [new Date(tick * 1000).toISOString().slice(11, 16), verdict])
}

test('11: clocks put forward leave a tick out, clocks put back run it twice', async (t) => {
  t.strictSame(night(2026, 2, 29), [])
  t.strictSame(night(2026, 9, 25), [
    ['00:30', 'on_time'],
    ['01:30', 'on_time'],
  ])
})

test('12: of two ticks of @every within a minute the second has no name left', async (t) => {
  const world = new World(at('10:00:19'))
  world.addCronJob('@every 30s', { keeps: { succeeded: 9, failed: 9 } })
  world.runUntil('10:04')
  t.strictSame(world.verdicts(), [
    '10:00:49 on_time',
    '10:01:19 on_time',
    '10:01:49 lost name_clash',
    '10:02:19 on_time',
    '10:02:49 lost name_clash',
    '10:03:19 on_time',
  ])
})

test('12: @every is followed by a controller whose clock is ahead', async (t) => {
  const world = new World()
  world.controllerAhead = 2
  world.addCronJob('@every 1m')
  world.runUntil('10:03:35')
  t.strictSame(world.verdicts(), ['10:01:30 on_time', '10:02:30 on_time', '10:03:30 on_time'])
})

test('12: @every goes on from the last run after the controller was down', async (t) => {
  const world = new World()
  world.addCronJob('@every 7m')
  world.runUntil('10:10')
  world.isControllerUp = false
  world.runUntil('10:27')
  world.isControllerUp = true
  world.runUntil('10:36')
  t.strictSame(world.verdicts(), [
    '10:07:30 on_time',
    '10:14:30 lost superseded',
    '10:21:30 on_time',
    '10:28:30 on_time',
    '10:35:30 on_time',
  ])
})

test('12: @every falls out of step when its deadline passes, and is followed', async (t) => {
  const world = new World()
  world.addCronJob('@every 1m', { deadline: 90 })
  world.runUntil('10:01:40')
  world.isControllerUp = false
  world.runUntil('10:06:19')
  world.isControllerUp = true
  world.runUntil('10:08:30')
  t.strictSame(world.verdicts(), [
    '10:01:30 on_time',
    '10:02:30 lost deadline',
    '10:03:30 lost deadline',
    '10:04:30 lost deadline',
    '10:05:30 lost superseded',
    '10:06:50 on_time',
    '10:07:50 on_time',
  ])
})

test('12: a tick of @every that falls out of step in its minute has no name taken, it is superseded', async (t) => {
  const world = new World()
  world.addCronJob('@every 1m', { deadline: 90 })
  world.runUntil('10:01:40')
  world.isControllerUp = false
  world.runUntil('10:03:44')
  world.isControllerUp = true
  world.runUntil('10:05:30')
  t.ok([...world.jobs.values()].some(({ tick }) => tick === at('10:03:15')))
  t.strictSame(world.verdicts(), [
    '10:01:30 on_time',
    '10:02:30 lost superseded',
    '10:03:30 lost superseded',
    '10:04:15 on_time',
    '10:05:15 on_time',
  ])
})

test('12: @every with a shorter deadline than its delay never runs, and each tick is lost', async (t) => {
  const world = new World()
  world.addCronJob('@every 2m', { deadline: 60 })
  world.runUntil('10:07')
  t.equal(world.jobs.size, 0)
  t.strictSame(world.verdicts(), ['10:02:30 lost deadline', '10:04:30 lost deadline'])
})

test('the schedule that the judge asks is that of Kubernetes', async (t) => {
  t.equal(scheduleFor('0 0 13 * 5').next(at('10:00')), Date.UTC(2026, 8, 4) / 1000)
  t.equal(scheduleFor('@every 90s').delaySeconds, 90)
})
