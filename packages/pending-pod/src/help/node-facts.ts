// SPDX-License-Identifier: Apache-2.0
import type { Amounts } from '../pod/amounts.ts'
import type { PendingPodFacts } from '../pod/pod.ts'
import { repels, type Taint } from '../pod/toleration.ts'

/** What is to be known of a node to tell what it lacks. */
export interface NodeFacts {
  readonly name: string
  readonly allocatable: Amounts
  /** What the pods on it ask for together; `pods` is their number. */
  readonly requested: Amounts
  readonly taints: readonly Taint[]
  readonly unschedulable: boolean
}

/** How much of each resource a node would need more of to take the pod; resources of which it has enough are left out. */
export function shortfalls(node: NodeFacts, pod: PendingPodFacts): Amounts {
  const wanted = [...pod.requests, ['pods', 1] as const]
  return new Map(
    wanted.flatMap(([resource, amount]): [string, number][] => {
      const missing = amount + (node.requested.get(resource) ?? 0) - (node.allocatable.get(resource) ?? 0)
      return amount > 0 && missing > 0 ? [[resource, missing]] : []
    }),
  )
}

/** The first taint that keeps the pod from the node; undefined when none does. */
export function repellingTaint({ taints }: NodeFacts, { tolerations }: PendingPodFacts): Taint | undefined {
  return taints.find((taint) => repels(taint, tolerations))
}

/** Whether cordons and taints let the pod on the node. */
export function isOpen(node: NodeFacts, pod: PendingPodFacts): boolean {
  return !node.unschedulable && repellingTaint(node, pod) === undefined
}
