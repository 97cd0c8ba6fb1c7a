// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../cause/cause.ts'
import { isHeld, type WaitingPod } from '../ledger/waiting-pod.ts'
import type { PendingPodFacts } from '../pod/pod.ts'
import type { PendingView } from './view.ts'

/** A waiting pod as it stands at a moment. */
export interface Row {
  readonly pod: PendingPodFacts
  readonly cause: Cause
  /** From when its waiting counts, in unix seconds. */
  readonly since: number
  readonly ageSeconds: number
  readonly thresholdSeconds: number
  /** Whether it is held back on purpose. */
  readonly isHeld: boolean
  /** Whether it has waited longer than its namespace allows; never of one that is held. */
  readonly isOver: boolean
}

/** All that wait, as of `now` in unix seconds, the oldest first, then by namespace and name. */
export function rowsOf(view: PendingView, now: number): readonly Row[] {
  const thresholds = new Map<string, number>()
  return Array.from(view.waiting(), rowOf).toSorted(oldestFirst)

  function rowOf(one: Readonly<WaitingPod>): Row {
    const { pod, since } = one
    const ageSeconds = Math.max(0, now - since)
    const thresholdSeconds = thresholds.get(pod.namespace) ?? view.thresholdSecondsOf(pod.namespace)
    thresholds.set(pod.namespace, thresholdSeconds)
    const held = isHeld(pod)
    const isOver = !held && ageSeconds > thresholdSeconds
    return { pod, cause: view.causeOf(one), since, ageSeconds, thresholdSeconds, isHeld: held, isOver }
  }
}

/** The workload as it is shown and searched, such as `Deployment/api`. */
export function workloadText({ workload: { kind, name } }: PendingPodFacts): string {
  return kind === 'other' ? name : `${kind}/${name}`
}

function oldestFirst(a: Row, b: Row): number {
  return b.ageSeconds - a.ageSeconds || compare(a.pod.namespace, b.pod.namespace) || compare(a.pod.name, b.pod.name)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
