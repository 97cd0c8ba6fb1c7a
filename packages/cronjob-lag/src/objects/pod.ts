// SPDX-License-Identifier: Apache-2.0
import {
  deletionRequestedAt,
  type Identity,
  listOf,
  type Raw,
  rawOf,
  readIdentity,
  textOf,
  timeOf,
} from '@leadline/kube'
import { readConditions } from './condition.ts'
import { controllerOf } from './owner.ts'

/** What is kept of a pod. Times in unix seconds; those of containers are by the node's clock. */
export interface PodFacts extends Identity {
  /** UID of the Job that controls it. */
  readonly jobUid: string | undefined
  readonly deletionRequestedAt: number | undefined
  readonly phase: string
  /** `status.reason`, such as Evicted or OutOfcpu. */
  readonly reason: string | undefined
  readonly isBound: boolean
  readonly isGated: boolean
  readonly scheduledAt: number | undefined
  /** When the first of its main containers was started. */
  readonly startedAt: number | undefined
  /** When the last of its main containers ended. */
  readonly finishedAt: number | undefined
  /** The reason of the condition DisruptionTarget while it is True. */
  readonly disruption: string | undefined
  /** Whether the kubelet has said anything of its containers. */
  readonly isSeenByKubelet: boolean
  readonly isInitialized: boolean
  /** The reason for which a main container waits, the first that is not merely being created. */
  readonly waitingReason: string | undefined
}

/** Reads a pod. Throws ObjectError when it has no identity. */
export function readPod(raw: unknown): PodFacts {
  const identity = readIdentity('Pod', raw)
  const object = rawOf(raw)
  const metadata = rawOf(object['metadata'])
  const status = rawOf(object['status'])
  const conditions = readConditions(object)
  const scheduled = conditions.get('PodScheduled')
  const disruption = conditions.get('DisruptionTarget')
  const phase = textOf(status['phase']) ?? 'Pending'
  const containers = listOf(status['containerStatuses'])
  const hasRun = phase === 'Running' || phase === 'Succeeded'
  return {
    ...identity,
    jobUid: controllerOf(metadata, 'Job')?.uid,
    deletionRequestedAt: deletionRequestedAt(metadata),
    phase,
    reason: textOf(status['reason']),
    isBound: textOf(rawOf(object['spec'])['nodeName']) !== undefined,
    isGated: scheduled?.isTrue === false && scheduled.reason === 'SchedulingGated',
    scheduledAt: scheduled?.isTrue ? scheduled.changedAt : undefined,
    // Fake kubelets don't tell of containers; that the kubelet saw the pod is the nearest that is known then.
    startedAt: least(containers.flatMap(startsOf)) ?? (hasRun ? timeOf(status['startTime']) : undefined),
    finishedAt: greatest(containers.flatMap((one) => timeOf(terminated(one, 'state')['finishedAt']) ?? [])),
    disruption: disruption?.isTrue ? (disruption.reason ?? '') : undefined,
    isSeenByKubelet: containers.length > 0 || timeOf(status['startTime']) !== undefined,
    isInitialized: conditions.get('Initialized')?.isTrue !== false,
    waitingReason: waitingReason(containers),
  }
}

function terminated(container: Raw, state: 'state' | 'lastState'): Raw {
  return rawOf(rawOf(container[state])['terminated'])
}

function startsOf(container: Raw): number[] {
  const running = rawOf(rawOf(container['state'])['running'])
  const times = [running, terminated(container, 'state'), terminated(container, 'lastState')]
  return times.flatMap((one) => timeOf(one['startedAt']) ?? [])
}

function waitingReason(containers: readonly Raw[]): string | undefined {
  const reasons = containers.flatMap((one) => textOf(rawOf(rawOf(one['state'])['waiting'])['reason']) ?? [])
  return reasons.find((reason) => reason !== 'ContainerCreating' && reason !== 'PodInitializing') ?? reasons[0]
}

function least(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times)
}

function greatest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.max(...times)
}
