// SPDX-License-Identifier: Apache-2.0
import type { Schedule } from '../src/schedule.ts'

/** A CronJob of the simulated cluster. */
export interface WorldCronJob {
  readonly uid: string
  readonly name: string
  readonly createdAt: number
  /** Raised by each change of the spec. */
  generation: number
  text: string
  timeZone: string | undefined
  schedule: Schedule
  suspended: boolean
  policy: 'Allow' | 'Forbid' | 'Replace'
  deadline: number | undefined
  keeps: { succeeded: number; failed: number }
  ttl: number | undefined
  last: number | undefined
  active: Set<string>
  failures: number
  retryAt: number
}

/** A Job of the simulated cluster. */
export interface WorldJob {
  readonly uid: string
  readonly name: string
  readonly owner: { readonly uid: string; readonly name: string } | undefined
  readonly tick: number | undefined
  readonly createdAt: number
  readonly deadline: number | undefined
  readonly ttl: number | undefined
  readonly byHand: boolean
  suspended: boolean
  resumedAt: number | undefined
  startTime: number | undefined
  end: { readonly type: 'Complete' | 'Failed'; readonly reason: string; readonly at: number } | undefined
}

/** A pod of the simulated cluster. */
export interface WorldPod {
  readonly uid: string
  readonly name: string
  readonly jobUid: string
  readonly createdAt: number
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  reason: string | undefined
  gated: boolean
  scheduledAt: number | undefined
  startedAt: number | undefined
  finishedAt: number | undefined
  exitCode: number
  waiting: string
  deletedAt: number | undefined
  disruption: { readonly status: 'True' | 'False'; readonly reason: string } | undefined
}

function rfc3339(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

function metadata(one: { uid: string; name: string; createdAt: number }, more: object = {}): object {
  return { uid: one.uid, name: one.name, namespace: 'default', creationTimestamp: rfc3339(one.createdAt), ...more }
}

function ownedBy(kind: string, owner: { readonly uid: string; readonly name: string } | undefined): object {
  return owner === undefined ? {} : { ownerReferences: [{ kind, ...owner, controller: true }] }
}

/** As the API server gives it. */
export function cronJobObject(one: WorldCronJob): object {
  return {
    metadata: metadata(one, { generation: one.generation }),
    spec: {
      schedule: one.text,
      timeZone: one.timeZone,
      suspend: one.suspended,
      concurrencyPolicy: one.policy,
      startingDeadlineSeconds: one.deadline,
      successfulJobsHistoryLimit: one.keeps.succeeded,
      failedJobsHistoryLimit: one.keeps.failed,
      jobTemplate: { spec: { ttlSecondsAfterFinished: one.ttl } },
    },
    status: { lastScheduleTime: rfc3339(one.last), active: Array.from(one.active, (uid) => ({ uid })) },
  }
}

/** As the API server gives it. */
export function jobObject(one: WorldJob): object {
  const annotations = {
    ...(one.byHand && { 'cronjob.kubernetes.io/instantiate': 'manual' }),
    ...(one.tick !== undefined && { 'batch.kubernetes.io/cronjob-scheduled-timestamp': rfc3339(one.tick) }),
  }
  const { end } = one
  const ended = end && { type: end.type, status: 'True', reason: end.reason, lastTransitionTime: rfc3339(end.at) }
  const resumed = one.resumedAt !== undefined && {
    type: 'Suspended',
    status: 'False',
    lastTransitionTime: rfc3339(one.resumedAt),
  }
  return {
    metadata: metadata(one, { ...ownedBy('CronJob', one.owner), annotations }),
    spec: { suspend: one.suspended },
    status: {
      startTime: rfc3339(one.startTime),
      completionTime: end?.type === 'Complete' ? rfc3339(end.at) : undefined,
      conditions: [ended, resumed].filter(Boolean),
    },
  }
}

/** As the API server gives it. */
export function podObject(one: WorldPod): object {
  const scheduled = one.scheduledAt !== undefined
  const conditions = [
    {
      type: 'PodScheduled',
      status: scheduled ? 'True' : 'False',
      reason: one.gated ? 'SchedulingGated' : 'Unschedulable',
      lastTransitionTime: rfc3339(one.scheduledAt ?? one.createdAt),
    },
    one.disruption && { type: 'DisruptionTarget', ...one.disruption, lastTransitionTime: rfc3339(one.createdAt) },
  ]
  const deletion = one.deletedAt !== undefined && {
    deletionTimestamp: rfc3339(one.deletedAt + 30),
    deletionGracePeriodSeconds: 30,
  }
  return {
    metadata: metadata(one, { ...ownedBy('Job', { uid: one.jobUid, name: 'job' }), ...deletion }),
    spec: { nodeName: scheduled ? 'node' : undefined },
    status: {
      phase: one.phase,
      reason: one.reason,
      startTime: rfc3339(one.scheduledAt),
      conditions: conditions.filter(Boolean),
      containerStatuses: scheduled ? [{ name: 'main', state: stateOf(one) }] : undefined,
    },
  }
}

function stateOf({ startedAt, finishedAt, exitCode, waiting }: WorldPod): object {
  if (finishedAt !== undefined) {
    return { terminated: { startedAt: rfc3339(startedAt), finishedAt: rfc3339(finishedAt), exitCode } }
  }
  return startedAt === undefined ? { waiting: { reason: waiting } } : { running: { startedAt: rfc3339(startedAt) } }
}
