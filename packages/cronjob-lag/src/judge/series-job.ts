// SPDX-License-Identifier: Apache-2.0
import type { JobFacts } from '../objects/job.ts'
import { passOlder } from './due-ticks.ts'
import { applyJob, createRun, type Run } from './run.ts'
import type { Series } from './series.ts'

/** Takes in a Job of the CronJob as it is, and gives its run; undefined for a Job that was made for no tick. */
export function applyJobOf(series: Series, job: JobFacts, at: number): Run | undefined {
  const known = series.runs.get(job.uid)
  const run = known ?? createRun(job)
  if (run === undefined) return undefined
  if (known === undefined) {
    passOlder(series, run.tick, at)
    series.runs.set(run.jobUid, run)
  }
  applyJob(run, job, at)
  return run
}
