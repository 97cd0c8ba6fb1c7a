// SPDX-License-Identifier: Apache-2.0
import type { CronJobFacts } from '../objects/cron-job.ts'
import type { InvalidReason, Schedule } from '../schedule.ts'

/** What the judge goes by. */
export interface JudgeOptions {
  readonly scheduleOf: (cronJob: CronJobFacts) => Schedule | InvalidReason
  /** How many seconds after its tick a run may start and still be on time. */
  readonly objectiveSecondsOf: (cronJob: CronJobFacts) => number
  /**
   * How long to wait after a tick can no longer start before it is called lost. A Job that the controller had decided on
   * may still be on its way through its rate limiter and our watch, whose kinds also come in no common order, and its
   * clock may be behind the API server's.
   */
  readonly settleSeconds: number
  /** Most ticks of a CronJob that are kept open without a Job; the second oldest beyond them is lost. */
  readonly mostOpenTicks: number
  /** Most judged runs of a CronJob that are kept to be looked at. */
  readonly mostRuns: number
}

/** The options that are seldom set. */
export const usualOptions = { settleSeconds: 15, mostOpenTicks: 100, mostRuns: 20 } as const

/** How long a deleted CronJob is remembered, for its Jobs to be deleted after it. */
export const afterlifeSeconds = 600
