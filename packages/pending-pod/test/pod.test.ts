// SPDX-License-Identifier: Apache-2.0
import { ObjectError } from '@leadline/kube'
import { test } from 'tap'
import { readPod, startedAtOf } from '../src/pod/pod.ts'
import { parseQuantity } from '../src/pod/quantity.ts'
import { repels } from '../src/pod/toleration.ts'
import { atWork, ended, pod, refused, runs, timeText, waits } from './objects.ts'

const asks = (requests: object, more: object = {}) => ({ resources: { requests }, ...more })
const requestsOf = (spec: object) => Object.fromEntries(pod({ spec }).requests)
const tolerations = (...list: object[]) => pod({ spec: { tolerations: list } }).tolerations
const isForeign = (...sources: object[]) =>
  pod({ spec: { volumes: [{ name: 'v', projected: { sources } }] } }).hasForeignVolumes
const containersOf = (parts: object) => pod(parts).containers.map(({ name, role, state }) => `${name} ${role} ${state}`)

test('a pod without an identity is refused, and nothing else is', async (t) => {
  t.throws(
    () => readPod({ metadata: { name: 'a', namespace: 'n' } }),
    new ObjectError('Pod n/a: metadata.uid is missing or not valid'),
  )
  for (const odd of [null, 7, [], { metadata: 'x' }]) t.throws(() => readPod(odd), ObjectError)
  const metadata = {
    uid: 'u',
    name: 'a',
    namespace: 'n',
    creationTimestamp: timeText(5),
    ownerReferences: 7,
    labels: 'x',
  }
  const odd = readPod({ metadata, spec: [], status: { conditions: {}, containerStatuses: [null, 7, { state: 1 }] } })
  t.match(odd, { phase: 'Pending', createdAt: 5, nodeName: undefined, gates: [], schedulerName: 'default-scheduler' })
  t.strictSame(odd.workload, { kind: 'Pod', name: 'a' })
})

test('what a pod needs to be judged is kept', async (t) => {
  const parts = atWork([waits('ContainerCreating')], {
    spec: { schedulerName: 'mine', schedulingGates: [{ name: 'g' }], volumes: [{ name: 'v', secret: {} }] },
    status: { nominatedNodeName: 'n9', reason: 'R', message: 'M' },
  })
  t.match(pod(parts), {
    nodeName: 'n1',
    schedulerName: 'mine',
    gates: ['g'],
    nominatedNode: 'n9',
    reason: 'R',
    message: 'M',
    kubeletSawAt: 1005,
    isSeenByKubelet: true,
    scheduled: { isTrue: true, changedAt: 1004 },
    hasForeignVolumes: true,
  })
  const own = [
    { name: 'a', emptyDir: {} },
    { name: 'b', projected: {} },
  ]
  t.equal(pod({ spec: { volumes: own } }).hasForeignVolumes, false)
})

test('a projected volume has to be fetched, but for that of the service account which every pod has', async (t) => {
  const token = { serviceAccountToken: { path: 'token' } }
  const configMap = { configMap: { name: 'kube-root-ca.crt' } }
  t.equal(isForeign(token, configMap, { downwardAPI: {} }), false)
  t.equal(isForeign({ downwardAPI: {} }), false)
  t.equal(isForeign({ configMap: { name: 'settings' } }), true)
  t.equal(isForeign(token, { secret: { name: 'key' } }), true)
})

test('texts are cut, and a long message of the scheduler is read whole before', async (t) => {
  const taints = Array.from({ length: 400 }, (_, index) => `1 node(s) had untolerated taint {pool: p${index}}`).join(
    ', ',
  )
  const message = `0/500 nodes are available: 100 Insufficient cpu, ${taints}. preemption: 0/500 nodes are available.`
  const { scheduled, refusal } = pod({ conditions: [refused(message)] })
  t.equal(scheduled?.message?.length, 1024)
  t.strictSame(
    [...(refusal?.causes ?? [])],
    [
      ['insufficient_cpu', 100],
      ['taint', 400],
    ],
  )
  const long = pod(atWork([{ ...waits('x'.repeat(1000)), name: 'c'.repeat(1000) }]))
  t.strictSame([long.containers[0]?.waitingReason?.length, long.containers[0]?.name.length], [64, 63])
})

test('only a refusal for want of a node is read as one', async (t) => {
  t.equal(pod({ conditions: [refused('running PreBind plugin', 'SchedulerError')] }).refusal, undefined)
  t.equal(pod({ conditions: [refused('Scheduling is blocked', 'SchedulingGated')] }).refusal, undefined)
  t.equal(pod({}).refusal, undefined)
})

test('init containers, sidecars and main containers are told apart', async (t) => {
  const spec = { initContainers: [{ name: 'first' }, { name: 'proxy', restartPolicy: 'Always' }] }
  const status = {
    initContainerStatuses: [ended(0, 1001, { name: 'first' }), runs(1002, { name: 'proxy', started: true })],
  }
  t.strictSame(containersOf(atWork([waits('PodInitializing')], { spec, status })), [
    'first init ended',
    'proxy sidecar running',
    'main main waiting',
  ])
})

test('a pod has started when the last of its main containers first had', async (t) => {
  const crashed = { ...waits('CrashLoopBackOff'), lastState: { terminated: { startedAt: timeText(1010) } } }
  t.equal(startedAtOf(pod(atWork([runs(1020), crashed]))), 1020)
  t.equal(startedAtOf(pod(atWork([runs(1020), waits('ContainerCreating')]))), undefined)
  t.equal(startedAtOf(pod(atWork([]))), undefined)
})

test('requests are summed as the scheduler sums them', async (t) => {
  t.strictSame(requestsOf({ containers: [asks({ cpu: '100m', memory: '1Gi' }), asks({ cpu: 1 })] }), {
    cpu: 1100,
    memory: 2 ** 30,
  })
  const sidecar = asks({ cpu: '200m' }, { restartPolicy: 'Always' })
  t.strictSame(requestsOf({ containers: [asks({ cpu: '1' })], initContainers: [asks({ cpu: '3' })] }), { cpu: 3000 })
  t.strictSame(requestsOf({ containers: [asks({ cpu: '1' })], initContainers: [sidecar, asks({ cpu: '2' })] }), {
    cpu: 2200,
  })
  t.strictSame(requestsOf({ containers: [asks({ cpu: '1' })], initContainers: [asks({ cpu: '500m' }), sidecar] }), {
    cpu: 1200,
  })
  t.strictSame(
    requestsOf({ containers: [asks({ 'nvidia.com/gpu': '2' })], overhead: { cpu: '250m', memory: '120Mi' } }),
    {
      'nvidia.com/gpu': 2,
      cpu: 250,
      memory: 120 * 2 ** 20,
    },
  )
  t.strictSame(requestsOf({ containers: [asks({ cpu: '1', memory: '1Ki' })], ...asks({ cpu: '4' }) }), {
    cpu: 4000,
    memory: 1024,
  })
  t.strictSame(requestsOf({ containers: [asks({ cpu: 'much', memory: '-1' })] }), {})
})

test('quantities are read in every way in which Kubernetes writes them', async (t) => {
  const read = Object.fromEntries(
    ['1', '250m', '1.5Gi', '2e3', '1E', '3E2', '100n', '.5', '5.', '12Ki'].map((text) => [text, parseQuantity(text)]),
  )
  t.strictSame(read, {
    1: 1,
    '250m': 0.25,
    '1.5Gi': 1.5 * 2 ** 30,
    '2e3': 2000,
    '1E': 1e18,
    '3E2': 300,
    '100n': 100 * 1e-9,
    '.5': 0.5,
    '5.': 5,
    '12Ki': 12_288,
  })
  for (const odd of ['', '1 Gi', 'Gi', '1GiB', 'x', null, {}, '1'.repeat(1000)]) t.equal(parseQuantity(odd), undefined)
  t.equal(parseQuantity(2), 2)
})

test('tolerations answer taints as the scheduler has it', async (t) => {
  const taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }
  t.equal(repels(taint, tolerations()), true)
  t.equal(repels({ ...taint, effect: 'PreferNoSchedule' }, tolerations()), false)
  t.equal(repels(taint, tolerations({ key: 'dedicated', value: 'gpu' })), false)
  t.equal(repels(taint, tolerations({ key: 'dedicated', value: 'cpu' })), true)
  t.equal(repels(taint, tolerations({ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' })), true)
  t.equal(repels(taint, tolerations({ operator: 'Exists' })), false)
  const usual = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }
  t.strictSame(tolerations(usual), [])
})
