// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { RecordingLogger, systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import type { CronJobLagConfig } from '../src/config.ts'
import { settingsOf } from '../src/settings/settings.ts'
import { StateError, type StateStore } from '../src/state/store.ts'
import type { ClusterWatch } from '../src/watching/cluster-watch.ts'
import { Terms } from '../src/watching/terms.ts'
import { World } from './world.ts'

/** Keeps the state as JSON, as the stores do; whose saves and loads fail while the test wants it. */
class MemoryStore implements StateStore {
  readonly place = 'memory'
  json: string | undefined
  saves = 0
  loads = 0
  problem: StateError | undefined
  async load(): Promise<unknown> {
    this.loads++
    if (this.problem) throw this.problem
    return this.json && JSON.parse(this.json)
  }
  async save(state: unknown): Promise<number> {
    this.saves++
    if (this.problem) throw this.problem
    this.json = JSON.stringify(state)
    return this.json.length
  }
}

interface RigOptions {
  readonly store?: MemoryStore
  readonly minimumSeconds?: number
}

/** A replica that watches a simulated cluster, whose judge the world tells of what happens. */
function rig(t: Test, { store, minimumSeconds = 0 }: RigOptions = {}) {
  const world = new World()
  // The replica does it by itself, each second.
  world.advance = () => undefined
  const now: {
    config: CronJobLagConfig
    blindness: string | undefined
    looks: number
    ahead: number
    retellings: number
  } = {
    config: { objective: 90, controller_time_zone: 'UTC', roll_up: 'auto' },
    blindness: undefined,
    looks: 0,
    ahead: 0,
    retellings: 0,
  }
  const config = () => now.config
  const watch: ClusterWatch = {
    settings: settingsOf(() => undefined, config),
    synced: Promise.resolve(),
    follow(judge) {
      world.isWatched = judge !== undefined
      if (judge === undefined) return
      world.judge = judge
      world.relist()
    },
    retell: () => void now.retellings++,
    blindness: () => now.blindness,
    seenUntil() {
      now.looks++
      return world.now
    },
    watches: [],
  }
  const ending = new AbortController()
  const terms = new Terms({
    watch,
    config,
    clusterClock: { now: () => world.now, at: (own) => own },
    keeping: store && { store, minimumSeconds, maximumSeconds: 3600 },
    signal: ending.signal,
    clock: { unix: systemClock.unix, now: () => systemClock.now() + now.ahead },
    log: new RecordingLogger('debug', systemClock.unix),
  })
  t.teardown(async () => {
    await terms.end()
    ending.abort()
  })
  const onTime = (): number => terms.tally?.cronJobs.get('default/backup')?.get('verdict on_time') ?? 0
  return { world, now, terms, onTime }
}

/** One that judges, of which one run is on time and counted. */
async function begun(t: Test, options: RigOptions = {}) {
  const made = rig(t, options)
  const { world, terms, onTime } = made
  world.addCronJob('* * * * *')
  terms.take('active')
  await untilSo('that it judges', () => terms.blindness() === undefined)
  world.runUntil('10:01:10')
  await untilSo('the first run', () => onTime() === 1)
  return made
}

test('before its first term a replica tells nothing, and why', async (t) => {
  const { terms } = rig(t)
  t.equal(terms.blindness(), 'another replica is the active one')
  t.equal(terms.tally, undefined)
  t.equal(terms.cronJobs().size, 0)
  t.equal(terms.saverState(), undefined)
})

test('CronJobs are told again when the config has changed, since their zone may hang on it', async (t) => {
  const { now } = await begun(t)
  t.equal(now.retellings, 0)
  now.config = { ...now.config, controller_time_zone: 'Europe/Berlin' }
  await untilSo('the telling', () => now.retellings > 0)
  t.equal(now.retellings, 1)
})

test('active, standby and active again: it goes on from what was saved, and judges what came between', async (t) => {
  const store = new MemoryStore()
  const { world, terms, onTime } = await begun(t, { store })
  terms.take('standby')
  await untilSo('that it stands by', () => terms.blindness() === 'another replica is the active one')
  t.equal(terms.tally, undefined)
  t.equal(terms.cronJobs().size, 0)
  world.runUntil('10:02:10')
  terms.take('active')
  const told: number[] = []
  await untilSo('the run in between', () => {
    if (terms.tally !== undefined) told.push(onTime())
    return onTime() === 2
  })
  t.ok(
    told.every((count) => count === 1 || count === 2),
    'never less than was told before',
  )
})

test('what waits is told from the first page on', async (t) => {
  const { world, terms } = rig(t)
  world.isControllerUp = false
  world.addCronJob('* * * * *')
  world.runUntil('10:01:30')
  terms.take('active')
  // Not a moment later, as a page that is waited for is served.
  while (terms.cronJobs().size === 0) await setImmediate()
  const [cronJob] = terms.cronJobs().values()
  t.equal(cronJob?.openState(world.now).lagSeconds, 30)
})

test('another replica goes on from what the first has saved', async (t) => {
  const store = new MemoryStore()
  await begun(t, { store })
  const second = rig(t, { store })
  second.world.addCronJob('* * * * *')
  second.terms.take('active')
  await untilSo('that the second judges', () => second.terms.tally !== undefined)
  t.equal(second.onTime(), 1)
})

test('the end saves what is not saved yet, and waits for it', async (t) => {
  const store = new MemoryStore()
  const made = rig(t, { store, minimumSeconds: 3600 })
  made.world.addCronJob('* * * * *')
  made.terms.take('active')
  await untilSo('the first save', () => store.saves === 1)
  made.world.runUntil('10:01:10')
  await untilSo('a verdict that is not saved', () => (made.terms.saverState()?.unsavedSeconds ?? 0) > 0)
  t.equal(made.onTime(), 0, 'what is not saved is not told')
  await made.terms.end()
  t.equal(store.saves, 2)
  t.match(store.json, /"verdict on_time",1/)
  await made.terms.end()
  t.equal(store.saves, 2, 'once')
})

test('who loses the Lease saves nothing any more', async (t) => {
  const store = new MemoryStore()
  const { world, terms } = rig(t, { store, minimumSeconds: 3600 })
  world.addCronJob('* * * * *')
  terms.take('active')
  await untilSo('the first save', () => store.saves === 1)
  world.runUntil('10:01:10')
  await untilSo('a verdict that is not saved', () => (terms.saverState()?.unsavedSeconds ?? 0) > 0)
  terms.take('unknown')
  await terms.end()
  t.equal(store.saves, 1)
})

test('a state that can not be loaded yet is waited for, and no verdict is given meanwhile', async (t) => {
  const store = new MemoryStore()
  store.problem = new StateError('place', 'memory is away')
  const { world, terms } = rig(t, { store })
  world.addCronJob('* * * * *')
  terms.take('active')
  await untilSo('an attempt', () => store.loads === 1)
  t.equal(terms.blindness(), 'the saved state is not loaded yet')
  t.equal(terms.tally, undefined)
  store.problem = undefined
  await untilSo('that it judges', () => terms.blindness() === undefined)
  t.equal(store.loads, 2)
})

test('a state that can not be understood is begun anew', async (t) => {
  const store = new MemoryStore()
  store.problem = new StateError('unreadable', 'memory is torn')
  const { world, terms, onTime } = rig(t, { store })
  world.addCronJob('* * * * *')
  terms.take('active')
  await untilSo('that it judges', () => terms.blindness() === undefined)
  store.problem = undefined
  world.runUntil('10:01:10')
  await untilSo('the first run', () => onTime() === 1)
  t.ok(store.json, 'it is saved again')
})

test('no verdict is given while the watches are blind, and all of them afterwards', async (t) => {
  const { world, now, terms, onTime } = await begun(t)
  now.blindness = 'pods are not seen as they are now'
  t.equal(terms.blindness(), now.blindness)
  world.runUntil('10:03:10')
  const { looks } = now
  await untilSo('two looks', () => now.looks === looks + 2)
  t.equal(onTime(), 1)
  now.blindness = undefined
  await untilSo('the two runs', () => onTime() === 3)
})

test('histograms go on when a config with another objective is loaded', async (t) => {
  const { world, now, terms, onTime } = await begun(t, { store: new MemoryStore() })
  now.config = { ...now.config, objective: 45 }
  world.runUntil('10:02:10')
  await untilSo('the second run', () => onTime() === 2)
  t.equal(terms.tally?.delays.get('default')?.value().count, 2)
})

test('a deleted CronJob is known no more, and what was counted of it goes some minutes later', async (t) => {
  const { world, now, terms, onTime } = await begun(t)
  for (const cronJob of world.cronJobs.values()) world.deleteCronJob(cronJob)
  t.equal(terms.cronJobs().size, 0)
  t.equal(onTime(), 1)
  now.ahead = 301
  await untilSo('that it is forgotten', () => onTime() === 0)
  t.equal(terms.tally?.namespaces.size, 0)
})
