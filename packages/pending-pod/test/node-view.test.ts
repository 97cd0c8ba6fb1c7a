// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '@leadline/kube'
import { test } from 'tap'
import { nodeView } from '../src/watching/node-view.ts'

const node = {
  metadata: { name: 'n1' },
  spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }], unschedulable: true },
  status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110' } },
}

function podOn(nodeName: string | undefined, cpu: string): object {
  return { spec: { nodeName, containers: [{ resources: { requests: { cpu } } }] } }
}

interface Answers {
  readonly nodes: () => unknown
  readonly pods?: readonly object[]
}

/** A cluster that tells of these, and how often it was asked. */
function clusterOf({ nodes, pods = [] }: Answers) {
  const asked = { nodes: 0, pods: 0 }
  const cluster: Pick<Cluster, 'get' | 'list'> = {
    async get() {
      asked.nodes++
      return nodes()
    },
    async list(_path, { pick }) {
      asked.pods++
      return { items: pods.map(pick), resourceVersion: '1' }
    },
  }
  return { cluster, asked }
}

const clockAt = (at: { now: number }) => ({ unix: () => 0, now: () => at.now })

test('nodes are told with what the pods on them ask for', async (t) => {
  const pods = [podOn('n1', '500m'), podOn('n1', '1'), podOn('n2', '7'), podOn(undefined, '9')]
  const { cluster } = clusterOf({ nodes: () => ({ metadata: {}, items: [node] }), pods })
  const [one, ...others] = await nodeView(cluster, clockAt({ now: 0 })).nodes()
  t.strictSame(others, [])
  t.match(one, { name: 'n1', unschedulable: true, taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] })
  t.strictSame([one?.allocatable.get('cpu'), one?.allocatable.get('pods')], [2000, 110])
  t.strictSame([one?.requested.get('cpu'), one?.requested.get('pods')], [1500, 2])
})

test('they are read once for all that ask within 30 s', async (t) => {
  const at = { now: 100 }
  const { cluster, asked } = clusterOf({ nodes: () => ({ metadata: {}, items: [node] }) })
  const view = nodeView(cluster, clockAt(at))
  await Promise.all([view.nodes(), view.nodes()])
  at.now = 129
  await view.nodes()
  t.strictSame(asked, { nodes: 1, pods: 1 })
  at.now = 130
  await view.nodes()
  t.strictSame(asked, { nodes: 2, pods: 2 })
})

test('of more than 200 nodes none is told, and no pod is read', async (t) => {
  const { cluster, asked } = clusterOf({ nodes: () => ({ metadata: { continue: 'x' }, items: [node] }) })
  t.strictSame(await nodeView(cluster, clockAt({ now: 0 })).nodes(), [])
  t.equal(asked.pods, 0)
})

test('where nodes can not be read there are none', async (t) => {
  const { cluster } = clusterOf({
    nodes() {
      throw new Error('nodes is forbidden')
    },
  })
  t.strictSame(await nodeView(cluster, clockAt({ now: 0 })).nodes(), [])
})
