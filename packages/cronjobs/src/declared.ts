// SPDX-License-Identifier: Apache-2.0
import type { Place } from '@leadline/kit'
import type { Job } from './job/shape.ts'

/** A value, and where it stands; where its object or the nearest mapping around it does when it is absent. */
export interface Placed<T> {
  readonly value: T
  readonly place: Place
}

/** A CronJob as a file declares it, be it as a job or as a manifest. Durations in seconds, NaN for what is no number. */
export interface Declared {
  /** Undefined for a manifest. */
  readonly job: Job | undefined
  readonly name: Placed<string>
  /** Undefined for the one that kubectl is told. */
  readonly namespace: string | undefined
  readonly schedule: Placed<string>
  readonly timeZone: Placed<string | undefined>
  readonly concurrency: Placed<string | undefined>
  readonly startingDeadlineSeconds: Placed<number | undefined>
  readonly activeDeadlineSeconds: Placed<number | undefined>
  readonly succeededKept: Placed<number | undefined>
  readonly failedKept: Placed<number | undefined>
  readonly restartPolicy: Placed<string | undefined>
  readonly suspended: Placed<boolean>
}
