// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import { test } from 'tap'
import { type FakeApi, startFakeApi } from '../../packages/kube/test/servers/fake-api.ts'
import { cpuSeconds } from '../bench/usage.ts'
import { startLeadline } from '../servers/exporter.ts'
import { makeFolder } from '../servers/folder.ts'

const seconds = 60
const changesPerSecond = 1000
const collection = '/api/v1/pods'
const refusal = '0/40 nodes are available: 12 Insufficient cpu, 20 node(s) had untolerated taint(s), 8 Too many pods.'

/** About 4 kB, as pods have with their volumes, probes and environments. */
const template = {
  containers: [
    {
      name: 'main',
      image: 'x',
      env: Array.from({ length: 60 }, (_, i) => ({ name: `VARIABLE_${i}`, value: 'v'.repeat(24) })),
    },
  ],
}

// A real API server makes no more than some 430 changes a second on 2 cores.
test('check 24: a thousand pod changes a second', { timeout: 300_000 }, async (t) => {
  const api = await startFakeApi(t)
  const pods = new Map<string, object>()
  api.faults.push(({ path, query }, response) => {
    const name = /^\/api\/v1\/namespaces\/default\/pods\/(.+)$/.exec(path)?.[1]
    if (name === undefined || query['watch'] !== undefined) return false
    const pod = pods.get(name)
    response.writeHead(pod === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(pod ?? { kind: 'Status', code: 404, reason: 'NotFound' }))
    return true
  })
  const folder = await makeFolder('load')
  const kubeconfig = await folder.write('config', kubeconfigOf(api))
  const exporter = await startLeadline(t, {
    args: ['pending-pod', `--kubeconfig=${kubeconfig}`],
    prefix: 'pending_pod_',
    folder,
  })
  await exporter.shows('that it tells', 20, (page) => page.value('pending_pod_telling') === 1)

  let [made, changes] = [0, 0]
  const [cpuBefore, begunAt] = [cpuSeconds(exporter.pid), performance.now()]
  const steps = [create, refused, left]
  for (let turn = 0; performance.now() - begunAt < seconds * 1000; turn++) {
    while (changes < ((performance.now() - begunAt) / 1000) * changesPerSecond) {
      steps[changes % 3]?.(api, pods, Math.floor(changes / 3))
      changes++
      made = Math.ceil(changes / 3)
    }
    await setTimeout(5)
  }
  while (changes % 3 !== 0) steps[changes++ % 3]?.(api, pods, made - 1)
  const elapsed = (performance.now() - begunAt) / 1000
  const cores = (cpuSeconds(exporter.pid) - cpuBefore) / elapsed
  t.comment(`${(changes / elapsed).toFixed(0)} changes a second, ${(cores * 100).toFixed(0)} % of a core`)
  const page = await exporter.shows('that all have left', 60, (now) => {
    const total = now.values('pending_pod_left_total').reduce((sum, value) => sum + value, 0)
    return total === made && now.count('pending_pod_pods') === 0
  })
  t.equal(page.value('pending_pod_left_total', { how: 'started' }), Math.ceil(made / 2))
  t.equal(page.value('pending_pod_left_total', { how: 'deleted' }), Math.floor(made / 2))
  t.ok(cores < 0.5, 'it takes less than half a core')
})

function create(api: FakeApi, pods: Map<string, object>, i: number): void {
  pods.set(`pod-${i}`, put(api, i, { phase: 'Pending' }))
}

function refused(api: FakeApi, pods: Map<string, object>, i: number): void {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: refusal }
  pods.set(`pod-${i}`, put(api, i, { phase: 'Pending', conditions: [condition] }))
}

function left(api: FakeApi, pods: Map<string, object>, i: number): void {
  const name = `pod-${i}`
  const before = pods.get(name)
  const containerStatuses = [{ name: 'main', state: { running: { startedAt: new Date().toISOString() } } }]
  if (i % 2 === 0) pods.set(name, { ...before, status: { phase: 'Running', containerStatuses } })
  else pods.delete(name)
  api.delete(collection, name)
}

function put(api: FakeApi, i: number, status: object): object {
  const metadata = {
    name: `pod-${i}`,
    namespace: 'default',
    uid: `uid-${i}`,
    creationTimestamp: new Date().toISOString(),
    resourceVersion: `${api.version + 1}`,
  }
  return api.set(collection, metadata.name, { metadata, spec: template, status })
}

function kubeconfigOf({ url }: FakeApi): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: url } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  })
}
