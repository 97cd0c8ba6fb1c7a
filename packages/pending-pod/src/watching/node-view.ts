// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'
import { type Cluster, listOf, type Raw, rawOf, textOf } from '@leadline/kube'
import type { NodeFacts } from '../help/node-facts.ts'
import { type Amounts, addAmounts, readAmounts } from '../pod/amounts.ts'
import { podRequests } from '../pod/requests.ts'

/** In a larger cluster reading all pods to sum up what they ask for would cost more than the sentence is worth. */
const mostNodes = 200

/** For how long the answer is good enough for one more page. */
const keptSeconds = 30

const timeoutSeconds = 10

/** What the page needs to know of nodes. */
export interface NodeView {
  /** The nodes and what is asked of each; none where they, or all pods, can't be read, and of more than 200. Never rejects. */
  nodes(): Promise<readonly NodeFacts[]>
}

/** Reads nodes and the pods on them when it is asked, at most every 30 s. */
export function nodeView(cluster: Pick<Cluster, 'get' | 'list'>, clock: Clock): NodeView {
  let kept: Promise<readonly NodeFacts[]> | undefined
  let keptUntil = Number.NEGATIVE_INFINITY
  return {
    nodes() {
      if (kept === undefined || clock.now() >= keptUntil) {
        keptUntil = clock.now() + keptSeconds
        kept = readNodes(cluster).catch(() => [])
      }
      return kept
    },
  }
}

async function readNodes(cluster: Pick<Cluster, 'get' | 'list'>): Promise<readonly NodeFacts[]> {
  const page = rawOf(await cluster.get('/api/v1/nodes', { query: { limit: mostNodes }, timeoutSeconds }))
  if (textOf(rawOf(page['metadata'])['continue']) !== undefined) return []
  const requested = new Map<string, Amounts>()
  const take = (pod: unknown): void => {
    const spec = rawOf(rawOf(pod)['spec'])
    const node = textOf(spec['nodeName'])
    if (node === undefined) return
    const ofPod = addAmounts(podRequests(spec), new Map([['pods', 1]]))
    requested.set(node, addAmounts(requested.get(node) ?? new Map(), ofPod))
  }
  const fieldSelector = 'spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed'
  await cluster.list('/api/v1/pods', {
    pick: take,
    begin: () => requested.clear(),
    query: { fieldSelector },
    timeoutSeconds,
  })
  return listOf(page['items']).map((node) => readNode(node, requested))
}

function readNode(node: Raw, requested: ReadonlyMap<string, Amounts>): NodeFacts {
  const name = textOf(rawOf(node['metadata'])['name']) ?? ''
  const spec = rawOf(node['spec'])
  return {
    name,
    allocatable: readAmounts(rawOf(node['status'])['allocatable']),
    requested: requested.get(name) ?? new Map(),
    taints: listOf(spec['taints']).map(({ key, value, effect }) => ({
      key: textOf(key) ?? '',
      value: textOf(value) ?? '',
      effect: textOf(effect) ?? '',
    })),
    unschedulable: spec['unschedulable'] === true,
  }
}
