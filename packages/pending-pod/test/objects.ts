// SPDX-License-Identifier: Apache-2.0
import { type PendingPodFacts, readPod } from '../src/pod/pod.ts'

/** A time as the API server writes it, of unix seconds. */
export function timeText(at: number): string {
  return new Date(at * 1000).toISOString()
}

/** What a pod of a test is made of; all else is as of a pod that was just made. */
export interface PodParts {
  readonly uid?: string
  readonly name?: string
  readonly namespace?: string
  readonly createdAt?: number
  readonly deletedAt?: number
  readonly metadata?: object
  readonly spec?: object
  readonly status?: object
  readonly conditions?: readonly object[]
}

/** A pod as the API server gives it. */
export function rawPod(parts: PodParts = {}): object {
  const { uid = 'u1', name = 'web-1', namespace = 'shop', createdAt = 1000, deletedAt } = parts
  const deletion =
    deletedAt === undefined ? {} : { deletionTimestamp: timeText(deletedAt), deletionGracePeriodSeconds: 0 }
  return {
    metadata: { uid, name, namespace, creationTimestamp: timeText(createdAt), ...deletion, ...parts.metadata },
    spec: { containers: [{ name: 'main' }], ...parts.spec },
    status: { phase: 'Pending', conditions: parts.conditions ?? [], ...parts.status },
  }
}

/** Such a pod as it is read. */
export function pod(parts: PodParts = {}): PendingPodFacts {
  return readPod(rawPod(parts))
}

/** A condition PodScheduled that is False. */
export function refused(message: string, reason = 'Unschedulable', changedAt = 1000): object {
  return { type: 'PodScheduled', status: 'False', reason, message, lastTransitionTime: timeText(changedAt) }
}

/** A condition that is True, or False. */
export function condition(type: string, isTrue: boolean, changedAt = 1000): object {
  return { type, status: isTrue ? 'True' : 'False', lastTransitionTime: timeText(changedAt) }
}

/** A container's status that waits. */
export function waits(reason: string, more: object = {}): object {
  return { name: 'main', state: { waiting: { reason, message: `why ${reason}` } }, restartCount: 0, ...more }
}

/** A container's status that runs. */
export function runs(startedAt: number, more: object = {}): object {
  return { name: 'main', state: { running: { startedAt: timeText(startedAt) } }, restartCount: 0, ...more }
}

/** A container's status that has ended. */
export function ended(exitCode: number, startedAt: number, more: object = {}): object {
  const terminated = { exitCode, startedAt: timeText(startedAt) }
  return { name: 'main', state: { terminated }, restartCount: 0, ...more }
}

/** What makes a pod one that its kubelet has taken up, with the statuses of its main containers. */
export function atWork(containerStatuses: readonly object[], parts: PodParts = {}): PodParts {
  return {
    ...parts,
    spec: { nodeName: 'n1', ...parts.spec },
    status: { startTime: timeText(1005), containerStatuses, ...parts.status },
    conditions: [condition('PodScheduled', true, 1004), ...(parts.conditions ?? [condition('Initialized', true)])],
  }
}
