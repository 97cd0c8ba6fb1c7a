// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../cause/cause.ts'
import { causeOf } from '../cause/cause-of.ts'
import { stageOf } from '../cause/stage.ts'
import { firstCause, followCause, type SteadyCause } from '../cause/steady.ts'
import type { PendingPodFacts } from '../pod/pod.ts'
import type { LedgerTerms } from './options.ts'

/** A pod that waits to start. */
export interface WaitingPod {
  pod: PendingPodFacts
  /**
   * From when its waiting counts, in unix seconds: its creation, or the moment at which the last of its gates was seen
   * to be gone. The API server keeps no such moment, so after a restart of ours a pod ungated before it counts from its
   * creation.
   */
  since: number
  steady: SteadyCause
}

/** A pod that is seen for the first time. */
export function meetPod(pod: PendingPodFacts, terms: LedgerTerms, at: number): WaitingPod {
  return { pod, since: pod.createdAt, steady: firstCause(causeOf(pod, terms, at), stageOf(pod, at)) }
}

/** Takes in a pod as it is at `at`. */
export function updatePod(waiting: WaitingPod, pod: PendingPodFacts, terms: LedgerTerms, at: number): void {
  // Until now it was as it was: a cause that time alone has brought on counts from then.
  settleCause(waiting, terms, at)
  waiting.since = waitsSince(waiting, pod, at)
  waiting.pod = pod
  settleCause(waiting, terms, at)
}

/** From when the waiting of a pod counts that is as `pod` at `at`. */
export function waitsSince({ pod: before, since }: WaitingPod, pod: PendingPodFacts, at: number): number {
  if (!isHeld(before) || isHeld(pod)) return since
  const scheduledAt = scheduledAtOf(pod)
  return Math.max(since, Math.min(at, scheduledAt ?? at))
}

/** Whether a pod is held back on purpose, so that its age is nobody's delay. */
export function isHeld({ gates }: PendingPodFacts): boolean {
  return gates.length > 0
}

/** When the pod was bound to a node, in unix seconds. */
export function scheduledAtOf({ scheduled }: PendingPodFacts): number | undefined {
  return scheduled?.isTrue ? scheduled.changedAt : undefined
}

/** The cause to show at `now`. */
export function settleCause(waiting: WaitingPod, terms: LedgerTerms, now: number): Cause {
  const { pod, steady } = waiting
  const { holdSeconds } = terms
  waiting.steady = followCause(steady, causeOf(pod, terms, now), { stage: stageOf(pod, now), at: now, holdSeconds })
  return waiting.steady.cause
}
