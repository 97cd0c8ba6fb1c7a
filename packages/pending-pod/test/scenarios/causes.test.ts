// SPDX-License-Identifier: Apache-2.0
import tap, { type Test, test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import { nodeReasons } from '../../src/message/node-reason.ts'
import { namespace } from '../servers/claims.ts'
import { isBound, neverStarts, type PodObject, podThat, saysOf, timeText } from '../servers/kubelet.ts'
import { causesOf, makeNamespace, startExporter, startPlane, tells, waitsFor } from '../servers/lab.ts'
import { makeNeighbours, nodes, removeNeighbours } from '../servers/neighbours.ts'
import { makePod, podPath } from '../servers/pods.ts'
import { nodePath, type Refused, refusals } from '../servers/refusals.ts'

const fileSeconds = 200
tap.setTimeout(fileSeconds * 1000)

/** For which reasons the page says that nodes were refused, and how many. */
function refusedOf(page: Page): Readonly<Record<string, number>> {
  return Object.fromEntries(
    nodeReasons.flatMap((reason) => {
      const count = page.value('pending_pod_node_reasons', { reason })
      return count === undefined ? [] : [[reason, count]]
    }),
  )
}

function isRefused({ status }: PodObject): boolean {
  return status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable') ?? false
}

test('pods that the scheduler refuses', { timeout: fileSeconds * 1000 }, async (group) => {
  const plane = await startPlane(group, { nodes: nodes.length })
  if (!plane) return
  const { admin } = plane
  for (const name of [namespace, 'neighbours', 'foreign']) await makeNamespace(admin, name)
  const exporter = await startExporter(group, plane.kubeconfig)
  await tells(exporter)

  const gone = async (name: string): Promise<void> => {
    await admin.delete(podPath(name, namespace))
    await exporter.shows(`that ${name} is gone`, 10, (page) => Object.keys(causesOf(page, namespace)).length === 0)
  }
  const checkRefused = async (t: Test, { cause, reasons, pod }: Refused, name: string): Promise<void> => {
    await makePod(admin, name, { ...pod, namespace })
    const page = await waitsFor(exporter, namespace, cause)
    const { status } = await podThat(admin, name, namespace, isRefused)
    const message = status.conditions?.find(({ type }) => type === 'PodScheduled')?.['message']
    t.strictSame(refusedOf(page), reasons, `${message}`)
    t.equal(page.value('pending_pod_unclassified_messages_total'), 0)
    await gone(name)
  }

  for (const [i, refused] of refusals.entries()) {
    await group.test(
      `check 21: a pod that needs what it can't have, ${refused.because}, waits for ${refused.cause}`,
      async (t) => {
        await refused.before?.(admin)
        await checkRefused(t, refused, `pod-${i}`)
        await refused.after?.(admin)
      },
    )
  }

  await group.test('check 21: a pod for which others have to leave waits for its nominated node', async (t) => {
    const classes = '/apis/scheduling.k8s.io/v1/priorityclasses'
    for (const [name, value] of [
      ['low', 1],
      ['high', 1000],
    ] as const) {
      await admin.create(classes, { metadata: { name }, value })
    }
    await makeNeighbours(
      admin,
      { resources: { requests: { cpu: '60' } } },
      { finalizers: ['example.com/slow'] },
      { priorityClassName: 'low' },
    )
    await makePod(admin, 'urgent', { namespace, requests: { cpu: '60' }, spec: { priorityClassName: 'high' } })
    const page = await waitsFor(exporter, namespace, 'nominated_waiting')
    const { status } = await podThat(admin, 'urgent', namespace, isRefused)
    t.ok(nodes.some((node) => node === status.nominatedNodeName))
    t.strictSame(refusedOf(page), { insufficient_cpu: 2 })
    t.equal(page.value('pending_pod_unclassified_messages_total'), 0)
    await removeNeighbours(admin)
    await podThat(admin, 'urgent', namespace, isBound)
    await gone('urgent')
  })

  await group.test('check 21: a pod in a cluster without nodes waits for no_nodes', async (t) => {
    for (const node of nodes) await admin.delete(nodePath(node))
    await makePod(admin, 'early', { namespace })
    const page = await waitsFor(exporter, namespace, 'no_nodes')
    t.strictSame(refusedOf(page), {}, 'of none')
    t.equal(page.value('pending_pod_unclassified_messages_total'), 0)
  })

  await group.test(
    "check 21: another scheduler's text is counted and logged once, and its pods wait for unschedulable_other",
    async (t) => {
      const spec = { schedulerName: 'batch-scheduler' }
      const says = (name: string, tasks: number): Promise<void> =>
        saysOf(admin, name, 'foreign', {
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: `${tasks}/9 tasks in gang unschedulable: pod group is not ready, 9 minAvailable`,
              lastTransitionTime: timeText(Date.now() / 1000),
            },
          ],
        })
      await makePod(admin, 'first', { namespace: 'foreign', annotations: neverStarts, spec })
      await says('first', 3)
      const page = await waitsFor(exporter, 'foreign', 'unschedulable_other')
      t.equal(page.value('pending_pod_unclassified_messages_total'), 1)
      await makePod(admin, 'second', { namespace: 'foreign', annotations: neverStarts, spec })
      await says('second', 4)
      const later = await exporter.shows(
        'the second',
        2,
        (now) => causesOf(now, 'foreign')['unschedulable_other'] === 2,
      )
      t.equal(later.value('pending_pod_unclassified_messages_total'), 2)
      const lines = exporter
        .output()
        .split('\n')
        .filter((line) => line.includes('not wholly understood'))
      t.equal(lines.length, 1)
      t.match(lines[0], /namespace=foreign pod=first message=.*tasks in gang unschedulable/)
    },
  )
})
