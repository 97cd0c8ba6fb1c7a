// SPDX-License-Identifier: Apache-2.0
import { listOf, type Raw, rawOf } from '@leadline/kube'
import { type Amounts, addAmounts, largerAmounts, readAmounts, requestsOf } from './amounts.ts'

const none: Amounts = new Map()

/** Whether an init container of a spec goes on while the main ones run. */
export function isSidecar(container: Raw): boolean {
  return container['restartPolicy'] === 'Always'
}

/**
 * What a pod asks a node for, as the scheduler sums it: main containers and sidecars together, or an init container with the
 * sidecars before it if that is more; what the pod asks for as a whole (`spec.resources`) in the place of that; and the
 * overhead of its runtime class.
 */
export function podRequests(spec: Raw): Amounts {
  let sidecars = none
  let peak = none
  for (const container of listOf(spec['initContainers'])) {
    const requests = requestsOf(container)
    if (isSidecar(container)) sidecars = addAmounts(sidecars, requests)
    peak = largerAmounts(peak, isSidecar(container) ? sidecars : addAmounts(sidecars, requests))
  }
  const running = listOf(spec['containers']).reduce((sum, one) => addAmounts(sum, requestsOf(one)), sidecars)
  const asked = new Map([...largerAmounts(running, peak), ...readAmounts(rawOf(spec['resources'])['requests'])])
  return addAmounts(asked, readAmounts(spec['overhead']))
}
