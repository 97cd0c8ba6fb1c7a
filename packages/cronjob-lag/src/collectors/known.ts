// SPDX-License-Identifier: Apache-2.0
import type { JudgedCronJob } from '../judge/judge.ts'
import type { CronJobFacts } from '../objects/cron-job.ts'
import type { AnnotationMistake } from '../settings/settings.ts'
import type { Tally } from '../tally/tally.ts'

/** Where the collectors take what they tell; asked at each scrape. */
export interface Known {
  /** None before the first sight, and in a replica that is not the active one. */
  cronJobs(): Iterable<JudgedCronJob>
  /** Undefined at the same times. */
  tally(): Tally | undefined
  /** Whether what is known may be out of date, so that verdicts wait. */
  isBlind(): boolean
  /** Unix seconds by the API server's clock. */
  now(): number
  /** Up to when everything has been seen, by the same. */
  seenUntil(): number | undefined
  objectiveSecondsOf(cronJob: CronJobFacts): number
  /** Annotations of CronJobs and of their namespaces that say nothing. */
  annotationMistakes(): readonly AnnotationMistake[]
  /** Whether so many CronJobs are told together by namespace. */
  isRolledUp(cronJobs: number): boolean
}
