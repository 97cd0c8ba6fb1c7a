// SPDX-License-Identifier: Apache-2.0
import { ApiError, type Cluster } from '@leadline/kube'
import { test } from 'tap'
import type { PendingPodConfig } from '../src/config.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import { createLeftTally } from '../src/left-tally.ts'
import type { PendingWatch } from '../src/watching/pending-watch.ts'
import { createTerm } from '../src/watching/term.ts'
import { createThresholds } from '../src/watching/thresholds.ts'
import { atWork, condition, type PodParts, pod, waits } from './objects.ts'

/** Lets what was begun happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A replica whose watch the test plays, at 1500 by the API server's clock; every look-up finds nothing. */
function rig() {
  const now: { config: PendingPodConfig; blindness: string | undefined; version: object; asked: string[] } = {
    config: { threshold: 300, stuck: 20 },
    blindness: undefined,
    version: { major: '1', minor: '36' },
    asked: [],
  }
  const synced = Promise.withResolvers<void>()
  const thresholds = createThresholds(() => undefined)
  const tally = createLeftTally()
  let followed: { readonly ledger: Ledger; readonly told: () => void } | undefined
  const watch: PendingWatch = {
    thresholds,
    synced: synced.promise,
    follow(ledger, told) {
      followed = ledger && { ledger, told }
    },
    unclassifiedMessages: () => 0,
    blindness: () => now.blindness,
    watches: [],
  }
  const cluster: Pick<Cluster, 'get'> = {
    get(path) {
      if (path === '/version') return Promise.resolve(now.version)
      now.asked.push(path)
      return Promise.reject(new ApiError('not_found', 'gone'))
    },
  }
  const term = createTerm({
    cluster: cluster as Cluster,
    clusterClock: { now: () => 1500, at: (own) => own },
    watch,
    tally,
    config: () => now.config,
  })
  return {
    now,
    term,
    tally,
    thresholds,
    sync: () => synced.resolve(),
    /** The watch tells of a pod, or of its end. */
    tell: (what: 'set' | 'delete', name: string, createdAt = 1000, parts: PodParts = {}): void => {
      followed?.ledger.pods[what](pod({ uid: name, name, createdAt, ...parts }), 1400)
      followed?.told()
    },
    isFollowed: () => followed !== undefined,
  }
}

const overOf = (ledger: Ledger | undefined) => ledger?.summarise(1500).groups[0]?.overThreshold

test('a term begins with the first sight of the pods', async (t) => {
  const { term, sync, isFollowed } = rig()
  t.match(term.blindness(), /another replica is the active one/)
  term.take('active')
  await settle()
  t.strictSame([term.ledger(), isFollowed(), term.blindness()], [undefined, false, undefined])
  sync()
  await settle()
  t.ok(term.ledger())
  t.ok(isFollowed())
})

test('one that ends before the first sight leaves nothing', async (t) => {
  const { term, sync, isFollowed } = rig()
  term.take('active')
  term.take('unknown')
  sync()
  await settle()
  t.strictSame([term.ledger(), isFollowed()], [undefined, false])
  t.match(term.blindness(), /another replica/)
})

test('pods that leave are looked up and counted, and a new term goes on with the counts', async (t) => {
  const { term, tally, sync, tell, now } = rig()
  sync()
  term.take('active')
  await settle()
  const first = term.ledger()
  term.take('active')
  t.equal(term.ledger(), first, 'the same term')
  tell('set', 'a')
  tell('delete', 'a')
  await settle()
  t.strictSame(now.asked, ['/api/v1/namespaces/shop/pods/a'])
  t.equal(tally.left.get('shop')?.get('deleted'), 1)
  term.take('standby')
  t.equal(term.ledger(), undefined)
  tell('set', 'b')
  term.take('active')
  await settle()
  t.not(term.ledger(), first)
  t.equal(term.ledger()?.size, 0, 'what waits is what the watch tells now')
  tell('set', 'c')
  tell('delete', 'c')
  await settle()
  t.equal(tally.left.get('shop')?.get('deleted'), 2)
})

test('what a look-up finds after the end of its term is not counted', async (t) => {
  const { term, tally, sync, tell, now } = rig()
  sync()
  term.take('active')
  await settle()
  tell('set', 'a')
  tell('delete', 'a')
  term.take('standby')
  await settle()
  t.equal(now.asked.length, 1)
  t.equal(tally.left.get('shop'), undefined)
})

test('the threshold of the namespace goes before that of the config, and both count as they are now', async (t) => {
  const { term, sync, tell, now, thresholds } = rig()
  sync()
  term.take('active')
  await settle()
  tell('set', 'a', 1100)
  t.equal(overOf(term.ledger()), 1, '400 s and 300')
  now.config = { threshold: 600, stuck: 20 }
  t.equal(overOf(term.ledger()), 0)
  thresholds.consumer.onSet({ name: 'shop', threshold: '1m' }, undefined)
  t.equal(overOf(term.ledger()), 1)
  thresholds.consumer.onSet({ name: 'shop', threshold: 'soon' }, undefined)
  t.equal(overOf(term.ledger()), 0)
})

test('so many pods are named as the config says now', async (t) => {
  const { term, sync, tell, now } = rig()
  sync()
  term.take('active')
  await settle()
  for (const name of ['a', 'b', 'c']) tell('set', name)
  t.equal(term.ledger()?.summarise(1500).stuck.length, 3)
  now.config = { threshold: 300, stuck: 2 }
  t.equal(term.ledger()?.summarise(1500).stuck.length, 2)
  now.config = { threshold: 300, stuck: 0 }
  t.equal(term.ledger()?.summarise(1500).stuck.length, 0)
})

for (const [minor, cause] of [
  ['36', 'sandbox_network'],
  ['37+', 'sandbox_network'],
  ['35', 'starting'],
  ['', 'starting'],
] as const) {
  test(`a pod without a ready sandbox is ${cause} by kubelets of Kubernetes 1.${minor}`, async (t) => {
    const { term, sync, tell, now } = rig()
    now.version = { major: '1', minor }
    sync()
    term.take('active')
    await settle()
    const conditions = [condition('PodReadyToStartContainers', false), condition('Initialized', true)]
    tell('set', 'a', 1000, atWork([waits('ContainerCreating')], { conditions }))
    t.equal(term.ledger()?.summarise(1500).groups[0]?.cause, cause)
  })
}

test('an active replica is as blind as its watch', async (t) => {
  const { term, now } = rig()
  term.take('active')
  now.blindness = 'pods are not seen'
  t.equal(term.blindness(), 'pods are not seen')
})
