// SPDX-License-Identifier: Apache-2.0
import type { NodeReason } from './node-reason.ts'
import { type Reason, readReason } from './reason.ts'
import { splitMessage, splitReasons } from './split.ts'

/** What a scheduler's message of a pod says. */
export interface SchedulerMessage {
  /** How many nodes are refused for each reason; a node can be refused for several. */
  readonly causes: ReadonlyMap<NodeReason, number>
  /** Of how many nodes the message speaks; undefined when it speaks of none. */
  readonly totalNodes: number | undefined
  /** What refuses the pod for all nodes alike, at most 256 characters; undefined when nodes are refused one by one. */
  readonly prefilter: string | undefined
  /** At most 8 extended resources and taints (`key`, or `key=value`) that it names. */
  readonly extras: readonly string[]
  /** Whether every reason is known; false for most schedulers but the one of Kubernetes. */
  readonly isClassified: boolean
}

/** The API server takes no longer message of a condition. */
const longestMessage = 32_768
/** Beyond what fits into such a message when every node has a taint of its own. */
const mostReasons = 1000
const mostExtras = 8

/**
 * Reads the message of a condition PodScheduled, in the forms of Kubernetes 1.22 to 1.36:
 * `0/<n> nodes are available: <prefilter>. | <n> <reason>, <n> <reason>. <tail>`. What follows the first sentence is
 * of the postfilters, preemption above all, which names the same nodes again. Time and memory are bounded by the length,
 * of which no more than 32,768 characters are read.
 */
export function readMessage(message: string): SchedulerMessage {
  const { totalNodes, body } = splitMessage(message.slice(0, longestMessage).trim())
  const counted = totalNodes === undefined ? undefined : splitReasons(body, mostReasons)
  if (counted === undefined) return readUncounted(body, totalNodes)
  const causes = new Map<NodeReason, number>()
  const extras = new Set<string>()
  let isClassified = true
  for (const { nodes, text } of counted) {
    const { reason, extra, isKnown } = readReason(text)
    causes.set(reason, (causes.get(reason) ?? 0) + nodes)
    isClassified &&= isKnown
    if (extra !== undefined && extras.size < mostExtras) extras.add(extra)
  }
  return { causes, totalNodes, prefilter: undefined, extras: [...extras], isClassified }
}

function readUncounted(body: string, totalNodes: number | undefined): SchedulerMessage {
  const { reason, extra, isKnown }: Reason = readReason(body)
  return {
    causes: new Map([[reason, totalNodes ?? 0]]),
    totalNodes,
    prefilter: body === '' ? undefined : Buffer.from(body.slice(0, 256)).toString(),
    extras: extra === undefined ? [] : [extra],
    isClassified: isKnown,
  }
}
