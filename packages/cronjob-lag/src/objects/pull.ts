// SPDX-License-Identifier: Apache-2.0
import { ObjectError, rawOf, textOf } from '@leadline/kube'
import { firstTimeOf } from './event-time.ts'

/** An image of a pod was there: pulled, or on the node already. */
export interface Pull {
  readonly namespace: string
  readonly pod: string
  /** In unix seconds, by the node's clock. */
  readonly at: number
}

/** Reads an event Pulled. Throws ObjectError when it does not tell of which pod, or when. */
export function readPull(raw: unknown): Pull {
  const event = rawOf(raw)
  const involved = rawOf(event['involvedObject'])
  const namespace = textOf(involved['namespace'])
  const pod = textOf(involved['name'])
  const at = firstTimeOf(event)
  if (namespace === undefined || pod === undefined || at === undefined) {
    throw new ObjectError(`Event ${textOf(rawOf(event['metadata'])['name']) ?? '?'}: its pod or its time is missing`)
  }
  return { namespace, pod, at }
}
