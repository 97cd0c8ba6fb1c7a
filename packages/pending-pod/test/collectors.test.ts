// SPDX-License-Identifier: Apache-2.0
import { lint, type MetricTable, type Module } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { type WatchState, watchFailures } from '@leadline/kube'
import { test } from 'tap'
import type { Known } from '../src/collectors/known.ts'
import { left } from '../src/collectors/left.ts'
import { self } from '../src/collectors/self.ts'
import { waiting } from '../src/collectors/waiting.ts'
import type { Leaving } from '../src/ledger/leaving.ts'
import { createLeftTally } from '../src/left-tally.ts'
import { modulesOf } from '../src/modules.ts'
import { ledgerRig } from './ledger-rig.ts'
import { atWork, ended, pod, refused, runs, waits } from './objects.ts'

/** What an active replica knows that has seen nothing wait. */
function knownOf(more: Partial<Known> = {}): Known {
  const tally = createLeftTally()
  return {
    summary: () => ({ groups: [], stuck: [], refusedNodes: new Map(), unclassified: 0 }),
    tally: () => tally,
    thresholdMistakes: () => [],
    unclassifiedMessages: () => 0,
    lookUps: () => 0,
    ...more,
  }
}

async function valuesOf(module: Module<unknown, MetricTable>) {
  return (await runOnce(module)).values
}

/** The samples of the histogram, as `started count` and `started bucket 20` to their values. */
async function waitsOf(module: Module<unknown, MetricTable>): Promise<Readonly<Record<string, number>>> {
  const { families } = await runOnce(module)
  const family = families.find(({ name }) => name === 'pending_pod_wait_duration_seconds')
  const lines = (family?.samples ?? []).map(({ suffix, labels, value }) => {
    const of = new Map(labels)
    return [[of.get('stage'), suffix.slice(1), of.get('le')].filter((word) => word !== undefined).join(' '), value]
  })
  return Object.fromEntries(lines) as Readonly<Record<string, number>>
}

const noCpu = { conditions: [refused('0/3 nodes are available: 1 Insufficient memory, 3 Insufficient cpu.')] }
const deployment = {
  labels: { 'pod-template-hash': '7f' },
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7f', controller: true }],
}

test('who waits is told by namespace and cause, with the oldest and those over their threshold', async (t) => {
  const { ledger } = ledgerRig({ thresholdSeconds: (namespace) => (namespace === 'patient' ? 3600 : 300) })
  ledger.pods.set(pod({ uid: 'a', name: 'a', metadata: deployment, ...noCpu }), 1001)
  ledger.pods.set(pod({ uid: 'b', name: 'b', createdAt: 1350, ...noCpu }), 1400)
  ledger.pods.set(pod({ uid: 'c', name: 'c', namespace: 'patient', ...atWork([waits('ErrImagePull')]) }), 1001)
  ledger.pods.set(pod({ uid: 'd', name: 'd', spec: { schedulingGates: [{ name: 'quota' }] } }), 1001)
  const values = await valuesOf(waiting({ summary: () => ledger.summarise(1500) }))
  const [cpu, gated, pull] = [
    'cause="insufficient_cpu",namespace="shop"',
    'cause="gated",namespace="shop"',
    'cause="image_pull_error",namespace="patient"',
  ]
  t.strictSame(values, {
    [`pending_pod_pods{${cpu}}`]: 2,
    [`pending_pod_oldest_age_seconds{${cpu}}`]: 500,
    [`pending_pod_over_threshold_pods{${cpu}}`]: 1,
    [`pending_pod_pods{${gated}}`]: 1,
    [`pending_pod_oldest_age_seconds{${gated}}`]: 500,
    [`pending_pod_over_threshold_pods{${gated}}`]: 0,
    [`pending_pod_pods{${pull}}`]: 1,
    [`pending_pod_oldest_age_seconds{${pull}}`]: 500,
    [`pending_pod_over_threshold_pods{${pull}}`]: 0,
    'pending_pod_stuck{cause="insufficient_cpu",namespace="shop",owner="Deployment/web",pod="a"}': 1,
    'pending_pod_stuck_age_seconds{namespace="shop",pod="a"}': 500,
    'pending_pod_node_reasons{reason="insufficient_cpu"}': 6,
    'pending_pod_node_reasons{reason="insufficient_memory"}': 2,
  })
})

test('nothing is told of pods while it is not known, and where none waits', async (t) => {
  t.strictSame(await valuesOf(waiting({ summary: () => undefined })), {})
  t.strictSame(await valuesOf(waiting(knownOf())), {})
})

test('how pods ceased to wait is counted by namespace, each outcome from 0', async (t) => {
  const tally = createLeftTally()
  const { ledger, leavings } = ledgerRig()
  ledger.pods.set(pod({ uid: 'a', name: 'a' }), 1001)
  ledger.pods.set(pod({ uid: 'a', name: 'a', ...atWork([runs(1020)], { status: { phase: 'Running' } }) }), 1021)
  ledger.pods.set(pod({ uid: 'b', name: 'b', namespace: 'batch' }), 1001)
  const rejectedPod = { spec: { nodeName: 'n1' }, status: { phase: 'Failed', reason: 'OutOfcpu' } }
  ledger.pods.set(pod({ uid: 'b', name: 'b', namespace: 'batch', ...rejectedPod }), 1004)
  leavings.forEach((one) => tally.count(one))
  const values = await valuesOf(left({ tally: () => tally }))
  const told = Object.entries(values).filter(([name]) => name.startsWith('pending_pod_left_total'))
  t.equal(told.length, 10)
  t.strictSame(Object.fromEntries(told.filter(([, value]) => value !== 0)), {
    'pending_pod_left_total{how="started",namespace="shop"}': 1,
    'pending_pod_left_total{how="rejected",namespace="batch"}': 1,
  })
  t.match(await waitsOf(left({ tally: () => tally })), {
    'scheduled count': 1,
    'scheduled sum': 4,
    'started count': 1,
    'started sum': 20,
    'started bucket 10': 0,
    'started bucket 20': 1,
    'started bucket 300': 1,
  })
})

test('waits are counted from 0, and not at all by a replica that is not active', async (t) => {
  t.match(await waitsOf(left(knownOf())), { 'scheduled count': 0, 'started count': 0 })
  t.strictSame(await waitsOf(left({ tally: () => undefined })), {})
  t.strictSame(await valuesOf(left({ tally: () => undefined })), {})
})

test('a tally counts each outcome, and only waits that are known', async (t) => {
  const tally = createLeftTally()
  const { ledger, leavings } = ledgerRig()
  for (const uid of ['a', 'b', 'c']) {
    ledger.pods.set(pod({ uid, name: uid }), 1001)
    ledger.pods.delete(pod({ uid, name: uid }), 1010)
  }
  ledger.resolve('a', 'not_found', 1011)
  ledger.resolve('b', 'failed', 1011)
  ledger.resolve('c', pod({ uid: 'c', name: 'c', ...atWork([ended(1, 1006)], { status: { phase: 'Failed' } }) }), 1011)
  leavings.forEach((one: Leaving) => tally.count(one))
  t.strictSame(Object.fromEntries(tally.left.get('shop') ?? []), { deleted: 1, unknown: 1, started: 1 })
  t.equal(tally.waits.get('scheduled')?.value().count, 1, 'of those that had a node')
  t.match(tally.waits.get('started')?.value(), { count: 1, sum: 6 })
})

test('namespaces that come and go leave no counts behind', async (t) => {
  const tally = createLeftTally()
  const { ledger, leavings } = ledgerRig()
  for (const namespace of ['build-1', 'build-2']) {
    ledger.pods.set(pod({ uid: namespace, namespace }), 1001)
    ledger.pods.delete(pod({ uid: namespace, namespace }), 1010)
    ledger.resolve(namespace, 'not_found', 1011)
  }
  leavings.forEach((one: Leaving) => tally.count(one))
  tally.forget('build-1')
  const values = await valuesOf(left({ tally: () => tally }))
  t.strictSame(
    Object.keys(values).filter((key) => key.includes('namespace="build-1"')),
    [],
  )
  t.equal(values['pending_pod_left_total{how="deleted",namespace="build-2"}'], 1)
})

test('the exporter says whether it tells, and what it makes of messages and thresholds', async (t) => {
  t.strictSame(await valuesOf(self(knownOf({ lookUps: () => 3, unclassifiedMessages: () => 2 }))), {
    pending_pod_telling: 1,
    pending_pod_unclassified_messages_total: 2,
    pending_pod_look_ups: 3,
  })
  const blind = knownOf({ summary: () => undefined, thresholdMistakes: () => ['shop', 'batch'] })
  t.strictSame(await valuesOf(self(blind)), {
    pending_pod_telling: 0,
    pending_pod_unclassified_messages_total: 0,
    pending_pod_look_ups: 0,
    'pending_pod_threshold_invalid{namespace="shop"}': 1,
    'pending_pod_threshold_invalid{namespace="batch"}': 1,
  })
})

test('every collector has a table that keeps to the rules, and tells how the watches fare', async (t) => {
  const state: WatchState = {
    kind: 'pods',
    isSynced: true,
    isStale: true,
    seenUntil: 85,
    lastEventAt: 80,
    lastBookmarkAt: 90,
    lastListSeconds: 0.5,
    relists: 1,
    reconnects: 2,
    failures: { ...noFailures(), gone: 3 },
    objects: 7,
    unreadableObjects: 1,
    problem: 'x',
  }
  const modules = modulesOf(knownOf(), { cluster: { skewSeconds: () => -2 }, watches: () => [{ state: () => state }] })
  t.strictSame(
    modules.map(({ name }) => name),
    ['waiting', 'left', 'self', 'watch'],
  )
  for (const { metrics } of modules) t.strictSame(lint(metrics), [])
  const watch = modules.find(({ name }) => name === 'watch')
  if (watch === undefined) throw new Error('no collector watch')
  const telling = Object.entries(await valuesOf(watch)).filter(([, value]) => value !== 0)
  t.strictSame(Object.fromEntries(telling), {
    pending_pod_cluster_clock_skew_seconds: -2,
    'pending_pod_watch_failures_total{failure="gone",kind="pods"}': 3,
    'pending_pod_watch_last_bookmark_timestamp_seconds{kind="pods"}': 90,
    'pending_pod_watch_last_event_timestamp_seconds{kind="pods"}': 80,
    'pending_pod_watch_last_list_duration_seconds{kind="pods"}': 0.5,
    'pending_pod_watch_objects{kind="pods"}': 7,
    'pending_pod_watch_reconnects_total{kind="pods"}': 2,
    'pending_pod_watch_relists_total{kind="pods"}': 1,
    'pending_pod_watch_stale{kind="pods"}': 1,
    'pending_pod_watch_synced{kind="pods"}': 1,
    'pending_pod_watch_unreadable_objects{kind="pods"}': 1,
  })
})

function noFailures(): WatchState['failures'] {
  return Object.fromEntries(watchFailures.map((one) => [one, 0])) as WatchState['failures']
}
