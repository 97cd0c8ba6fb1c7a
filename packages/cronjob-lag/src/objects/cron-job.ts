// SPDX-License-Identifier: Apache-2.0
import { type Identity, listOf, numberOf, ObjectError, rawOf, readIdentity, textOf, timeOf } from '@leadline/kube'

/** What is kept of a CronJob. Times in unix seconds. */
export interface CronJobFacts extends Identity {
  readonly schedule: string
  /** `spec.timeZone`; undefined for the controller's own. */
  readonly timeZone: string | undefined
  /** The zone that the controller is taken to be in, where that was told. */
  readonly controllerTimeZone?: string
  readonly suspended: boolean
  readonly policy: 'Allow' | 'Forbid' | 'Replace'
  readonly startingDeadlineSeconds: number | undefined
  /** How many finished Jobs are kept. */
  readonly keeps: { readonly succeeded: number; readonly failed: number }
  /** `ttlSecondsAfterFinished` of its Jobs. */
  readonly ttlSeconds: number | undefined
  /** `status.lastScheduleTime`: the tick that was started last. */
  readonly lastScheduledAt: number | undefined
  /** UIDs of the Jobs in `status.active`, which are those that Forbid looks at. */
  readonly activeJobs: readonly string[]
  /** `metadata.generation`, which each change of the spec raises. */
  readonly generation: number | undefined
  /** Those of its annotations that begin with `annotationPrefix`. */
  readonly annotations: Readonly<Record<string, string>>
}

/** How the annotations begin that are meant for us. */
export const annotationPrefix = 'leadline.'

const policies = new Set(['Allow', 'Forbid', 'Replace'])

/** Reads a CronJob of batch/v1. Throws ObjectError when it has no identity or no schedule. */
export function readCronJob(raw: unknown): CronJobFacts {
  const identity = readIdentity('CronJob', raw)
  const metadata = rawOf(rawOf(raw)['metadata'])
  const spec = rawOf(rawOf(raw)['spec'])
  const status = rawOf(rawOf(raw)['status'])
  const { schedule, concurrencyPolicy } = spec
  if (typeof schedule !== 'string') {
    throw new ObjectError(`CronJob ${identity.namespace}/${identity.name}: spec.schedule is missing`)
  }
  return {
    ...identity,
    schedule,
    timeZone: textOf(spec['timeZone']),
    suspended: spec['suspend'] === true,
    policy: policies.has(String(concurrencyPolicy)) ? (concurrencyPolicy as CronJobFacts['policy']) : 'Allow',
    startingDeadlineSeconds: numberOf(spec['startingDeadlineSeconds']),
    keeps: {
      succeeded: numberOf(spec['successfulJobsHistoryLimit']) ?? 3,
      failed: numberOf(spec['failedJobsHistoryLimit']) ?? 1,
    },
    ttlSeconds: numberOf(rawOf(rawOf(spec['jobTemplate'])['spec'])['ttlSecondsAfterFinished']),
    lastScheduledAt: timeOf(status['lastScheduleTime']),
    activeJobs: listOf(status['active']).flatMap((one) => textOf(one['uid']) ?? []),
    generation: numberOf(metadata['generation']),
    annotations: ownAnnotations(rawOf(metadata['annotations'])),
  }
}

/** Those of an object's annotations that are meant for us. */
export function ownAnnotations(annotations: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const own = Object.entries(annotations).flatMap(([key, value]): [string, string][] =>
    key.startsWith(annotationPrefix) && typeof value === 'string' ? [[key, value]] : [],
  )
  return Object.fromEntries(own)
}
