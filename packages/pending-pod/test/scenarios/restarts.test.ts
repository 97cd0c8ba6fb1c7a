// SPDX-License-Identifier: Apache-2.0
import tap, { type Test, test } from 'tap'
import type { Exporter } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'
import { createdAt, podThat } from '../servers/kubelet.ts'
import {
  ageOf,
  causesOf,
  isTelling,
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

const fileSeconds = 200
tap.setTimeout(fileSeconds * 1000)

/** Gated pods that stay, so that a set that is not whole shows. */
const idle = 100

const tooBig: PodPlan = { requests: { cpu: '1000' } }
const ofPods = { kind: 'pods' }

const now = (): number => Date.now() / 1000

/** How many pods have left in all namespaces. */
function allLeft(page: Page): number {
  return page.values('pending_pod_left_total').reduce((sum, count) => sum + count, 0)
}

test('exporters that come and go', { timeout: fileSeconds * 1000 }, async (group) => {
  const plane = await startPlane(group, { proxy: true })
  if (!plane) return
  const { admin, apiServer, proxy } = plane
  for (const name of ['idle', 'waits', 'comes', 'goes', 'later']) await makeNamespace(admin, name)
  const spec = { schedulingGates: [{ name: 'example.com/idle' }] }
  await Promise.all(Array.from({ length: idle }, (_, i) => makePod(admin, `idle-${i}`, { namespace: 'idle', spec })))
  await makePod(admin, 'one', { namespace: 'waits', ...tooBig })
  const made = createdAt(await podThat(admin, 'one', 'waits', () => true))
  const user = await plane.addUser('reader', [podRights, moreRights])

  /** Has each page that tells a part of the pods fail, and each that tells that one left that did not. */
  const follow = (exporter: Exporter): Exporter => {
    exporter.never(
      'a set is not whole',
      (page) =>
        isTelling(page) !== (causesOf(page, 'idle')['gated'] === idle) || Object.keys(leftOf(page, 'idle')).length > 0,
    )
    return exporter
  }
  const isOfAge = (t: Test, page: Page): void => {
    const age = ageOf(page, 'waits')
    t.ok(Math.abs(age - (now() - made)) < 2, `${age} s, of ${now() - made} s`)
    t.strictSame(causesOf(page, 'waits'), { insufficient_cpu: 1 })
    t.strictSame(leftOf(page, 'waits'), {})
  }

  const cut = follow(await startExporter(group, user.kubeconfig))
  isOfAge(group, await tells(cut))

  await group.test(
    'check 18: watches that are cut go on where they were, and what left meanwhile is counted once',
    async (t) => {
      await makePod(admin, 'one', { namespace: 'goes', ...tooBig })
      await waitsFor(cut, 'goes', 'insufficient_cpu')
      proxy.cut()
      await cut.shows('a failure', 10, (page) =>
        page.values('pending_pod_watch_failures_total', ofPods).some((count) => count > 0),
      )
      await admin.delete(podPath('one', 'goes'))
      await makePod(admin, 'one', { namespace: 'comes' })
      await podThat(admin, 'one', 'comes', ({ status }) => status.phase === 'Running')
      await makePod(admin, 'one', { namespace: 'later', ...tooBig })
      proxy.restore()
      const page = await waitsFor(cut, 'later', 'insufficient_cpu', 45)
      t.equal(page.value('pending_pod_watch_relists_total', ofPods), 0)
      const after = await cut.shows('what left', 5, (one) => allLeft(one) >= 2)
      t.strictSame(leftOf(after, 'goes'), { deleted: 1 })
      t.strictSame(leftOf(after, 'comes'), { started: 1 })
      isOfAge(t, after)
    },
  )

  await group.test(
    'check 18: a set that is read anew after an API server was restarted counts no pod twice or as left',
    async (t) => {
      const before = await cut.page()
      proxy.cut()
      await admin.delete(podPath('one', 'later'))
      await apiServer.kill()
      await apiServer.start()
      proxy.restore()
      const page = await cut.shows(
        'a whole set anew',
        60,
        (one) => (one.value('pending_pod_watch_relists_total', ofPods) ?? 0) > 0,
      )
      t.ok((page.value('pending_pod_watch_failures_total', { ...ofPods, failure: 'gone' }) ?? 0) > 0)
      isOfAge(t, await tells(cut))
      const after = await cut.shows('what left', 5, (one) => leftOf(one, 'later').deleted === 1)
      t.equal(allLeft(after), allLeft(before) + 1)
      isOfAge(t, after)
      await makePod(admin, 'two', { namespace: 'later', ...tooBig })
      const last = await waitsFor(cut, 'later', 'insufficient_cpu', 10)
      t.equal(allLeft(last), allLeft(before) + 1)
    },
  )

  await group.test(
    'check 18: an exporter that begins anew tells ages since creation, and counts nothing of what was before',
    async (t) => {
      t.equal(await cut.stop(), 0)
      const again = follow(await startExporter(t, user.kubeconfig))
      const page = await tells(again)
      isOfAge(t, page)
      t.equal(allLeft(page), 0)
      await admin.delete(podPath('two', 'later'))
      const after = await again.shows('the next that left', 5, (one) => leftOf(one, 'later').deleted === 1)
      t.equal(allLeft(after), 1)
      t.equal(await again.stop(), 0)
    },
  )

  await group.test(
    'check 18: of two replicas one tells, and the other takes over when it ends or is killed',
    async (t) => {
      const start = async (): Promise<Exporter> =>
        follow(await startExporter(t, plane.kubeconfig, '--lease=default/pending'))
      const active = await start()
      await tells(active)
      const standby = await start()
      const synced = await standby.shows(
        'all pods',
        10,
        (page) => (page.value('pending_pod_watch_objects', ofPods) ?? 0) > idle,
      )
      t.equal(synced.value('pending_pod_telling'), 0)
      for (const name of ['pending_pod_pods', 'pending_pod_left_total']) t.equal(synced.count(name), 0, `no ${name}`)
      let hasEnded = false
      standby.never('both tell', (page) => isTelling(page) && !hasEnded)
      await makePod(admin, 'three', { namespace: 'later', ...tooBig })
      await waitsFor(active, 'later', 'insufficient_cpu')
      await admin.delete(podPath('three', 'later'))
      await active.shows('that it left', 5, (page) => leftOf(page, 'later').deleted === 1)
      t.equal((await standby.page()).value('pending_pod_telling'), 0)
      hasEnded = true
      active.signal('SIGKILL')
      await active.stop()
      const page = await tells(standby, 30)
      isOfAge(t, page)
      t.equal(allLeft(page), 0, 'what the other has counted is not counted again')
      const newcomer = await start()
      await newcomer.shows('all pods', 10, (one) => (one.value('pending_pod_watch_objects', ofPods) ?? 0) > idle)
      t.ok(isTelling(await standby.page()))
      t.notOk(isTelling(await newcomer.page()))
      t.equal(await standby.stop(), 0)
      // It was given back, so that nobody has to wait for it to run out.
      isOfAge(t, await tells(newcomer, 5))
    },
  )
})
