// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { silent, systemClock } from '@leadline/kit'
import { openCluster } from '@leadline/kube'
import { test } from 'tap'
import { startControlPlane } from '../../kube/test/control-plane/control-plane.ts'
import { nowhere } from '../../kube/test/servers/open.ts'
import { mostConfigMapBytes } from '../src/state/config-map.ts'
import { configMapStore } from '../src/state/config-map-store.ts'

const path = '/api/v1/namespaces/default/configmaps'
const place = { namespace: 'default', name: 'lag' }

function filler(bytes: number): object {
  return { binaryData: { filler: randomBytes(bytes).toString('base64') } }
}

test('an API server keeps the state, for one writer, up to its limit', async (t) => {
  const plane = await startControlPlane(t)
  if (plane === undefined) return
  const { admin } = plane
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'update'] }]
  const { kubeconfig } = await plane.addUser('lag', rules)
  const cluster = openCluster({
    kubeconfig,
    userAgent: 'leadline-test/1',
    clock: systemClock,
    log: silent,
    surroundings: nowhere,
  })
  t.teardown(() => cluster.close())
  const store = configMapStore(cluster, place)
  t.equal(await store.load(), undefined)
  await store.save({ a: 1 })
  await admin.patch(`${path}/lag`, { metadata: { labels: { team: 'x' }, annotations: { note: 'y' } } })
  await store.save({ a: 2 })
  const found = await admin.get(`${path}/lag`)
  t.match(found?.metadata.labels, { team: 'x', 'app.kubernetes.io/managed-by': 'leadline' })
  t.match(found?.metadata.annotations, { note: 'y' })

  const other = configMapStore(cluster, place)
  t.strictSame(await other.load(), { a: 2 })
  await other.save({ a: 3 })
  await t.rejects(store.save({ a: 4 }), { name: 'StateError', message: /another exporter has written/ })
  await admin.delete(`${path}/lag`)
  await other.save({ a: 5 })
  await admin.delete(`${path}/lag`)
  await admin.create(path, { metadata: { name: 'lag' } })
  await other.save({ a: 6 })
  t.strictSame(await store.load(), { a: 6 })

  const left = mostConfigMapBytes - (await store.save(7)) - 38
  await admin.patch(`${path}/lag`, filler(left))
  await store.save(7)
  await t.rejects(admin.patch(`${path}/lag`, filler(left + 1)), { message: /Too long: may not be more than 1048576/ })
  await t.rejects(configMapStore(cluster, { namespace: 'none', name: 'lag' }).save(1), {
    name: 'ApiError',
    message: /forbidden: needs|namespaces "none" not found/,
  })
})
