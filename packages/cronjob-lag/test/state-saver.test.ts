// SPDX-License-Identifier: Apache-2.0
import { lint, type MetricTable, RecordingLogger, systemClock } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { stateCollector, stateMetrics } from '../src/collectors/state.ts'
import { type Saver, saver } from '../src/state/saver.ts'
import type { StateStore } from '../src/state/store.ts'

/** A store of which each save ends as the test wants it. */
class HeldStore implements StateStore {
  readonly place = 'file /held'
  readonly begun: unknown[] = []
  readonly held: { resolve(size: number): void; reject(error: Error): void }[] = []
  load(): Promise<unknown> {
    return Promise.resolve(undefined)
  }
  save(state: unknown): Promise<number> {
    this.begun.push(state)
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    this.held.push({ resolve, reject })
    return promise
  }
}

interface Rig extends Saver {
  readonly store: HeldStore
  readonly log: RecordingLogger
  readonly saved: readonly number[]
  /** What the state is now. */
  value: number
  readonly ending: AbortController
}

function rig(t: Test, minimumSeconds = 0.02): Rig {
  const store = new HeldStore()
  const log = new RecordingLogger('debug', systemClock.unix)
  const ending = new AbortController()
  t.teardown(() => ending.abort())
  const saved: number[] = []
  const made = { store, log, saved, value: 1, ending }
  const options = { clock: systemClock, log, signal: ending.signal, minimumSeconds }
  return Object.assign(made, saver(store, { ...options, snapshot: () => made.value, saved: (one) => saved.push(one) }))
}

function begun({ store }: Rig, count: number): Promise<void> {
  return untilSo(`save ${count}`, () => store.begun.length === count)
}

test('one save at a time, of the newest state, and told when it is durable', async (t) => {
  const one = rig(t)
  t.strictSame(one.state(), {
    lastSavedAt: undefined,
    unsavedSeconds: 0,
    failures: 0,
    problem: undefined,
    sizeBytes: undefined,
  })
  one.changed()
  await begun(one, 1)
  for (one.value = 2; one.value < 9; one.value++) one.changed()
  t.strictSame(one.saved, [])
  t.ok(one.state().unsavedSeconds >= 0)
  one.store.held[0]?.resolve(100)
  await begun(one, 2)
  t.strictSame(one.store.begun, [1, 9])
  t.strictSame(one.saved, [1])
  one.store.held[1]?.resolve(200)
  await untilSo('the second', () => one.saved.length === 2)
  const { lastSavedAt = 0, ...state } = one.state()
  t.ok(Math.abs(lastSavedAt - systemClock.unix()) < 5)
  t.strictSame(state, { unsavedSeconds: 0, failures: 0, problem: undefined, sizeBytes: 200 })
  t.strictSame(one.log.records, [])
})

test('saves begin no closer together than they should', async (t) => {
  const one = rig(t, 0.3)
  one.changed()
  await begun(one, 1)
  const from = performance.now()
  one.store.held[0]?.resolve(1)
  await untilSo('the first', () => one.saved.length === 1)
  one.changed()
  await begun(one, 2)
  t.ok(performance.now() - from > 250)
})

test('what fails is tried again with growing waits, and logged when it begins, changes and ends', async (t) => {
  const one = rig(t)
  const messages = ['disk full', 'disk full', 'disk gone']
  const times: number[] = []
  one.changed()
  for (const [i, message] of messages.entries()) {
    await begun(one, i + 1)
    times.push(performance.now())
    one.store.held[i]?.reject(new Error(message))
  }
  await begun(one, 4)
  times.push(performance.now())
  const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0))
  t.ok((waits[0] ?? 0) > 15 && (waits[1] ?? 0) > 35 && (waits[2] ?? 0) > 75, waits.join(' '))
  t.match(one.state(), { failures: 3, problem: 'disk gone' })
  t.ok(one.state().unsavedSeconds > 0.1)
  t.strictSame(one.saved, [])
  one.store.held[3]?.resolve(1)
  await untilSo('success', () => one.saved.length === 1)
  t.match(one.state(), { failures: 3, problem: undefined, unsavedSeconds: 0 })
  t.strictSame(
    one.log.records.map(({ level, message, fields }) => ({ level, message, ...fields })),
    [
      { level: 'warn', message: 'State could not be saved', place: 'file /held', err: 'disk full' },
      { level: 'warn', message: 'State could not be saved', place: 'file /held', err: 'disk gone' },
      { level: 'info', message: 'State is saved again', place: 'file /held' },
    ],
  )
})

test('a flush waits for the save under way, saves what came after it, and is the last', async (t) => {
  const one = rig(t, 60)
  one.changed()
  await begun(one, 1)
  one.value = 2
  one.changed()
  const flushed = one.flush(5)
  one.store.held[0]?.resolve(1)
  await begun(one, 2)
  one.store.held[1]?.resolve(1)
  t.equal(await flushed, true)
  t.strictSame(one.saved, [1, 2])
  t.equal(await one.flush(5), true)
  one.changed()
  t.equal(one.store.begun.length, 2)
})

test('a flush saves after the signal, and gives up at its timeout', async (t) => {
  const one = rig(t, 60)
  one.ending.abort()
  one.changed()
  t.equal(one.store.begun.length, 0)
  const begin = performance.now()
  t.equal(await one.flush(0.05), false)
  t.ok(performance.now() - begin < 2000)
  t.strictSame(one.store.begun, [1])
  t.match(one.log.records, [
    { level: 'warn', message: 'State was not saved before the end, and stays as of the last save' },
  ])
})

function fail(): never {
  throw new Error('no snapshot')
}

test('a snapshot that throws is a failure like any other', async (t) => {
  const { signal } = new AbortController()
  const log = new RecordingLogger('debug', systemClock.unix)
  const one = saver(new HeldStore(), { snapshot: fail, minimumSeconds: 60, signal, clock: systemClock, log })
  one.changed()
  t.equal(await one.flush(1), false)
  t.equal(one.state().problem, 'no snapshot')
})

test('the collector tells how the saving fares, and not what is not known', async (t) => {
  t.strictSame(lint(stateMetrics as MetricTable), [])
  const one = rig(t)
  const collector = stateCollector(() => one.state())
  t.strictSame((await runOnce(collector)).values, {
    cronjob_state_unsaved_seconds: 0,
    cronjob_state_save_failures_total: 0,
  })
  one.changed()
  await begun(one, 1)
  one.store.held[0]?.reject(new Error('no'))
  await begun(one, 2)
  t.ok(((await runOnce(collector)).values['cronjob_state_unsaved_seconds'] ?? 0) > 0)
  one.store.held[1]?.resolve(77)
  await untilSo('the save', () => one.saved.length === 1)
  const { cronjob_state_saved_timestamp_seconds: savedAt = 0, ...rest } = (await runOnce(collector)).values
  t.ok(Math.abs(savedAt - systemClock.unix()) < 5)
  t.strictSame(rest, {
    cronjob_state_unsaved_seconds: 0,
    cronjob_state_save_failures_total: 1,
    cronjob_state_size_bytes: 77,
  })
})
