// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../cause/cause.ts'
import type { NodeFacts } from '../help/node-facts.ts'
import type { WaitingPod } from '../ledger/waiting-pod.ts'

/** What the page of waiting pods looks at, asked for each page. */
export interface PendingView {
  waiting(): Iterable<Readonly<WaitingPod>>
  /** The cause to show now. */
  causeOf(one: Readonly<WaitingPod>): Cause
  /** Unix seconds by the cluster's clock. */
  now(): number
  /** One line on why what is shown may be old; undefined when it is not. */
  blindness(): string | undefined
  /** How many seconds a pod of this namespace may wait. */
  thresholdSecondsOf(namespace: string): number
  /** Empty where nodes can't be read. */
  nodes(): Promise<readonly NodeFacts[]>
  /** A link to a path relative to the route prefix, such as `pending?namespace=a`. */
  path(relative: string): string
}
