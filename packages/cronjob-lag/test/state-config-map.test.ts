// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { type FakeApi, sendStatus, startFakeApi } from '../../kube/test/servers/fake-api.ts'
import { openAt } from '../../kube/test/servers/open.ts'
import { configMapStore } from '../src/state/config-map-store.ts'
import { encodeState } from '../src/state/encoding.ts'
import type { StateError } from '../src/state/store.ts'

const collection = '/api/v1/namespaces/default/configmaps'
const place = { namespace: 'default', name: 'lag' }
const stale = {
  name: 'StateError',
  problem: 'stale',
  message:
    'ConfigMap default/lag: another exporter has written since this one read it, and it is left as it is; let only one write: elect a leader, or give each its own',
} as Partial<StateError> as Error

function binaryOf(api: FakeApi): Readonly<Record<string, string>> {
  return (api.all(collection)[0]?.['binaryData'] ?? {}) as Readonly<Record<string, string>>
}

test('a ConfigMap is made when there is none, and then written upon what was read', async (t) => {
  const api = await startFakeApi(t)
  const cluster = openAt(t, api.url)
  const store = configMapStore(cluster, place)
  t.equal(store.place, 'ConfigMap default/lag')
  t.equal(await store.load(), undefined)
  const size = await store.save({ a: 1 })
  t.equal(Buffer.from(binaryOf(api)['state.json.gz'] ?? '', 'base64').length, size)
  await store.save({ a: 2 })
  t.strictSame(
    api.requests.map(({ method, path }) => `${method} ${path}`),
    [`GET ${collection}/lag`, `POST ${collection}`, `PUT ${collection}/lag`],
  )
  t.strictSame(await configMapStore(cluster, place).load(), { a: 2 })
})

test('what another has written is not overwritten, until it is loaded', async (t) => {
  const api = await startFakeApi(t)
  const cluster = openAt(t, api.url)
  const first = configMapStore(cluster, place)
  const second = configMapStore(cluster, place)
  t.equal(await first.load(), undefined)
  t.equal(await second.load(), undefined)
  await first.save('first')
  await t.rejects(second.save('second'), stale)
  t.equal(await second.load(), 'first')
  await second.save('second')
  for (let time = 0; time < 2; time++) await t.rejects(first.save('late'), stale)
  t.equal(await first.load(), 'second')
})

test('a save that came through although it seemed to fail is not taken for the save of another', async (t) => {
  const api = await startFakeApi(t)
  const store = configMapStore(openAt(t, api.url), place)
  await store.load()
  let losesAnswers = true
  api.faults.push((received, response) => {
    if (losesAnswers && received.method !== 'GET') response.end = () => response.destroy()
    return false
  })
  await t.rejects(store.save(1), { name: 'ApiError' })
  t.equal(api.all(collection).length, 1)
  await t.rejects(store.save(2), { name: 'ApiError' })
  losesAnswers = false
  await store.save(3)
  t.equal(await store.load(), 3)
})

test('one that was deleted, or made by hand, is written', async (t) => {
  const api = await startFakeApi(t)
  const store = configMapStore(openAt(t, api.url), place)
  await store.load()
  api.set(collection, 'lag', { data: { note: 'kept' } })
  await store.save(1)
  t.match(api.all(collection)[0], { data: { note: 'kept', writer: /^[0-9a-f-]{36}\/1$/ } })
  api.delete(collection, 'lag')
  await store.save(2)
  t.equal(await store.load(), 2)
})

test('a state that can not be read is kept beside the new ones', async (t) => {
  const api = await startFakeApi(t)
  const garbage = Buffer.from('garbage').toString('base64')
  api.set(collection, 'lag', { binaryData: { 'state.json.gz': garbage, other: 'b3RoZXI=' } })
  const store = configMapStore(openAt(t, api.url), place)
  await t.rejects(store.load(), {
    name: 'StateError',
    message:
      "ConfigMap default/lag: state.json.gz can't be read: it is not gzip, or damaged; put a good copy in its place, or delete the ConfigMap to begin anew",
  })
  await store.save('anew')
  await store.save('more')
  t.match(binaryOf(api), { 'state.unreadable': garbage, other: 'b3RoZXI=' })
  t.equal(await store.load(), 'more')
  const unread = configMapStore(openAt(t, api.url), place)
  api.set(collection, 'lag', { binaryData: { 'state.json.gz': garbage } })
  await unread.save('never looked at')
  t.match(binaryOf(api), { 'state.unreadable': garbage })
})

test('what is kept aside stays, although the save that put it there seemed to fail', async (t) => {
  const api = await startFakeApi(t)
  const garbage = Buffer.from('garbage').toString('base64')
  api.set(collection, 'lag', { binaryData: { 'state.json.gz': garbage } })
  const store = configMapStore(openAt(t, api.url), place)
  await t.rejects(store.load(), { name: 'StateError' })
  let losesAnswers = true
  api.faults.push(({ method }, response) => {
    if (losesAnswers && method === 'PUT') response.end = () => response.destroy()
    return false
  })
  await t.rejects(store.save(1), { name: 'ApiError' })
  losesAnswers = false
  await store.save(2)
  t.equal(binaryOf(api)['state.unreadable'], garbage)
  t.equal(await store.load(), 2)
})

test('a state that is too big is told before it is sent', async (t) => {
  const api = await startFakeApi(t)
  const store = configMapStore(openAt(t, api.url), place)
  await store.load()
  const big = randomBytes(1_200_000).toString('base64')
  const size = (await encodeState(big)).length + 38
  await t.rejects(store.save(big), {
    name: 'StateError',
    problem: 'too_big',
    message: `ConfigMap default/lag: the state would take ${size} bytes, and a ConfigMap holds 1048576; keep it in a file, or watch fewer namespaces`,
  } as Partial<StateError> as Error)
  t.strictSame(
    api.requests.map(({ method }) => method),
    ['GET'],
  )
  const old = Buffer.alloc(1_000_000).toString('base64')
  api.set(collection, 'lag', { binaryData: { 'state.json.gz': old } })
  await t.rejects(store.load(), { name: 'StateError' })
  await t.rejects(store.save(randomBytes(90_000).toString('base64')), {
    message: /; delete its key state.unreadable, or keep the state in a file/,
  })
  t.equal(binaryOf(api)['state.json.gz'], old)
})

test('a right that is missing is told with its name', async (t) => {
  const api = await startFakeApi(t)
  api.faults.push(({ method }, response) => {
    if (method === 'GET') return false
    const message = 'configmaps is forbidden: User "system:serviceaccount:default:lag" cannot create resource'
    sendStatus(response, 403, message)
    return true
  })
  await t.rejects(configMapStore(openAt(t, api.url), place).save(1), {
    name: 'ApiError',
    message: `POST ${api.url}${collection}: forbidden: needs create on configmaps (namespace default) for system:serviceaccount:default:lag`,
  })
})
