// SPDX-License-Identifier: Apache-2.0
import { inspect } from 'node:util'
import { RecordingLogger, systemClock } from '@leadline/kit'
import { clusterClock } from '@leadline/kube'
import { type Test, test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { type FakeApi, startFakeApi } from '../../kube/test/servers/fake-api.ts'
import { openAt } from '../../kube/test/servers/open.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import { watchPending } from '../src/watching/pending-watch.ts'
import { thresholdKey } from '../src/watching/thresholds.ts'
import { ledgerRig } from './ledger-rig.ts'
import { type PodParts, rawPod, refused, timeText } from './objects.ts'

const everywhere = '/api/v1/pods'
const inNamespace = (name: string) => `/api/v1/namespaces/${name}/pods`

/** Creates or changes a pod in a collection of the server. */
function setPod(api: FakeApi, name: string, parts: PodParts = {}, collection = everywhere): void {
  const metadata = { ...parts.metadata, resourceVersion: `${api.version + 1}` }
  api.set(collection, name, rawPod({ uid: name, name, ...parts, metadata }))
}

/** Watches what waits in a server until the test ends, with a ledger that follows. */
function watchIn(t: Test, url: string, namespaces: readonly string[] = []) {
  const ending = new AbortController()
  t.teardown(() => ending.abort())
  const cluster = openAt(t, url)
  const log = new RecordingLogger('debug', systemClock.unix)
  const watch = watchPending({
    cluster,
    clusterClock: clusterClock(cluster, systemClock),
    namespaces,
    namespaceGone: () => undefined,
    signal: ending.signal,
    clock: systemClock,
    log,
  })
  const rig = ledgerRig()
  const names = () => Array.from(rig.ledger.waiting(), ({ pod }) => pod.name).toSorted()
  let tellings = 0
  const follow = () => watch.follow(rig.ledger, () => void tellings++)
  return { ...rig, watch, names, follow, ending, tellings: () => tellings }
}

/** From when the pods of a ledger count, by name. */
const sinceIn = (ledger: Ledger) =>
  Object.fromEntries(Array.from(ledger.waiting(), ({ pod, since }) => [pod.name, since]))

test('a ledger hears of all pods that are there, and from then on of what changes', async (t) => {
  const api = await startFakeApi(t)
  setPod(api, 'a')
  const { watch, ledger, names, follow, group, tellings } = watchIn(t, api.url)
  await watch.synced
  t.equal(ledger.size, 0, 'nothing before it follows')
  follow()
  t.strictSame([names(), tellings()], [['a'], 1])
  await untilSo('the watches', () => api.openWatches === 2)
  setPod(api, 'b')
  setPod(api, 'a', { conditions: [refused('0/3 nodes are available: 3 Insufficient cpu.')] })
  await untilSo('what changed', () => tellings() === 3)
  t.strictSame(names(), ['a', 'b'])
  t.match(group('insufficient_cpu', 1100), '1 100 0')
  api.delete(everywhere, 'b')
  await untilSo('that one left', () => tellings() === 4)
  t.strictSame([names(), ledger.nextLookUp()?.name], [['a'], 'b'])
  watch.follow(undefined, () => undefined)
  setPod(api, 'c')
  await untilSo('the third', () => watch.watches[0]?.state().objects === 2)
  t.strictSame([names(), tellings()], [['a'], 4])
})

test('check 19: a pod counts from the moment at which its gates went, whoever told of pods then', async (t) => {
  const api = await startFakeApi(t)
  setPod(api, 'gated', { spec: { schedulingGates: [{ name: 'g' }] } })
  const { watch, ledger, follow } = watchIn(t, api.url)
  await watch.synced
  await untilSo('the watches', () => api.openWatches === 2)
  const begunAt = Date.now() / 1000
  setPod(api, 'gated')
  setPod(api, 'free')
  await untilSo('what came after', () => watch.watches[0]?.state().objects === 2)
  follow()
  const first = sinceIn(ledger)
  // By the API server's clock, which is known within a second.
  t.ok((first['gated'] ?? 0) > begunAt - 2, `${first['gated']}, and its gate was there at ${begunAt}`)
  t.equal(first['free'], 1000)
  const next = ledgerRig().ledger
  watch.follow(undefined, () => undefined)
  watch.follow(next, () => undefined)
  t.strictSame(sinceIn(next), first, 'the same in a second term')
})

test('only Pending pods are asked for, and of namespaces only metadata', async (t) => {
  const api = await startFakeApi(t)
  const { watch } = watchIn(t, api.url)
  await watch.synced
  await untilSo('the watches', () => api.openWatches === 2)
  const pods = api.requests.filter(({ path }) => path === everywhere)
  t.ok(pods.length > 0)
  for (const { query } of pods) t.equal(query['fieldSelector'], 'status.phase=Pending')
  const namespaces = api.requests.filter(({ path }) => path === '/api/v1/namespaces')
  t.ok(namespaces.length > 0)
  for (const { headers } of namespaces) t.match(headers.accept, /as=PartialObjectMetadata/)
})

test('pods that vanished while nothing was heard have left, and are looked up', async (t) => {
  const api = await startFakeApi(t)
  for (const name of ['a', 'b']) setPod(api, name)
  const { watch, names, ledger, follow } = watchIn(t, api.url)
  await watch.synced
  follow()
  await untilSo('the watches', () => api.openWatches === 2)
  // What happens between has to be missed: the watch is cut, and the changes are forgotten before it is back.
  api.faults.push(() => {
    if (api.all(everywhere).length > 1) {
      api.delete(everywhere, 'a')
      setPod(api, 'c')
      api.delete(everywhere, 'b')
      api.compact()
    }
    return false
  })
  api.disconnect('cut')
  await untilSo('the new set', () => names().join() === 'c')
  t.strictSame([ledger.nextLookUp()?.name, ledger.nextLookUp()?.name, ledger.nextLookUp()], ['a', 'b', undefined])
})

test('namespaces that are named have a watch each, which are told of as one', async (t) => {
  const api = await startFakeApi(t)
  setPod(api, 'a', {}, inNamespace('shop'))
  setPod(api, 'b', { namespace: 'batch' }, inNamespace('batch'))
  setPod(api, 'c', { namespace: 'other' }, inNamespace('other'))
  const { watch, names, follow } = watchIn(t, api.url, ['shop', 'batch'])
  await watch.synced
  follow()
  t.strictSame(names(), ['a', 'b'])
  await untilSo('the watches', () => api.openWatches === 3)
  t.match(
    watch.watches.map((one) => one.state()),
    [
      { kind: 'pods', isSynced: true, isStale: false, objects: 2 },
      { kind: 'namespaces', isSynced: true, objects: 0 },
    ],
  )
  t.notOk(api.requests.some(({ path }) => path === everywhere))
})

test('the threshold of a namespace counts as soon as it is written', async (t) => {
  const api = await startFakeApi(t)
  const { watch } = watchIn(t, api.url)
  await watch.synced
  await untilSo('the watches', () => api.openWatches === 2)
  t.equal(watch.thresholds.of('shop'), undefined)
  const metadata = { name: 'shop', uid: 'n1', creationTimestamp: timeText(1000), resourceVersion: `${api.version + 1}` }
  api.set('/api/v1/namespaces', 'shop', { metadata: { ...metadata, annotations: { [thresholdKey]: '90s' } } })
  await untilSo('it', () => watch.thresholds.of('shop') === 90)
})

test('messages of the scheduler that are not understood are counted, also before anybody follows', async (t) => {
  const api = await startFakeApi(t)
  setPod(api, 'a', { conditions: [refused('queue is full')] })
  const { watch } = watchIn(t, api.url)
  await watch.synced
  t.equal(watch.unclassifiedMessages(), 1)
  await untilSo('the watches', () => api.openWatches === 2)
  setPod(api, 'b', { conditions: [refused('queue is full')] })
  await untilSo('another', () => watch.unclassifiedMessages() === 2)
})

test('where no server answers it is blind, and says why; and its end is no fault', async (t) => {
  const { watch, ending } = watchIn(t, 'http://127.0.0.1:1')
  await untilSo('a failure', () => /connect ECONNREFUSED/.test(watch.blindness() ?? ''))
  t.match(watch.blindness(), /^pods are not seen as they are now: /)
  const unheard: unknown[] = []
  const hear = (reason: unknown) => void unheard.push(reason)
  process.on('unhandledRejection', hear)
  t.teardown(() => process.off('unhandledRejection', hear))
  ending.abort(new Error('the end'))
  // Waiting for it itself would be hearing of it.
  await untilSo('the end', () => inspect(watch.synced).includes('<rejected>'))
  t.strictSame(unheard, [])
})

test('one that sees is not blind', async (t) => {
  const api = await startFakeApi(t)
  const { watch } = watchIn(t, api.url)
  await watch.synced
  t.equal(watch.blindness(), undefined)
})
