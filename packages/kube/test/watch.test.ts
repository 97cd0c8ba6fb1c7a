// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { bookmarkLine, eventLine, startFakeApi } from './servers/fake-api.ts'
import { cronjobs, watchCronJobs } from './servers/open.ts'

const schedule = (text: unknown): object => ({ spec: { schedule: text } })

for (const hasWatchList of [true, false]) {
  test(`the whole set comes, then its changes, ${hasWatchList ? 'by a watch-list' : 'by a list and a watch'}`, async (t) => {
    const api = await startFakeApi(t, { hasWatchList })
    api.set(cronjobs, 'a', schedule('* * * * *'))
    api.set(cronjobs, 'b')
    const { watch, consumer } = watchCronJobs(t, api)
    await watch.synced
    t.strictSame(consumer.told, ['replace a b'])
    await untilSo('the watch', () => api.openWatches === 1)
    api.set(cronjobs, 'c')
    api.set(cronjobs, 'a', schedule('@daily'))
    api.delete(cronjobs, 'b')
    await untilSo('the changes', () => consumer.told.length === 4)
    t.strictSame(consumer.told.slice(1), ['new c', 'set a', 'delete b'])
    t.strictSame(
      [...watch.objects.values()].map(({ name, schedule: text }) => [name, text]),
      [
        ['a', '@daily'],
        ['c', undefined],
      ],
    )
    t.match(watch.state(), {
      isSynced: true,
      isStale: false,
      relists: 0,
      reconnects: 0,
      objects: 2,
      problem: undefined,
    })
    t.strictSame(
      Object.values(watch.state().failures).filter((count) => count > 0),
      [],
    )
    t.equal(api.requests.filter(({ query }) => query['limit'] === '500').length, hasWatchList ? 0 : 1)
  })
}

test('a list comes in pages, and begins anew when the server forgot where it was', async (t) => {
  const api = await startFakeApi(t, { hasWatchList: false })
  for (let i = 0; i < 1001; i++) api.set(cronjobs, `job-${i}`)
  let pages = 0
  api.faults.push(({ query }) => {
    if (query['continue'] !== undefined && ++pages === 2) {
      api.delete(cronjobs, 'job-0')
      api.compact()
    }
    return false
  })
  const { watch, consumer } = watchCronJobs(t, api)
  await watch.synced
  t.equal(watch.objects.size, 1000)
  t.equal(consumer.told.length, 1)
  t.notOk(consumer.told[0]?.includes('job-0 '), 'nothing of the list that was given up')
  t.equal(watch.state().failures.gone, 0)
})

test('lines may be cut anywhere, also within a character', async (t) => {
  const api = await startFakeApi(t, { chunkBytes: 1 })
  api.set(cronjobs, 'a', schedule('täglich 🕛'))
  const { watch, consumer } = watchCronJobs(t, api)
  await watch.synced
  api.set(cronjobs, 'b', schedule('日曜日'))
  await untilSo('b', () => consumer.told.length === 2)
  t.strictSame(
    [...watch.objects.values()].map((each) => each.schedule),
    ['täglich 🕛', '日曜日'],
  )
})

test('a watch that is cut goes on where it was, without a list', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'a')
  const { watch, consumer, log } = watchCronJobs(t, api)
  await watch.synced
  for (const how of ['cut', 'end'] as const) {
    await untilSo('the watch', () => api.openWatches === 1)
    api.disconnect(how)
    api.set(cronjobs, `while-${how}`)
    await untilSo('the change', () => consumer.told.at(-1) === `new while-${how}`)
  }
  t.strictSame(consumer.told, ['replace a', 'new while-cut', 'new while-end'])
  const { relists, reconnects, failures } = watch.state()
  t.match({ relists, reconnects, failures }, { relists: 0, reconnects: 2, failures: { unreachable: 1 } })
  t.match(
    log.records.map(({ message }) => message),
    ['Watch failed', 'Watch goes on'],
  )
})

test('after 410 in the middle of a watch the new set takes the place of the old one at once', async (t) => {
  const api = await startFakeApi(t)
  for (const name of ['a', 'b', 'c']) api.set(cronjobs, name)
  const { watch, consumer } = watchCronJobs(t, api)
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  api.say(eventLine('ERROR', { kind: 'Status', code: 410, message: 'too old resource version: 1 (2)' }))
  api.disconnect('end')
  api.delete(cronjobs, 'b')
  api.set(cronjobs, 'd')
  api.compact()
  await untilSo('the relist', () => consumer.told.length === 2)
  t.strictSame(consumer.told, ['replace a b c', 'replace a c d -b'])
  t.match(watch.state(), { relists: 1, failures: { gone: 1 } })
})

test('a watch from a version that is gone is followed by a new set', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'a')
  const { watch, consumer } = watchCronJobs(t, api)
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  api.disconnect('cut')
  api.delete(cronjobs, 'a')
  api.set(cronjobs, 'a')
  api.compact()
  await untilSo('the relist', () => consumer.told.length === 2)
  t.strictSame(consumer.told, ['replace a', 'replace a -a'], 'the same name with another UID is another object')
})

test('while a new set comes the old one stands whole', async (t) => {
  const api = await startFakeApi(t)
  for (const name of ['a', 'b']) api.set(cronjobs, name)
  const { watch, consumer } = watchCronJobs(t, api)
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  let begun = false
  api.faults.push(({ query }, response) => {
    if (query['sendInitialEvents'] === undefined) return false
    begun = true
    response.writeHead(200)
    api.write(response, eventLine('ADDED', api.all(cronjobs)[0]))
    setTimeout(() => response.destroy(), 50)
    api.faults = []
    return true
  })
  api.compact()
  api.say(eventLine('ERROR', { code: 410, message: 'gone' }))
  await untilSo('the half of a set', () => begun)
  t.equal(watch.objects.size, 2)
  await untilSo('the whole of it', () => consumer.told.length === 2)
  t.strictSame(consumer.told, ['replace a b', 'replace a b'])
})

test('an object that can not be read costs only itself', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'good')
  api.set(cronjobs, 'bad', schedule(1))
  const { watch, consumer, log } = watchCronJobs(t, api)
  await watch.synced
  t.strictSame(consumer.told, ['replace good'])
  t.match(watch.state(), { objects: 1, unreadableObjects: 1, failures: { unreadable_object: 1 } })
  api.set(cronjobs, 'bad', schedule('@daily'))
  api.set(cronjobs, 'good', schedule(2))
  api.delete(cronjobs, 'good')
  api.set(cronjobs, 'last')
  await untilSo('the last', () => consumer.told.at(-1) === 'new last')
  t.strictSame(consumer.told, ['replace good', 'new bad', 'delete good', 'new last'])
  t.match(watch.state(), { objects: 2, unreadableObjects: 0, failures: { unreadable_object: 3 }, relists: 0 })
  t.match(log.records, [{ message: 'An object can not be read', fields: { err: 'spec.schedule is not text' } }])
  t.equal(log.records.length, 1, 'and is told once')
})

test('changes that come before the end of a watch-list are part of the set', async (t) => {
  const api = await startFakeApi(t)
  const [a, b] = [api.set(cronjobs, 'a'), api.set(cronjobs, 'b')]
  api.faults.push((_, response) => {
    response.writeHead(200)
    for (const object of [a, b]) api.write(response, eventLine('ADDED', object))
    api.write(response, eventLine('MODIFIED', { ...a, spec: { schedule: '@daily' } }))
    api.write(response, eventLine('DELETED', b))
    api.write(response, bookmarkLine(api.version, true))
    return true
  })
  const { watch, consumer } = watchCronJobs(t, api)
  await watch.synced
  t.strictSame(consumer.told, ['replace a'])
  t.match([...watch.objects.values()], [{ name: 'a', schedule: '@daily' }])
})

test('where only metadata is wanted nothing else is asked for', async (t) => {
  for (const hasWatchList of [true, false]) {
    const api = await startFakeApi(t, { hasWatchList })
    const { watch } = watchCronJobs(t, api, { metadataOnly: true, query: { labelSelector: 'app=x' } })
    await watch.synced
    await untilSo('the watch', () => api.openWatches === 1)
    const kinds = api.requests.map(({ headers }) => /as=(\w+);/.exec(headers.accept ?? '')?.[1])
    const listed = ['PartialObjectMetadata', 'PartialObjectMetadataList', 'PartialObjectMetadata']
    t.strictSame(kinds, hasWatchList ? ['PartialObjectMetadata'] : listed)
    t.ok(api.requests.every(({ query }) => query['labelSelector'] === 'app=x'))
  }
})

for (const how of ['end', 'cut'] as const) {
  const shows = how === 'end'
  test(`a watch that is ${shows ? 'ended by its server' : 'cut'} ${shows ? 'proves' : 'does not prove'} that nothing was missed`, async (t) => {
    const api = await startFakeApi(t)
    const { watch } = watchCronJobs(t, api)
    await watch.synced
    await untilSo('the watch', () => api.openWatches === 1)
    const before = watch.state().seenUntil ?? 0
    const now = Date.now() / 1000
    t.ok(before <= now)
    api.disconnect(how)
    await untilSo('the next watch', () => watch.state().reconnects === 1)
    const after = watch.state().seenUntil ?? 0
    if (shows) t.ok(after >= now)
    else t.equal(after, before)
  })
}
