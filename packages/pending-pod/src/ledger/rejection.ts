// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'

/** Why a kubelet turned a pod away that was bound to it, as `status.reason` says; what else it lacked is OutOfextended. */
export const rejections = [
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
  'OutOfephemeral-storage',
  'OutOfextended',
  'NodeAffinity',
  'NodeShutdown',
  'UnexpectedAdmissionError',
  'TopologyAffinityError',
  'PodOSSelectorNodeLabelDoesNotMatch',
  'PodOSNotSupported',
  'AppArmor',
  'SysctlForbidden',
  'PodFeatureUnsupported',
] as const

/** One of `rejections`. */
export type Rejection = (typeof rejections)[number]

/** Why the kubelet turned the pod away; undefined when it did not, or a container was started. */
export function rejectionOf({ phase, reason, containers }: PendingPodFacts): Rejection | undefined {
  if (phase !== 'Failed' || reason === undefined || containers.some(({ startedAt }) => startedAt !== undefined)) {
    return undefined
  }
  return rejections.find((one) => one === reason) ?? (reason.startsWith('OutOf') ? 'OutOfextended' : undefined)
}
