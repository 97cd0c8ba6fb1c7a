// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { eventLine, sendStatus, startFakeApi } from './servers/fake-api.ts'
import { cronjobs, watchCronJobs } from './servers/open.ts'

test('a line that is not JSON ends the watch, and a new set heals what it may have hidden', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'a')
  const { watch, consumer, log } = watchCronJobs(t, api)
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  api.say('{"type":"MODIFIED","object":{"secret":"hunter2"\n')
  await untilSo('the relist', () => consumer.told.length === 2)
  t.match(watch.state(), { relists: 1, failures: { malformed: 1 } })
  t.notOk(JSON.stringify(log.records).includes('hunter2'))
})

test('a line over the bound is not kept, and a new set heals what it may have hidden', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'a')
  const { watch, consumer } = watchCronJobs(t, api)
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  const before = process.memoryUsage().rss
  for (let i = 0; i < 17; i++) api.say('x'.repeat(2 ** 20))
  api.say('\n')
  await untilSo('the relist', () => consumer.told.length === 2)
  t.match(watch.state(), { relists: 1, failures: { malformed: 1 } })
  t.ok(process.memoryUsage().rss - before < 150 * 2 ** 20)
})

test('a silent watch is given up, and after two of them the whole set is got', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'a')
  const { watch, consumer, log } = watchCronJobs(t, api, { times: { silentSeconds: 0.3, staleSeconds: 0.4 } })
  await watch.synced
  await untilSo('staleness', () => watch.state().isStale)
  await untilSo('a relist', () => watch.state().relists === 1)
  t.ok(watch.state().failures.silent >= 2)
  t.strictSame(consumer.told.slice(0, 2), ['replace a', 'replace a'])
  t.match(log.records[0]?.fields, { failure: 'silent', err: `watch of ${cronjobs}: nothing came for 0.3 s` })
})

test('bookmarks keep a watch alive, and it goes on from them', async (t) => {
  const api = await startFakeApi(t)
  const { watch } = watchCronJobs(t, api, { times: { silentSeconds: 1 } })
  await watch.synced
  const ticking = setInterval(() => api.bookmark(), 50)
  t.teardown(() => clearInterval(ticking))
  await untilSo('a bookmark', () => watch.state().lastBookmarkAt !== undefined)
  api.set('/apis/batch/v1/jobs', 'other-kind')
  const { version } = api
  const seen = watch.state().lastBookmarkAt as number
  await untilSo('a later bookmark', () => (watch.state().lastBookmarkAt as number) > seen + 0.1)
  api.compact()
  api.disconnect('end')
  await untilSo('the next watch', () => api.openWatches === 1)
  t.equal(api.requests.at(-1)?.query['resourceVersion'], `${version}`)
  t.match(watch.state(), { relists: 0, failures: { silent: 0, gone: 0 } })
})

test('a server that lost its memory is asked for the whole set', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'a')
  const { watch } = watchCronJobs(t, api)
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  api.faults.push(({ query }, response) => {
    if (query['resourceVersion'] === undefined) return false
    sendStatus(response, 504, 'Timeout: Too large resource version: 101, current: 7')
    return true
  })
  api.disconnect('cut')
  await untilSo('the relist', () => watch.state().relists === 1)
  t.match(watch.state().failures, { server_error: 1 })
})

test('a watch that is not allowed says what to grant, and goes on once it is granted', async (t) => {
  const api = await startFakeApi(t)
  api.set(cronjobs, 'a')
  const message =
    'cronjobs.batch is forbidden: User "system:serviceaccount:m:leadline" cannot watch resource "cronjobs"'
  let isAllowed = false
  api.faults.push((_, response) => {
    if (!isAllowed) sendStatus(response, 403, message)
    return !isAllowed
  })
  const { watch, log } = watchCronJobs(t, api)
  await untilSo('three attempts', () => watch.state().failures.forbidden >= 3)
  t.match(watch.state(), { isSynced: false, isStale: true, objects: 0 })
  const problem = `GET ${api.url}${cronjobs}: forbidden: needs watch on cronjobs in batch for system:serviceaccount:m:leadline`
  t.equal(watch.state().problem, problem)
  isAllowed = true
  await watch.synced
  t.match(watch.state(), { isStale: false, problem: undefined, objects: 1 })
  t.match(log.records, [
    { level: 'warn', message: 'Watch failed', fields: { kind: 'cronjobs', failure: 'forbidden', err: problem } },
    { level: 'info', message: 'Watch goes on' },
  ])
  t.equal(log.records.length, 2)
})

test('a server that is busy is left alone for as long as it says', async (t) => {
  const api = await startFakeApi(t)
  let first: number | undefined
  api.faults.push((_, response) => {
    if (first !== undefined) return false
    first = performance.now()
    sendStatus(response, 429, 'too many requests', { 'retry-after': '1' })
    return true
  })
  const { watch } = watchCronJobs(t, api)
  await watch.synced
  t.ok(performance.now() - (first as number) >= 1000)
  t.equal(watch.state().failures.throttled, 1)
  t.equal(api.requests.length, 2)
})

test('waits grow while a server is away, and it is seen as soon as it is back', async (t) => {
  const api = await startFakeApi(t)
  const { watch } = watchCronJobs(t, api, { times: { disconnectedSeconds: 0.2 }, random: () => 1 })
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  const { port } = api
  api.server.closeAllConnections()
  await new Promise((resolve) => api.server.close(resolve))
  await untilSo('staleness', () => watch.state().isStale)
  await untilSo('attempts', () => watch.state().failures.unreachable >= 6)
  t.match(watch.state().problem, /ECONNREFUSED/)
  api.server.listen(port, '127.0.0.1')
  await untilSo('the next watch', () => !watch.state().isStale)
  // 10, 20, 40, 80, 100 ms and so on.
  t.ok(watch.state().failures.unreachable < 30)
})

test('a server whose watches end at once is not run over', async (t) => {
  const api = await startFakeApi(t)
  const { watch } = watchCronJobs(t, api, { times: { longestWaitSeconds: 5 }, random: () => 1 })
  await watch.synced
  const begin = performance.now()
  api.faults.push(({ query }, response) => {
    if (query['watch'] !== undefined) response.writeHead(200).end()
    return query['watch'] !== undefined
  })
  api.disconnect('end')
  await untilSo('several watches', () => watch.state().reconnects >= 6)
  t.ok(performance.now() - begin > 600, 'waits of 10, 20, 40, 80, 160, 320 ms')
})

test('one that stops before the first set says so to those that wait, and leaves nothing open', async (t) => {
  const api = await startFakeApi(t)
  api.faults.push(({ query }) => query['watch'] !== undefined)
  const { watch, stop } = watchCronJobs(t, api)
  await untilSo('the request', () => api.requests.length === 1)
  await stop()
  await t.rejects(watch.synced, { name: 'AbortError' })
})

test('a consumer that fails is logged, and the watch goes on', async (t) => {
  const api = await startFakeApi(t)
  const consumer = {
    onReplace() {},
    onSet() {
      throw new Error('oh')
    },
    onDelete() {},
  }
  const { watch, log } = watchCronJobs(t, api, { consumer })
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  api.set(cronjobs, 'a')
  api.set(cronjobs, 'b')
  await untilSo('both', () => watch.objects.size === 2)
  t.match(log.records, [{ level: 'error', fields: { err: /oh/ } }, { level: 'error' }])
})

test('a watch-list that never ends is followed by a list', async (t) => {
  for (const said of ['', eventLine('BOOKMARK', { metadata: { resourceVersion: '7' } })]) {
    const api = await startFakeApi(t)
    api.set(cronjobs, 'a')
    api.faults.push(({ query }, response) => {
      if (query['sendInitialEvents'] === undefined) return false
      response.writeHead(200).write(`${eventLine('ADDED', api.all(cronjobs)[0])}${said}`)
      return true
    })
    const { watch, consumer } = watchCronJobs(t, api, { times: { silentSeconds: 0.3 } })
    await watch.synced
    t.strictSame(consumer.told, ['replace a'])
    t.equal(watch.state().failures.silent, said === '' ? 1 : 0)
  }
})
