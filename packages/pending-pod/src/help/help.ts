// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../cause/cause.ts'
import type { PendingPodFacts } from '../pod/pod.ts'
import { amountText } from './amount-text.ts'
import { lackText } from './lack-text.ts'
import { type NodeFacts, repellingTaint } from './node-facts.ts'

const namedResources: Readonly<Partial<Record<Cause, string>>> = {
  insufficient_cpu: 'cpu',
  insufficient_memory: 'memory',
  insufficient_storage: 'ephemeral-storage',
  too_many_pods: 'pods',
}

/**
 * What would help a pod that no node takes, as one sentence without its full stop; undefined when no more is known than the
 * cause says. It goes by requests, taints and cordons alone, so a node that it names may be ruled out by an affinity.
 */
export function helpText(pod: PendingPodFacts, cause: Cause, nodes: readonly NodeFacts[] = []): string | undefined {
  const resources = resourcesOf(pod, cause)
  if (resources !== undefined) return lackText(pod, resources, nodes) ?? askedText(pod, resources)
  if (cause === 'taint') return taintText(pod, nodes)
  if (cause === 'cordoned') return cordonText(nodes)
  if (cause === 'gated') return `${listText(pod.gates)} ${pod.gates.length === 1 ? 'has' : 'have'} to be lifted`
  if (cause === 'not_seen_by_scheduler') return `the scheduler ${pod.schedulerName} has to run`
  return cause === 'bound_kubelet_silent' ? `the kubelet of ${pod.nodeName ?? 'its node'} has to answer` : undefined
}

function resourcesOf({ requests, refusal }: PendingPodFacts, cause: Cause): ReadonlySet<string> | undefined {
  const named = namedResources[cause]
  if (named !== undefined) return new Set([named])
  if (cause !== 'insufficient_extended') return undefined
  return new Set(refusal?.extras.filter((extra) => requests.has(extra)) ?? [])
}

/** What can be said without the nodes. */
function askedText({ requests, refusal }: PendingPodFacts, resources: ReadonlySet<string>): string | undefined {
  const [resource] = resources
  const asked = resource === undefined ? undefined : requests.get(resource)
  if (resource === undefined || asked === undefined || refusal === undefined) return undefined
  return `it asks for ${amountText(resource, asked)} of ${resource}, which no node that it may go to has left`
}

function taintText(pod: PendingPodFacts, nodes: readonly NodeFacts[]): string | undefined {
  const found = nodes.flatMap((node) => (node.unschedulable ? [] : (repellingTaint(node, pod) ?? [])))
  const taints =
    found.length > 0 ? found.map(({ key, value }) => (value === '' ? key : `${key}=${value}`)) : pod.refusal?.extras
  return taints === undefined || taints.length === 0
    ? undefined
    : `it would have to tolerate ${listText(distinct(taints))}`
}

function cordonText(nodes: readonly NodeFacts[]): string | undefined {
  const names = nodes.filter(({ unschedulable }) => unschedulable).map(({ name }) => name)
  return names.length === 0 ? undefined : `${listText(names)} would have to be uncordoned`
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}

/** Three of them, and how many there are beyond. */
function listText(texts: readonly string[]): string {
  const more = texts.length - 3
  return texts.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
