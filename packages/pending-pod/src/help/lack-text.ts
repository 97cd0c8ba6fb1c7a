// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'
import { amountText } from './amount-text.ts'
import { isOpen, type NodeFacts, shortfalls } from './node-facts.ts'

/** A node that lacks something for the pod. */
interface Lack {
  readonly node: NodeFacts
  readonly missing: ReadonlyMap<string, number>
}

/**
 * What the nodes that the pod may go to lack of these resources: how many nodes, and how much on the one nearest to fitting.
 * Undefined when none of them lacks any.
 */
export function lackText(
  pod: PendingPodFacts,
  resources: ReadonlySet<string>,
  nodes: readonly NodeFacts[],
): string | undefined {
  const open = nodes.filter((node) => isOpen(node, pod))
  const lacks = open
    .map((node): Lack => ({ node, missing: shortfalls(node, pod) }))
    .filter(({ missing }) => [...missing.keys()].some((resource) => resources.has(resource)))
  const resource = [...resources].find((one) => lacks.some(({ missing }) => missing.has(one)))
  if (resource === undefined) return undefined
  const lacking = lacks.filter(({ missing }) => missing.has(resource))
  const { node, missing } = nearest(lacking, resource)
  const count = `${lacking.length} ${lacking.length === 1 ? 'node lacks' : 'nodes lack'} ${nameOf(resource)}`
  if (resource === 'pods') return `${count}: each runs as many as it may`
  const tooLarge = tooLargeText(pod, resource, open)
  if (tooLarge !== undefined) return tooLarge
  const shortfall = amountText(resource, missing.get(resource) ?? 0)
  return `${count}: the smallest shortfall is ${shortfall} on ${node.name}${alsoText(missing, resource)}`
}

/** The node that lacks the fewest resources, and of those the one that lacks least of this. */
function nearest(lacks: readonly Lack[], resource: string): Lack {
  return lacks.reduce((best, one) => {
    const fewer = one.missing.size - best.missing.size
    const less = (one.missing.get(resource) ?? 0) - (best.missing.get(resource) ?? 0)
    return fewer < 0 || (fewer === 0 && less < 0) ? one : best
  })
}

function nameOf(resource: string): string {
  return resource === 'pods' ? 'room for pods' : resource
}

function alsoText(missing: ReadonlyMap<string, number>, resource: string): string {
  const others = [...missing].filter(([other]) => other !== resource)
  const texts = others.map(([other, amount]) =>
    other === 'pods' ? 'room for it' : `${amountText(other, amount)} of ${other}`,
  )
  return texts.length === 0 ? '' : `, which also lacks ${texts.join(' and ')}`
}

/** No node that it may go to has as much in all, so making room would not help. */
function tooLargeText({ requests }: PendingPodFacts, resource: string, open: readonly NodeFacts[]): string | undefined {
  const asked = requests.get(resource) ?? 0
  const largest = Math.max(...open.map(({ allocatable }) => allocatable.get(resource) ?? 0))
  if (asked <= largest) return undefined
  if (largest === 0) return `no node that it may go to has any ${resource}`
  const [wants, most] = [amountText(resource, asked), amountText(resource, largest)]
  return `it asks for ${wants} of ${resource}, and the largest node that it may go to has ${most} in all`
}
