// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import tap, { type Test, test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import type { Cause } from '../../src/cause/cause.ts'
import { silentAfterSeconds } from '../../src/cause/kubelet-silence.ts'
import { flapping } from '../servers/flapping.ts'
import { createdAt, isBound, neverStarts, podThat, saysOf, timeText } from '../servers/kubelet.ts'
import {
  ageOf,
  causesOf,
  leftOf,
  makeNamespace,
  overThreshold,
  startExporter,
  startPlane,
  tells,
  waitsFor,
} from '../servers/lab.ts'
import { makePod, type PodPlan, podPath } from '../servers/pods.ts'

const fileSeconds = 200
tap.setTimeout(fileSeconds * 1000)

const thresholdSeconds = 5
const threshold = `${thresholdSeconds}s`
const tooBig: PodPlan = { requests: { cpu: '1000' } }

/** A little more than a cause is held after it has last been seen. */
const holdSeconds = 12

/** How long a kubelet goes to and fro between two reasons, a second each. */
const flaps = 16

const now = (): number => Date.now() / 1000

/** Checks the age of the one pod of a namespace. */
function isOfAge(t: Test, page: Page, namespace: string, since: number): void {
  const age = ageOf(page, namespace)
  t.ok(Math.abs(age - (now() - since)) < 2, `${namespace}: ${age} s, of ${now() - since} s`)
}

test('pods that wait', { timeout: fileSeconds * 1000 }, async (group) => {
  group.jobs = 12
  const plane = await startPlane(group)
  if (!plane) return
  const { admin } = plane
  const short = ['gated', 'foreign', 'unscheduled', ...flapping.map(({ namespace }) => namespace)]
  await Promise.all([
    ...short.map((name) => makeNamespace(admin, name, threshold)),
    ...['silent', 'nowhere'].map((name) => makeNamespace(admin, name)),
  ])
  const exporter = await startExporter(group, plane.kubeconfig)
  await tells(exporter)

  /** Makes the one pod of a namespace, which the fake kubelet leaves alone, and gives when it was made. */
  const makeOne = async (namespace: string, plan: PodPlan = {}): Promise<number> => {
    await makePod(admin, 'one', { annotations: neverStarts, ...plan, namespace })
    return createdAt(await podThat(admin, 'one', namespace, () => true))
  }
  /** Waits until the one pod of a namespace is over its threshold for this cause, with its age since then. */
  const goesOver = async (t: Test, namespace: string, cause: Cause, since: number): Promise<Page> => {
    const page = await exporter.shows(
      `that ${namespace} is over its threshold`,
      since + thresholdSeconds + 2 - now(),
      (one) => overThreshold(one, namespace) === 1,
    )
    t.strictSame(causesOf(page, namespace), { [cause]: 1 })
    isOfAge(t, page, namespace, since)
    t.ok(ageOf(page, namespace) > thresholdSeconds)
    t.equal(page.count('pending_pod_stuck', { namespace, pod: 'one', owner: 'Pod/one', cause }), 1)
    return page
  }

  await Promise.all([
    group.test(
      'check 19: a gated pod shows its age and is never over its threshold; ungated, its age counts from then',
      { buffered: true },
      async (t) => {
        const namespace = 'gated'
        const spec = { schedulingGates: [{ name: 'example.com/quota' }] }
        const made = await makeOne(namespace, { ...tooBig, spec })
        isOfAge(t, await waitsFor(exporter, namespace, 'gated'), namespace, made)
        // One that waits beside it is over by then.
        await makePod(admin, 'other', { namespace, ...tooBig })
        const page = await exporter.shows(
          'that the other is over',
          thresholdSeconds + 3,
          (one) => overThreshold(one, namespace) > 0,
        )
        t.equal(page.value('pending_pod_over_threshold_pods', { namespace, cause: 'gated' }), 0)
        t.equal(page.value('pending_pod_over_threshold_pods', { namespace, cause: 'insufficient_cpu' }), 1)
        t.equal(page.count('pending_pod_stuck_age_seconds', { namespace, pod: 'one' }), 0)
        t.ok((page.value('pending_pod_oldest_age_seconds', { namespace, cause: 'gated' }) ?? 0) > thresholdSeconds)
        await admin.delete(podPath('other', namespace))
        await exporter.shows('that it is gone', 5, (one) => causesOf(one, namespace)['insufficient_cpu'] === undefined)
        await admin.patch(podPath('one', namespace), { spec: { schedulingGates: null } })
        const ungated = now()
        const after = await waitsFor(exporter, namespace, 'insufficient_cpu')
        isOfAge(t, after, namespace, ungated)
        t.equal(overThreshold(after, namespace), 0)
        await goesOver(t, namespace, 'insufficient_cpu', ungated)
      },
    ),

    group.test(
      'check 20: a pod for a scheduler that is not there waits as not_seen_by_scheduler, and goes over its threshold',
      { buffered: true },
      async (t) => {
        const made = await makeOne('foreign', { spec: { schedulerName: 'nobody' } })
        isOfAge(t, await waitsFor(exporter, 'foreign', 'not_seen_by_scheduler'), 'foreign', made)
        await goesOver(t, 'foreign', 'not_seen_by_scheduler', made)
      },
    ),

    ...(
      [
        ['silent', 'that was scheduled to a node', {}],
        ['nowhere', 'that was made for a node', { spec: { nodeName: 'node-without-a-kubelet' } }],
      ] as const
    ).map(([namespace, which, plan]) =>
      group.test(
        `check 20: a pod ${which} whose kubelet is silent waits as starting, and after a minute as bound_kubelet_silent`,
        { buffered: true },
        async (t) => {
          const made = await makeOne(namespace, plan)
          await podThat(admin, 'one', namespace, isBound)
          const early = await waitsFor(exporter, namespace, 'starting')
          isOfAge(t, early, namespace, made)
          const page = await waitsFor(exporter, namespace, 'bound_kubelet_silent', silentAfterSeconds + 3)
          t.ok(ageOf(page, namespace) >= silentAfterSeconds)
          isOfAge(t, page, namespace, made)
        },
      ),
    ),

    ...flapping.map(({ namespace, what, cause, spec, says }) =>
      group.test(
        `check 22: a pod ${what} waits for ${cause} throughout, since its creation`,
        { buffered: true },
        async (t) => {
          const made = await makeOne(namespace, spec && { spec })
          await podThat(admin, 'one', namespace, isBound)
          const startTime = timeText(now())
          const say = async (turn: number): Promise<void> =>
            saysOf(admin, 'one', namespace, { startTime, ...says(turn, now()) })
          await say(0)
          await waitsFor(exporter, namespace, cause, holdSeconds)
          exporter.never(`${namespace} waits for something else`, (page) => {
            const causes = causesOf(page, namespace)
            return causes[cause] !== 1 || Object.keys(causes).length !== 1
          })
          for (let turn = 1; turn <= flaps; turn++) {
            await setTimeout(1000)
            await say(turn)
            isOfAge(t, await exporter.page(), namespace, made)
          }
          const page = await goesOver(t, namespace, cause, made)
          t.strictSame(leftOf(page, namespace), {}, 'and it has not left')
        },
      ),
    ),
  ])

  await group.test(
    'check 20: a pod that is made while the scheduler is down waits as not_seen_by_scheduler until it is back',
    async (t) => {
      await plane.scheduler.stop()
      const namespace = 'unscheduled'
      const made = await makeOne(namespace, { annotations: {} })
      await waitsFor(exporter, namespace, 'not_seen_by_scheduler')
      await goesOver(t, namespace, 'not_seen_by_scheduler', made)
      await plane.scheduler.start()
      const page = await exporter.shows('that it started', 10, (one) => leftOf(one, namespace).started === 1)
      t.strictSame(causesOf(page, namespace), {})
      t.strictSame(leftOf(page, namespace), { started: 1 })
      t.equal(page.value('pending_pod_wait_duration_seconds_count', { stage: 'started' }), 1)
      t.ok((page.value('pending_pod_wait_duration_seconds_sum', { stage: 'scheduled' }) ?? 0) >= thresholdSeconds)
    },
  )
})
