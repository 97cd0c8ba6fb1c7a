// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'

/**
 * Why a kubelet turned a pod away that was bound to it, as `status.reason` says; what else it lacked is OutOfextended, and
 * every further reason `other`.
 */
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
  'other',
] as const

/** One of `rejections`. */
export type Rejection = (typeof rejections)[number]

/**
 * What a kubelet's message begins with when it turns a pod away: for any reason, and, of older ones, for pressure on the
 * node. That is called Evicted, as is what becomes of a pod that was let in before.
 */
const beginnings = ['Pod was rejected: ', 'Pod The node had condition: ']

/** Why the kubelet turned the pod away; undefined when it did not, or a container was started. */
export function rejectionOf({ phase, reason, message, containers }: PendingPodFacts): Rejection | undefined {
  if (phase !== 'Failed' || reason === undefined || containers.some(({ startedAt }) => startedAt !== undefined)) {
    return undefined
  }
  const known = rejections.find((one) => one === reason)
  if (known !== undefined) return known
  if (reason.startsWith('OutOf')) return 'OutOfextended'
  return beginnings.some((beginning) => message?.startsWith(beginning)) ? 'other' : undefined
}
