// SPDX-License-Identifier: Apache-2.0
import type { Condition } from '../pod/condition.ts'
import type { ContainerFacts } from '../pod/container.ts'
import type { PendingPodFacts } from '../pod/pod.ts'
import type { Cause } from './cause.ts'
import { type EventHint, hintedCause } from './event-hint.ts'
import { isKubeletSilent } from './kubelet-silence.ts'
import { problemOf } from './waiting-reason.ts'

/** What a cause goes by beside the pod. */
export interface CauseContext {
  /** The last event of the pod of this UID. */
  readonly hintOf?: (uid: string) => EventHint | undefined
  /**
   * Whether `PodReadyToStartContainers` turns true before images are pulled, as kubelets have it since 1.36; true when not
   * given. Before that, False says no more than that a pod is not started.
   */
  readonly isSandboxFirst?: boolean
}

/** Why a pod that is Pending waits, as of `now` by the API server's clock and by nothing but what is so now. */
export function causeOf(pod: PendingPodFacts, context: CauseContext, now: number): Cause {
  if (pod.deletionRequestedAt !== undefined) return 'terminating_while_pending'
  return pod.nodeName === undefined ? unboundCause(pod) : boundCause(pod, context, now)
}

function unboundCause({ gates, refusedFor, nominatedNode, scheduled }: PendingPodFacts): Cause {
  if (gates.length > 0) return 'gated'
  if (refusedFor === 'preempting') return refusedFor
  if (nominatedNode !== undefined) return 'nominated_waiting'
  if (refusedFor !== undefined) return refusedFor
  if (scheduled?.reason === 'SchedulerError') return failureCause(scheduled)
  // A pod just let through its gates still has the condition of them until a scheduler looks at it.
  return 'not_seen_by_scheduler'
}

/** A scheduler fails at a pod, too, for which it chose a node and a claim got no volume there in time. */
function failureCause({ message }: Condition): Cause {
  return message?.startsWith('running PreBind plugin "VolumeBinding": ') ? 'pvc_unbound' : 'scheduler_error'
}

function boundCause(pod: PendingPodFacts, context: CauseContext, now: number): Cause {
  const { containers } = pod
  if (!pod.isSeenByKubelet) return isKubeletSilent(pod, now) ? 'bound_kubelet_silent' : 'starting'
  const init = containers.find(({ role, isPassed }) => role !== 'main' && !isPassed)
  if (init !== undefined) return initCause(init) ?? creatingCause(pod, context)
  const main = containers.filter(({ role }) => role === 'main')
  const problem = main.map(problemOf).find((one) => one !== undefined)
  if (problem !== undefined) return problem
  const hasStarted = main.some(({ state, restarts }) => state !== 'waiting' || restarts > 0)
  return hasStarted ? 'sidecar_or_partial_start' : creatingCause(pod, context)
}

function initCause(init: ContainerFacts): Cause | undefined {
  const problem = problemOf(init)
  if (problem !== undefined) return problem
  // It is the same trouble while it runs between two failures.
  if (init.restarts > 0 || init.state === 'ended') return 'init_crashloop'
  return init.state === 'running' ? 'init_running' : undefined
}

/** What is over once the sandbox is ready, whatever the last event said. */
const beforeSandbox: ReadonlySet<Cause> = new Set(['volume_mount', 'sandbox_network', 'device_claim'])

/** What a pod of which the kubelet says no more than ContainerCreating waits for. */
function creatingCause(pod: PendingPodFacts, { hintOf, isSandboxFirst = true }: CauseContext): Cause {
  const hinted = hintedCause(hintOf?.(pod.uid))
  const isReady = pod.sandbox?.isTrue
  if (hinted !== undefined && !(isReady && beforeSandbox.has(hinted))) return hinted
  if (isReady === undefined || (!isReady && !isSandboxFirst)) return 'starting'
  if (isReady) return isSandboxFirst ? 'image_pulling' : 'starting'
  return pod.hasForeignVolumes ? 'volume_mount' : 'sandbox_network'
}
