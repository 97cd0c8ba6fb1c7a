// SPDX-License-Identifier: Apache-2.0
import { RecordingLogger, systemClock } from '@leadline/kit'
import { ApiError, type WatchState, watchFailures } from '@leadline/kube'
import { test } from 'tap'
import { allOf } from '../src/watching/all-of.ts'
import { createLetThrough } from '../src/watching/let-through.ts'
import { startLooking } from '../src/watching/look-up.ts'
import { createThresholds, readNamespace, thresholdKey } from '../src/watching/thresholds.ts'
import { noteUnclassified } from '../src/watching/unclassified.ts'
import { ledgerRig } from './ledger-rig.ts'
import { atWork, pod, rawPod, refused, runs } from './objects.ts'

const failures = Object.fromEntries(watchFailures.map((one) => [one, 0])) as WatchState['failures']
const steady: WatchState = {
  kind: 'pods',
  isSynced: true,
  isStale: false,
  seenUntil: 100,
  lastEventAt: 90,
  lastBookmarkAt: undefined,
  lastListSeconds: 0.5,
  relists: 1,
  reconnects: 2,
  failures: { ...failures, gone: 1 },
  objects: 5,
  unreadableObjects: 1,
  problem: undefined,
}
const watchOf = (state: Partial<WatchState>) => ({ state: () => ({ ...steady, ...state }) })

test('several watches are as true as the least true of them, and as busy as all', async (t) => {
  t.strictSame(allOf([watchOf({})]).state(), steady, 'one is as it is')
  const both = allOf([
    watchOf({}),
    watchOf({ isStale: true, seenUntil: 60, lastEventAt: 95, lastBookmarkAt: 80, problem: 'no answer' }),
    watchOf({ lastEventAt: undefined, lastListSeconds: 2 }),
  ]).state()
  t.strictSame(both, {
    kind: 'pods',
    isSynced: true,
    isStale: true,
    seenUntil: 60,
    lastEventAt: 95,
    lastBookmarkAt: 80,
    lastListSeconds: 2,
    relists: 3,
    reconnects: 6,
    failures: { ...failures, gone: 3 },
    objects: 15,
    unreadableObjects: 3,
    problem: 'no answer',
  })
})

test('one that has no whole set yet makes none of them all', async (t) => {
  t.match(allOf([watchOf({}), watchOf({ isSynced: false, isStale: true, seenUntil: undefined })]).state(), {
    isSynced: false,
    isStale: true,
    seenUntil: undefined,
  })
})

/** The metadata of a namespace as it is read. */
const namespace = (name: string, annotation?: string, label?: string) =>
  readNamespace({
    metadata: {
      name,
      uid: name,
      resourceVersion: '1',
      ...(annotation !== undefined && { annotations: { [thresholdKey]: annotation } }),
      ...(label !== undefined && { labels: { [thresholdKey]: label } }),
    },
  })

test('the threshold of a namespace is its annotation, else its label', async (t) => {
  const thresholds = createThresholds(() => undefined)
  const all = [namespace('both', '10m', '1m'), namespace('label', undefined, '90s'), namespace('none')]
  thresholds.consumer.onReplace(new Map(all.map((one) => [one.name, one])), new Map())
  t.strictSame(
    [thresholds.of('both'), thresholds.of('label'), thresholds.of('none'), thresholds.of('unheard')],
    [600, 90, undefined, undefined],
  )
  t.strictSame(thresholds.mistakes(), [])
})

test('a threshold that says nothing that counts is a mistake until it is mended', async (t) => {
  const thresholds = createThresholds(() => undefined)
  for (const text of ['soon', '', '0s', '25h', '-5m', '1d']) {
    thresholds.consumer.onSet(namespace('shop', text), undefined)
    t.strictSame([thresholds.of('shop'), thresholds.mistakes()], [undefined, ['shop']], text)
  }
  for (const [text, seconds] of [
    ['1s', 1],
    ['24h', 86_400],
    ['1h30m', 5400],
  ] as const) {
    thresholds.consumer.onSet(namespace('shop', text), undefined)
    t.strictSame([thresholds.of('shop'), thresholds.mistakes()], [seconds, []], text)
  }
})

test('a namespace that is gone, or has its threshold no more, has none', async (t) => {
  const gone: string[] = []
  const thresholds = createThresholds((name) => gone.push(name))
  for (const name of ['a', 'b', 'c'])
    thresholds.consumer.onSet(namespace(name, name === 'c' ? 'soon' : '1m'), undefined)
  thresholds.consumer.onSet(namespace('a'), namespace('a', '1m'))
  thresholds.consumer.onDelete(namespace('b', '1m'))
  t.strictSame([thresholds.of('a'), thresholds.of('b'), thresholds.mistakes()], [undefined, undefined, ['c']])
  const [a, c] = [namespace('a'), namespace('c', 'soon')]
  thresholds.consumer.onReplace(
    new Map([['a', a]]),
    new Map([
      ['a', a],
      ['c', c],
    ]),
  )
  t.strictSame(thresholds.mistakes(), [])
  t.strictSame(gone, ['b', 'c'], 'and who goes by its name is told')
})

test('the moment at which gates went is kept for as long as the pod waits', async (t) => {
  const letThrough = createLetThrough()
  const gated = pod({ spec: { schedulingGates: [{ name: 'g' }] } })
  const sinceOf = () => {
    const { ledger } = ledgerRig()
    letThrough.tell(ledger, pod(), 9000)
    return Array.from(ledger.waiting(), ({ since }) => since)
  }
  letThrough.note(gated, undefined, 1001)
  t.strictSame(sinceOf(), [1000])
  letThrough.note(pod(), gated, 5000)
  letThrough.note(pod(), pod(), 6000)
  t.strictSame(sinceOf(), [5000])
  letThrough.forget('u1')
  t.strictSame(sinceOf(), [1000])
})

/** A pod of this name that a scheduler has refused so. */
const told = (name: string, message: string) => pod({ name, uid: name, conditions: [refused(message)] })

test('a message that is not understood counts once for each pod that gets it, and is logged once of its kind', async (t) => {
  const log = new RecordingLogger('debug', systemClock.unix)
  const unclassified = noteUnclassified(log)
  const first = told('a', 'queue root.shop has 3 of 10 left')
  unclassified.note(first, undefined)
  unclassified.note(first, first)
  t.equal(unclassified.count(), 1, 'the same message of the same pod')
  unclassified.note(told('b', 'queue root.shop has 2 of 10 left'), undefined)
  unclassified.note(told('a', 'queue root.shop has 1 of 10 left'), first)
  t.equal(unclassified.count(), 3)
  t.match(log.records, [
    { level: 'warn', fields: { namespace: 'shop', pod: 'a', message: 'queue root.shop has 3 of 10 left' } },
  ])
  t.equal(log.records.length, 1)
  unclassified.note(told('c', '0/3 nodes are available: 3 Insufficient cpu.'), undefined)
  unclassified.note(pod(), undefined)
  t.equal(unclassified.count(), 3, 'one that is understood, and a pod without any')
})

test('no more than 50 kinds of messages are logged, and all are counted', async (t) => {
  const log = new RecordingLogger('debug', systemClock.unix)
  const unclassified = noteUnclassified(log)
  for (let i = 0; i < 80; i++) {
    const message = `blocked by ${'x'.repeat(i + 1)}`
    unclassified.note(pod({ uid: `u${i}`, conditions: [refused(message)] }), undefined)
  }
  t.strictSame([log.records.length, unclassified.count()], [50, 80])
})

/** Lets what an answer brings about happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A cluster whose answers the test gives, and pods that have left the watch at 1010. */
function lookingRig(names: readonly string[]) {
  const rig = ledgerRig()
  for (const name of names) rig.ledger.pods.set(pod({ uid: name, name }), 1001)
  for (const name of names) rig.ledger.pods.delete(pod({ uid: name, name }), 1010)
  const asked: { readonly path: string; readonly answer: PromiseWithResolvers<unknown> }[] = []
  const ending = new AbortController()
  const cluster = {
    get(path: string) {
      const answer = Promise.withResolvers<unknown>()
      asked.push({ path, answer })
      return answer.promise
    },
  }
  const looking = startLooking({ cluster, ledger: rig.ledger, now: () => 1011, signal: ending.signal })
  return { ...rig, asked, ending, looking }
}

test('a pod that left is asked for once, and what it is says how', async (t) => {
  const { asked, looking, outcomes } = lookingRig(['a', 'b', 'c', 'd', 'e'])
  t.equal(asked.length, 0, 'nothing before it is told to go')
  looking.go()
  looking.go()
  t.strictSame(
    asked.map(({ path }) => path),
    ['a', 'b', 'c', 'd', 'e'].map((name) => `/api/v1/namespaces/shop/pods/${name}`),
  )
  const [a, b, c, d, e] = asked.map(({ answer }) => answer)
  a?.resolve(rawPod({ uid: 'a', name: 'a', ...atWork([runs(1009)], { status: { phase: 'Running' } }) }))
  b?.reject(new ApiError('not_found', 'gone'))
  c?.reject(new ApiError('throttled', 'later'))
  d?.resolve({ kind: 'Pod' })
  e?.resolve(rawPod({ uid: 'another', name: 'e' }))
  await settle()
  t.strictSame(outcomes().toSorted(), ['a started', 'b deleted', 'c unknown', 'd unknown', 'e deleted'])
  looking.go()
  t.equal(asked.length, 5)
})

test('8 are asked for at a time, and the next when one is answered', async (t) => {
  const names = Array.from({ length: 20 }, (_, i) => `p${i}`)
  const { asked, looking, ledger, leavings } = lookingRig(names)
  looking.go()
  t.strictSame([asked.length, ledger.lookUps], [8, 20])
  asked[3]?.answer.reject(new ApiError('not_found', 'gone'))
  await settle()
  t.strictSame([asked.length, ledger.lookUps, leavings.length], [9, 19, 1])
  for (let i = 0; i < 20; i++) {
    asked[i]?.answer.reject(new ApiError('not_found', 'gone'))
    await settle()
  }
  t.strictSame([asked.length, ledger.lookUps, leavings.length], [20, 0, 20])
})

test('after the end nobody is asked for, and an answer counts no more', async (t) => {
  const { asked, ending, looking, leavings } = lookingRig(Array.from({ length: 10 }, (_, i) => `p${i}`))
  looking.go()
  ending.abort()
  asked[0]?.answer.reject(new ApiError('not_found', 'gone'))
  await settle()
  looking.go()
  t.strictSame([asked.length, leavings.length], [8, 0])
})
