// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import tap, { test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import { isBound, neverStarts, podThat, saysOf } from '../servers/kubelet.ts'
import {
  causesOf,
  leftOf,
  makeNamespace,
  moreRights,
  podRights,
  startExporter,
  startPlane,
  tells,
  waitsFor,
} from '../servers/lab.ts'
import { makePod, type PodPlan, podPath } from '../servers/pods.ts'

const fileSeconds = 120
tap.setTimeout(fileSeconds * 1000)

const tooBig: PodPlan = { requests: { cpu: '1000' } }

/** For how long a pod is held by its gate: well over what it takes to start one. */
const heldSeconds = 4

/** How many waits up to a stage were measured, and their sum in seconds. */
function waitsUntil(page: Page, stage: 'scheduled' | 'started'): { readonly count: number; readonly sum: number } {
  const [count = Number.NaN, sum = Number.NaN] = ['count', 'sum'].map((part) =>
    page.value(`pending_pod_wait_duration_seconds_${part}`, { stage }),
  )
  return { count, sum }
}

test('pods that wait no longer', { timeout: fileSeconds * 1000 }, async (group) => {
  const plane = await startPlane(group, { audit: true })
  if (!plane) return
  const { admin } = plane
  const user = await plane.addUser('reader', [podRights, moreRights])
  await makeNamespace(admin, 'before')
  await makePod(admin, 'old', { namespace: 'before' })
  await podThat(admin, 'old', 'before', ({ status }) => status.phase === 'Running')
  const exporter = await startExporter(group, user.kubeconfig)
  await tells(exporter)

  /** Names of the pods that the exporter has read one by one, in their order. */
  const readPods = (): readonly string[] =>
    readFileSync(plane.auditLog ?? '', 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ verb, user: { username } }) => verb === 'get' && username === user.name)
      .map(({ objectRef: { namespace, name } }) => `${namespace}/${name}`)
  const leaves = (namespace: string, how: string): Promise<Page> =>
    exporter.shows(`that a pod of ${namespace} ${how}`, 5, (page) => Object.keys(leftOf(page, namespace)).length > 0)

  await group.test('check 23: a pod that starts is counted as started, once, with one read', async (t) => {
    await makeNamespace(admin, 'starts')
    await makePod(admin, 'one', { namespace: 'starts' })
    const page = await leaves('starts', 'started')
    t.strictSame(leftOf(page, 'starts'), { started: 1 })
    t.strictSame(causesOf(page, 'starts'), {})
    for (const stage of ['scheduled', 'started'] as const) {
      const { count, sum } = waitsUntil(page, stage)
      t.equal(count, 1)
      t.ok(sum <= 3, `${stage} after ${sum} s`)
    }
    t.strictSame(readPods(), ['starts/one'])
  })

  await group.test(
    'check 23: one that is deleted while it waits is counted as deleted, and has not started',
    async (t) => {
      await makeNamespace(admin, 'deleted')
      await makePod(admin, 'one', { namespace: 'deleted', ...tooBig })
      await waitsFor(exporter, 'deleted', 'insufficient_cpu')
      await admin.delete(podPath('one', 'deleted'))
      const page = await leaves('deleted', 'is deleted')
      t.strictSame(leftOf(page, 'deleted'), { deleted: 1 })
      t.equal(waitsUntil(page, 'started').count, 1)
      t.equal(waitsUntil(page, 'scheduled').count, 1)
    },
  )

  await group.test(
    'check 23: one that its kubelet turns away is counted as rejected, and has not started',
    async (t) => {
      await makeNamespace(admin, 'rejected')
      await makePod(admin, 'one', { namespace: 'rejected', annotations: neverStarts })
      await podThat(admin, 'one', 'rejected', isBound)
      await waitsFor(exporter, 'rejected', 'starting')
      await saysOf(admin, 'one', 'rejected', {
        phase: 'Failed',
        reason: 'OutOfcpu',
        message: 'Pod was rejected: Node did not have enough resource: cpu, requested: 1000, used: 0, capacity: 64000',
      })
      const page = await leaves('rejected', 'is rejected')
      t.strictSame(leftOf(page, 'rejected'), { rejected: 1 })
      t.equal(waitsUntil(page, 'started').count, 1)
      t.equal(waitsUntil(page, 'scheduled').count, 2, 'and yet it had been given a node')
    },
  )

  await group.test('check 23: one that was gated has waited since its gate went', async (t) => {
    const before = waitsUntil(await exporter.page(), 'started')
    await makeNamespace(admin, 'gated')
    await makePod(admin, 'one', { namespace: 'gated', spec: { schedulingGates: [{ name: 'example.com/quota' }] } })
    await waitsFor(exporter, 'gated', 'gated')
    await exporter.shows(
      'that it is held',
      heldSeconds + 2,
      (page) => (page.value('pending_pod_oldest_age_seconds', { namespace: 'gated' }) ?? 0) > heldSeconds,
    )
    await admin.patch(podPath('one', 'gated'), { spec: { schedulingGates: null } })
    const page = await leaves('gated', 'started')
    t.strictSame(leftOf(page, 'gated'), { started: 1 })
    const after = waitsUntil(page, 'started')
    t.equal(after.count, 2)
    t.ok(after.sum - before.sum <= heldSeconds / 2, `${after.sum - before.sum} s`)
  })

  await group.test(
    'check 23: one of the same name and another UID, as a StatefulSet makes it, is another pod',
    async (t) => {
      await makeNamespace(admin, 'again')
      await makePod(admin, 'one', { namespace: 'again', ...tooBig })
      await waitsFor(exporter, 'again', 'insufficient_cpu')
      await admin.delete(podPath('one', 'again'))
      await makePod(admin, 'one', { namespace: 'again' })
      const page = await exporter.shows('that both left', 5, (now) => leftOf(now, 'again').started === 1)
      t.strictSame(leftOf(page, 'again'), { deleted: 1, started: 1 })
    },
  )

  await group.test('check 23: fifty at a time are counted once each', async (t) => {
    await makeNamespace(admin, 'many')
    await Promise.all(Array.from({ length: 50 }, (_, i) => makePod(admin, `pod-${i}`, { namespace: 'many' })))
    const page = await exporter.shows('that all started', 20, (now) => leftOf(now, 'many').started === 50)
    t.strictSame(leftOf(page, 'many'), { started: 50 })
    t.equal(page.value('pending_pod_look_ups'), 0)
  })

  await group.test('check 23: each pod that left was read once, and no other', async (t) => {
    await makePod(admin, 'stays', { namespace: 'deleted', ...tooBig })
    await waitsFor(exporter, 'deleted', 'insufficient_cpu')
    for (const [name, namespace] of [
      ['old', 'before'],
      ['one', 'starts'],
      ['one', 'rejected'],
    ] as const) {
      await admin.delete(podPath(name, namespace))
    }
    // What comes after them has been seen, too.
    await makePod(admin, 'last', { namespace: 'starts' })
    const page = await exporter.shows('the last', 5, (now) => leftOf(now, 'starts').started === 2)
    const left = page.values('pending_pod_left_total').reduce((sum, count) => sum + count, 0)
    t.equal(left, 1 + 1 + 1 + 1 + 2 + 50 + 1)
    t.equal(readPods().length, left)
    const others = new Set(readPods().filter((name) => name !== 'again/one'))
    t.equal(others.size, left - 2)
    t.notOk(others.has('before/old'))
    t.notOk(others.has('deleted/stays'))
    t.strictSame(leftOf(page, 'before'), {})
    t.equal(waitsUntil(page, 'started').count, 1 + 1 + 1 + 50 + 1)
  })
})

interface AuditEvent {
  readonly verb: string
  readonly user: { readonly username: string }
  readonly objectRef: { readonly namespace: string; readonly name: string }
}
