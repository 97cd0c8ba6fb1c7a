// SPDX-License-Identifier: Apache-2.0
import type { JudgedCronJob } from '../judge/judge.ts'
import type { CronJobFacts } from '../objects/cron-job.ts'

/** What the page of runs looks at, asked for each page. */
export interface RunsView {
  cronJobs(): Iterable<JudgedCronJob>
  /** Unix seconds by the cluster's clock. */
  now(): number
  /** One line on why what is shown may be old; undefined when it is not. */
  blindness(): string | undefined
  /** How many seconds after its tick a run may start and still be on time. */
  objectiveSecondsOf(facts: CronJobFacts): number
  /** A link to a path relative to the route prefix, such as `runs?namespace=a`. */
  path(relative: string): string
}
