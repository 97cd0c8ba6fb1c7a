// SPDX-License-Identifier: Apache-2.0
import { mock } from 'node:test'
import { startTicker, systemClock } from '@leadline/kit'
import { test } from 'tap'
import { durationBounds } from '../src/duration-bounds.ts'
import type { Result } from '../src/ops.ts'
import { RpcError } from '../src/rpc/member-rpc.ts'
import { HeldUp } from '../src/soundings/held-up.ts'
import { Sounding } from '../src/soundings/sounding.ts'

/** A sounding whose time and whose answers the test gives. */
function rig() {
  let time = 100
  let heldUpSeconds = 0
  let answer = Promise.withResolvers<void>()
  const told: string[] = []
  const sounding = new Sounding({
    call: () => answer.promise,
    timeoutSeconds: 5,
    clock: { now: () => time, unix: () => time + 1e9 },
    heldUp: { totalSeconds: () => heldUpSeconds, begin() {}, end() {} },
    onChange: (result: Result, message: string) => told.push(`${result} ${message}`.trim()),
  })
  const sound = async (seconds: number, error?: Error, held = 0): Promise<void> => {
    answer = Promise.withResolvers()
    const ended = sounding.sound()
    time += seconds
    heldUpSeconds += held
    if (error === undefined) answer.resolve()
    else answer.reject(error)
    await ended
  }
  const pass = (seconds: number, held = 0): void => {
    time += seconds
    heldUpSeconds += held
  }
  return { sounding, sound, pass, told, end: () => answer.resolve() }
}

const refused = new RpcError('unreachable', 'UNAVAILABLE', 'Put at http://h:1: nobody listens')
const late = new RpcError('deadline', 'DEADLINE_EXCEEDED', 'Put at http://h:1: no answer within 5 s')

test('a success is counted, timed and remembered for a minute', async (t) => {
  const { sounding, sound, pass } = rig()
  await sound(0.012)
  const { durations, totals, recent, lastSuccessAt, inFlightSeconds, skipped } = sounding.view()
  t.equal(durations.count, 1)
  t.ok(Math.abs(durations.sum - 0.012) < 1e-9)
  t.equal(new Map(durations.buckets).get(0.01), 0, 'above the guideline of 10 ms')
  t.equal(new Map(durations.buckets).get(0.0125), 1)
  t.strictSame([...totals], [['success', 1]])
  t.equal(recent.length, 1)
  t.match(
    { lastSuccessAt, inFlightSeconds, skipped },
    { lastSuccessAt: 1e9 + 100.012, inFlightSeconds: undefined, skipped: 0 },
  )
  pass(59)
  t.match(sounding.view().recent, [{ result: 'success', begunAgo: 59.012, endedAgo: 59 }])
  pass(2)
  t.strictSame(sounding.view().recent, [])
})

test('a deadline is an observation, another failure is none', async (t) => {
  const { sounding, sound, told } = rig()
  await sound(0.001, refused)
  t.equal(sounding.view().durations.count, 0)
  await sound(5, late)
  await sound(5, late)
  const { durations, totals, lastSuccessAt } = sounding.view()
  t.match(durations, { count: 2, sum: 10 })
  t.strictSame(
    [...totals],
    [
      ['unreachable', 1],
      ['deadline', 2],
    ],
  )
  t.equal(lastSuccessAt, undefined)
  t.strictSame(told, [`unreachable ${refused.message}`, `deadline ${late.message}`], 'told when it changes')
  await sound(0.001, new TypeError('our own fault'))
  t.equal(sounding.view().totals.get('other'), 1)
})

test('one that is under way shows its age, and what is due meanwhile is skipped', async (t) => {
  const { sounding, pass, end } = rig()
  const ended = sounding.sound()
  pass(3)
  await sounding.sound()
  sounding.skip(2)
  t.match(sounding.view(), { inFlightSeconds: 3, skipped: 3 })
  pass(2, 1.5)
  t.equal(sounding.view().inFlightSeconds, 3.5, 'without what the exporter itself was held up')
  end()
  await ended
  t.equal(sounding.view().inFlightSeconds, undefined)
})

test('a sounding in which the exporter was held up counts for nothing', async (t) => {
  const { sounding, sound, told } = rig()
  await sound(2.1, undefined, 2)
  await sound(5, late, 2)
  const { durations, totals, lastSuccessAt } = sounding.view()
  t.equal(durations.count, 0)
  t.strictSame([...totals], [['lagged', 2]])
  t.equal(lastSuccessAt, undefined)
  t.strictSame(told, [])
  await sound(2, undefined, 0.3)
  t.equal(sounding.view().totals.get('success'), 1, 'a fifth is borne')
})

test('a block of the event loop is seen at once, before its timers run, and afterwards', async (t) => {
  const heldUp = new HeldUp(systemClock)
  heldUp.begin()
  heldUp.begin()
  heldUp.end()
  const before = heldUp.totalSeconds()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  const atOnce = heldUp.totalSeconds() - before
  t.ok(atOnce >= 0.27, `${atOnce}`)
  heldUp.end()
  t.ok(heldUp.totalSeconds() - before >= 0.27)
})

test('one hold-up is counted once, however many timers it made late', async (t) => {
  let time = 100
  const heldUp = new HeldUp({ now: () => time, unix: () => time })
  heldUp.ran(99.997)
  t.equal(heldUp.totalSeconds(), 0, 'the lateness of every timer')
  time = 102
  heldUp.ran(100)
  heldUp.ran(100.5)
  heldUp.ran(101.9)
  t.equal(heldUp.totalSeconds(), 2)
  time = 103
  heldUp.ran(101)
  t.equal(heldUp.totalSeconds(), 3, 'what was not counted yet')
})

test('ticks keep to their grid, and those that are missed are told and not made up for', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  let time = 0
  const life = new AbortController()
  const ticks: (readonly [at: number, missed: number])[] = []
  const clock = { now: () => time, unix: () => time }
  const options = { intervalSeconds: 1, phase: 0.25, clock, signal: life.signal }
  startTicker(options, (missed) => ticks.push([time, missed]))
  const advance = (seconds: number): void => {
    time += seconds
    mock.timers.tick(seconds * 1000)
  }
  advance(0.25)
  advance(1)
  advance(3.5)
  advance(0.5)
  t.strictSame(ticks, [
    [0.25, 0],
    [1.25, 0],
    [4.75, 2],
    [5.25, 0],
  ])
  life.abort()
  advance(5)
  t.equal(ticks.length, 4)
})

test('the bounds of durations part the guidelines of 10 and 25 ms from what is just over them', async (t) => {
  for (const guideline of [0.01, 0.025]) {
    const place = durationBounds.findIndex((bound) => bound === guideline)
    t.ok(place > 0 && (durationBounds[place + 1] ?? 1) / guideline < 1.3, `${guideline}`)
  }
})
