// SPDX-License-Identifier: Apache-2.0
import type { PodFacts } from '../objects/pod.ts'
import { isHeld, type Run } from './run.ts'
import type { OpenTick } from './tick.ts'

/** Why a due run has not started. */
export const causes = [
  'not_created',
  'create_refused',
  'name_clash',
  'forbid',
  'suspended',
  'held',
  'pod_not_created',
  'pod_create_refused',
  'retrying',
  'unscheduled',
  'kubelet',
  'init',
  'image_pull',
  'container_create',
  'starting',
] as const

/** One of `causes`. */
export type Cause = (typeof causes)[number]

/** What the cause of an open tick goes by beside its own state. */
export interface CauseContext {
  readonly isBlocked: boolean
  readonly isSuspended: boolean
  readonly settleSeconds: number
}

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'ErrImageNeverPull',
  'InvalidImageName',
  'RegistryUnavailable',
  'SignatureValidationFailed',
])

/** Why a tick has not started, as of `now`. */
export function causeOf(open: OpenTick, run: Run | undefined, context: CauseContext, now: number): Cause {
  if (run !== undefined) return runCause(run, context, now)
  if (context.isSuspended) return 'suspended'
  if (context.isBlocked) return 'forbid'
  if (open.isClashing) return 'name_clash'
  return open.refusedAt === undefined ? 'not_created' : 'create_refused'
}

function runCause(run: Run, { settleSeconds }: CauseContext, now: number): Cause {
  if (isHeld(run)) return 'held'
  const pods = [...run.pods.values()]
  const live = pods.find(({ phase, deletionRequestedAt }) => phase === 'Pending' && deletionRequestedAt === undefined)
  if (live !== undefined) return podCause(live)
  if (pods.length > 0) return 'retrying'
  // The Job controller sets startTime in the same step in which it makes the pods.
  const hasTried = run.lookedAt !== undefined && now > run.lookedAt + settleSeconds && run.isSuspended === false
  return run.podRefusedAt !== undefined || hasTried ? 'pod_create_refused' : 'pod_not_created'
}

function podCause(pod: PodFacts): Cause {
  if (!pod.isBound) return 'unscheduled'
  if (!pod.isSeenByKubelet) return 'kubelet'
  const { waitingReason } = pod
  if (waitingReason !== undefined && imageReasons.has(waitingReason)) return 'image_pull'
  if (!pod.isInitialized) return 'init'
  const isUsual = waitingReason === undefined || waitingReason === 'ContainerCreating'
  return isUsual || waitingReason === 'PodInitializing' ? 'starting' : 'container_create'
}
