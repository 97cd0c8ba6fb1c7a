// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'
import { isKubeletSilent } from './kubelet-silence.ts'

/**
 * How far a pod has come on its road at `now`, from 0: gated, to be scheduled, tried by a scheduler, bound, left alone by its
 * kubelet, seen by it, sandboxed, initialized, ending.
 */
export function stageOf(pod: PendingPodFacts, now: number): number {
  if (pod.deletionRequestedAt !== undefined) return 8
  if (pod.nodeName === undefined) return unboundStage(pod)
  if (!pod.isSeenByKubelet) return isKubeletSilent(pod, now) ? 4 : 3
  if (pod.initialized?.isTrue === true && pod.containers.some(({ role }) => role !== 'main')) return 7
  return pod.sandbox?.isTrue === true ? 6 : 5
}

function unboundStage({ gates, refusal, scheduled }: PendingPodFacts): number {
  if (gates.length > 0) return 0
  return refusal !== undefined || scheduled?.reason === 'SchedulerError' ? 2 : 1
}
