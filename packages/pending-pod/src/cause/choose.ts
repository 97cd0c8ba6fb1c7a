// SPDX-License-Identifier: Apache-2.0
import { type NodeReason, nodeReasons } from '../message/node-reason.ts'
import type { SchedulerMessage } from '../message/read-message.ts'

/** Nodes refused for these were never meant for the pod. */
const setAside: ReadonlySet<NodeReason> = new Set(['taint', 'cordoned', 'node_affinity'])

/**
 * The one reason to name for a refused pod: the known one of the most nodes once those are set aside that were never meant
 * for it; an unknown one when none is known; one of those set aside when nothing else remains. Of equals it is that which
 * comes first in `nodeReasons`.
 */
export function chooseReason({ causes }: SchedulerMessage): NodeReason {
  const present = nodeReasons.filter((reason) => causes.has(reason))
  const meant = present.filter((reason) => !setAside.has(reason))
  const known = meant.filter((reason) => reason !== 'unschedulable_other')
  const candidates = [known, meant, present].find(({ length }) => length > 0) ?? []
  return candidates.reduce<NodeReason>(
    (best, reason) => ((causes.get(reason) ?? 0) > (causes.get(best) ?? 0) ? reason : best),
    candidates[0] ?? 'unschedulable_other',
  )
}
