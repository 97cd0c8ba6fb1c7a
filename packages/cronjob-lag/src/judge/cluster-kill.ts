// SPDX-License-Identifier: Apache-2.0
import type { PodFacts } from '../objects/pod.ts'

/** Why Kubernetes ends a pod that was in nobody's way: the reasons of the condition DisruptionTarget. */
const disruptions = [
  'PreemptionByScheduler',
  'EvictionByEvictionAPI',
  'DeletionByTaintManager',
  'DeletionByDeviceTaintManager',
  'DeletionByPodGC',
  'TerminationByKubelet',
] as const

/** The `status.reason` of pods that a kubelet refused, shut down with its node, or was lost with. */
const kubeletReasons = [
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
  'OutOfephemeral-storage',
  'NodeAffinity',
  'NodeShutdown',
  'UnexpectedAdmissionError',
  'AppArmor',
  'SysctlForbidden',
  'Terminated',
  'Preempting',
  'NodeLost',
] as const

/** The bounded set of reasons for which the cluster ends a run. */
export const clusterReasons = [...disruptions, ...kubeletReasons, 'PodOS', 'other'] as const

const knownDisruptions: ReadonlySet<string> = new Set(disruptions)
const knownKubeletReasons: ReadonlySet<string> = new Set(kubeletReasons)

/**
 * Why the cluster ended a pod, one of `clusterReasons`; undefined when it did not, whatever the exit codes say. To be asked
 * of pods that have ended or are gone, since a disruption that is only planned may be called off.
 */
export function clusterKill({ phase, reason, disruption }: PodFacts): string | undefined {
  if (phase === 'Succeeded') return undefined
  if (disruption !== undefined) return knownDisruptions.has(disruption) ? disruption : 'other'
  if (reason === undefined) return undefined
  if (reason.startsWith('PodOS')) return 'PodOS'
  return knownKubeletReasons.has(reason) ? reason : undefined
}
