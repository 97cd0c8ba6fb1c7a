// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'

/**
 * How far a pod has come on its road, from 0: gated, to be scheduled, tried by a scheduler, bound, seen by its kubelet,
 * sandboxed, initialized, ending.
 */
export function stageOf(pod: PendingPodFacts): number {
  if (pod.deletionRequestedAt !== undefined) return 7
  if (pod.nodeName === undefined) return unboundStage(pod)
  if (!pod.isSeenByKubelet) return 3
  if (pod.initialized?.isTrue === true && pod.containers.some(({ role }) => role !== 'main')) return 6
  return pod.sandbox?.isTrue === true ? 5 : 4
}

function unboundStage({ gates, refusal, scheduled }: PendingPodFacts): number {
  if (gates.length > 0) return 0
  return refusal !== undefined || scheduled?.reason === 'SchedulerError' ? 2 : 1
}
