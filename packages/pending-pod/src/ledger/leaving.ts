// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../cause/cause.ts'
import type { Workload } from '../owner.ts'
import { type PendingPodFacts, startedAtOf } from '../pod/pod.ts'
import type { LedgerTerms } from './options.ts'
import { type Rejection, rejectionOf } from './rejection.ts'
import { isHeld, scheduledAtOf, type WaitingPod, waitsSince } from './waiting-pod.ts'

/**
 * How a pod ceased to wait. `deleted`: before it started. `rejected`: by the kubelet of its node. `finished`: it ended, and
 * nothing tells that a main container ever ran. `unknown`: nobody could be asked.
 */
export const outcomes = ['started', 'deleted', 'rejected', 'finished', 'unknown'] as const

/** One of `outcomes`. */
export type Outcome = (typeof outcomes)[number]

/** A pod that waits no longer. Times in unix seconds. */
export interface Leaving {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly workload: Workload
  readonly outcome: Outcome
  readonly rejection: Rejection | undefined
  /** The cause that was shown of it last. */
  readonly cause: Cause
  /** From when its waiting counts. */
  readonly since: number
  readonly leftAt: number
  /** From `since` until it was bound to a node; undefined when it was not, or that is not known. */
  readonly scheduledSeconds: number | undefined
  /** From `since` until the last of its main containers had started; undefined unless it started. */
  readonly startedSeconds: number | undefined
  /** Whether it waited longer than its namespace allows; never of a pod that was held to the end. */
  readonly isOverThreshold: boolean
}

/** How a pod ceased to wait, from what it is afterwards; undefined when it is Pending still. */
export function outcomeOf(pod: PendingPodFacts): Outcome | undefined {
  if (pod.phase === 'Pending') return undefined
  if (pod.phase === 'Running') return 'started'
  if (pod.phase !== 'Succeeded' && pod.phase !== 'Failed') return 'unknown'
  if (pod.containers.some(({ role, startedAt }) => role === 'main' && startedAt !== undefined)) return 'started'
  return rejectionOf(pod) === undefined ? 'finished' : 'rejected'
}

/** The end of a pod's waiting; `last` is the pod as it was found then, or as it was held when it was not found. */
export function leavingOf(
  waiting: WaitingPod,
  { outcome, last, leftAt }: { readonly outcome: Outcome; readonly last: PendingPodFacts; readonly leftAt: number },
  { thresholdSeconds }: LedgerTerms,
): Leaving {
  const { uid, namespace, name, workload } = last
  const since = waitsSince(waiting, last, leftAt)
  // A node whose clock is ahead must not make a pod start after it was seen to have.
  const startedAt = outcome === 'started' ? Math.min(startedAtOf(last) ?? leftAt, leftAt) : undefined
  const after = (at: number | undefined) => at && Math.max(0, at - since)
  const waitedSeconds = after(startedAt ?? leftAt) ?? 0
  return {
    uid,
    namespace,
    name,
    workload,
    outcome,
    rejection: outcome === 'rejected' ? rejectionOf(last) : undefined,
    cause: waiting.steady.cause,
    since,
    leftAt,
    scheduledSeconds: after(scheduledAtOf(last)),
    startedSeconds: after(startedAt),
    isOverThreshold: !isHeld(last) && waitedSeconds > thresholdSeconds(namespace),
  }
}
