// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../cause/cause.ts'
import type { NodeReason } from '../message/node-reason.ts'
import type { LedgerTerms } from './options.ts'
import { keepOldest, type StuckPod } from './stuck.ts'
import { isHeld, settleCause, type WaitingPod } from './waiting-pod.ts'

/** The waiting pods of one namespace and cause. */
export interface CauseGroup {
  readonly namespace: string
  readonly cause: Cause
  readonly pods: number
  readonly oldestSeconds: number
  /** Those that have waited longer than the namespace allows; held ones are never among them. */
  readonly overThreshold: number
}

/** What waits at a moment. */
export interface Summary {
  readonly groups: readonly CauseGroup[]
  /** The oldest of those over their threshold, oldest first. */
  readonly stuck: readonly StuckPod[]
  /** Nodes refused by reason, summed over the pods that have no node. */
  readonly refusedNodes: ReadonlyMap<NodeReason, number>
  /** Pods of which the scheduler's message was not wholly understood. */
  readonly unclassified: number
}

interface Namespace {
  readonly thresholdSeconds: number
  readonly groups: Map<Cause, { -readonly [key in keyof CauseGroup]: CauseGroup[key] }>
}

/** Sums up the waiting pods in one pass. */
export function summarise(waiting: Iterable<WaitingPod>, terms: LedgerTerms, now: number): Summary {
  const namespaces = new Map<string, Namespace>()
  const refusedNodes = new Map<NodeReason, number>()
  const stuck: StuckPod[] = []
  const mostStuck = terms.mostStuck()
  let unclassified = 0
  for (const one of waiting) {
    const { pod, since } = one
    const cause = settleCause(one, terms, now)
    const ageSeconds = Math.max(0, now - since)
    const namespace = namespaceOf(namespaces, pod.namespace, terms)
    const isStuck = ageSeconds > namespace.thresholdSeconds && !isHeld(pod)
    count(namespace, pod.namespace, { cause, ageSeconds, isStuck })
    if (isStuck) keepOldest(stuck, mostStuck, { pod, cause, ageSeconds })
    if (pod.refusal === undefined || pod.nodeName !== undefined) continue
    if (!pod.refusal.isClassified) unclassified++
    for (const [reason, nodes] of pod.refusal.causes) {
      // Of a message that counts no nodes, as in a cluster that has none.
      if (nodes > 0) refusedNodes.set(reason, (refusedNodes.get(reason) ?? 0) + nodes)
    }
  }
  const groups = [...namespaces.values()].flatMap((namespace) => [...namespace.groups.values()])
  return { groups, stuck, refusedNodes, unclassified }
}

function namespaceOf(namespaces: Map<string, Namespace>, name: string, terms: LedgerTerms): Namespace {
  const known = namespaces.get(name)
  if (known !== undefined) return known
  const namespace = { thresholdSeconds: terms.thresholdSeconds(name), groups: new Map() }
  namespaces.set(name, namespace)
  return namespace
}

function count(
  { groups }: Namespace,
  namespace: string,
  { cause, ageSeconds, isStuck }: { readonly cause: Cause; readonly ageSeconds: number; readonly isStuck: boolean },
): void {
  const group = groups.get(cause) ?? { namespace, cause, pods: 0, oldestSeconds: 0, overThreshold: 0 }
  group.pods++
  group.oldestSeconds = Math.max(group.oldestSeconds, ageSeconds)
  if (isStuck) group.overThreshold++
  groups.set(cause, group)
}
