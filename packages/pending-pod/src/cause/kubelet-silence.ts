// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'

/** How long a kubelet may take to look at a pod before it is called silent. */
export const silentAfterSeconds = 60

/** Whether a pod that was bound to a node has been waiting too long, by `now`, for a first sign of its kubelet. */
export function isKubeletSilent({ isSeenByKubelet, scheduled, createdAt }: PendingPodFacts, now: number): boolean {
  const boundAt = scheduled?.isTrue ? (scheduled.changedAt ?? createdAt) : createdAt
  return !isSeenByKubelet && now - boundAt > silentAfterSeconds
}
