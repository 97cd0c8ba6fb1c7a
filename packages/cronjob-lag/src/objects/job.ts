// SPDX-License-Identifier: Apache-2.0
import {
  deletionRequestedAt,
  type Identity,
  numberOf,
  type Raw,
  rawOf,
  readIdentity,
  textOf,
  timeOf,
} from '@leadline/kube'
import { type Condition, readConditions } from './condition.ts'
import { controllerOf, type Owner } from './owner.ts'

/** What is kept of a Job. Times in unix seconds. */
export interface JobFacts extends Identity {
  /** The CronJob that controls it. */
  readonly cronJob: Owner | undefined
  /** The tick it was made for; undefined for Jobs made by hand and for those of other controllers. */
  readonly tick: number | undefined
  /** Whether `tick` is known only to the minute, from the name. */
  readonly isMinute: boolean
  readonly deletionRequestedAt: number | undefined
  readonly suspended: boolean
  /** When it was last resumed. */
  readonly resumedAt: number | undefined
  /** `status.startTime`: when the Job controller first looked at it, which does not mean that anything runs. */
  readonly lookedAt: number | undefined
  readonly end: { readonly result: 'complete' | 'failed'; readonly at: number; readonly reason: string } | undefined
  /** Whether the Job controller has begun to end it, and deletes its pods. */
  readonly isEnding: boolean
  /** Pods that ended or are ready, as the status counts them. */
  readonly counts: { readonly ready: number; readonly succeeded: number; readonly failed: number }
  /** Whether another controller runs its pods, in another cluster. */
  readonly isRemote: boolean
}

/** Reads a Job of batch/v1. Throws ObjectError when it has no identity. */
export function readJob(raw: unknown): JobFacts {
  const identity = readIdentity('Job', raw)
  const object = rawOf(raw)
  const metadata = rawOf(object['metadata'])
  const spec = rawOf(object['spec'])
  const status = rawOf(object['status'])
  const conditions = readConditions(object)
  const cronJob = controllerOf(metadata, 'CronJob')
  const suspended = conditions.get('Suspended')
  return {
    ...identity,
    cronJob,
    ...tickOf(identity.name, cronJob, rawOf(metadata['annotations'])),
    deletionRequestedAt: deletionRequestedAt(metadata),
    suspended: spec['suspend'] === true,
    resumedAt: suspended?.isTrue === false ? suspended.changedAt : undefined,
    lookedAt: timeOf(status['startTime']),
    end: endOf(conditions, timeOf(status['completionTime'])),
    isEnding: ['FailureTarget', 'SuccessCriteriaMet', 'Failed', 'Complete'].some(
      (type) => conditions.get(type)?.isTrue,
    ),
    counts: {
      ready: numberOf(status['ready']) ?? 0,
      succeeded: numberOf(status['succeeded']) ?? 0,
      failed: numberOf(status['failed']) ?? 0,
    },
    isRemote: ![undefined, 'kubernetes.io/job-controller'].includes(textOf(spec['managedBy'])),
  }
}

/**
 * The tick of a Job: the annotation that the CronJob controller sets, or for Jobs of controllers before 1.28 the name,
 * `<CronJob>-<minutes since 1970>`.
 */
function tickOf(
  name: string,
  cronJob: Owner | undefined,
  annotations: Raw,
): { readonly tick: number | undefined; readonly isMinute: boolean } {
  const isByHand = annotations['cronjob.kubernetes.io/instantiate'] !== undefined
  if (cronJob === undefined || isByHand) return { tick: undefined, isMinute: false }
  const tick = timeOf(annotations['batch.kubernetes.io/cronjob-scheduled-timestamp'])
  if (tick !== undefined) return { tick, isMinute: false }
  const minutes = name.startsWith(`${cronJob.name}-`) ? name.slice(cronJob.name.length + 1) : ''
  return /^\d{7,9}$/.test(minutes)
    ? { tick: Number(minutes) * 60, isMinute: true }
    : { tick: undefined, isMinute: false }
}

function endOf(conditions: ReadonlyMap<string, Condition>, completedAt: number | undefined): JobFacts['end'] {
  const complete = conditions.get('Complete')
  if (complete?.isTrue) {
    return { result: 'complete', at: completedAt ?? complete.changedAt ?? 0, reason: complete.reason ?? '' }
  }
  const failed = conditions.get('Failed')
  return failed?.isTrue ? { result: 'failed', at: failed.changedAt ?? 0, reason: failed.reason ?? '' } : undefined
}
