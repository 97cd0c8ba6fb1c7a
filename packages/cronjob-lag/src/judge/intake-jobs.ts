// SPDX-License-Identifier: Apache-2.0
import type { JobFacts } from '../objects/job.ts'
import { type Book, type Intake, runOfJob, seriesOf } from './book.ts'
import { nextAfter } from './due-ticks.ts'
import { applyEarlyPods } from './intake-pods.ts'
import { applyJobGone, noteUnseenEnd } from './run.ts'
import { type Series, ticksWithoutRun } from './series.ts'
import { applyJobOf } from './series-job.ts'

/** Takes Jobs into a book, those of CronJobs and those that may be in their way. */
export function jobIntake(book: Book): Intake<JobFacts> {
  function set(job: JobFacts, at: number): void {
    book.jobs.set(job)
    const pods = book.earlyPods.take(job.uid)
    if (job.cronJob === undefined) return
    const run = applyJobOf(seriesOf(book, job.cronJob.uid, job.namespace, job.cronJob.name), job, at)
    if (run !== undefined) applyEarlyPods(run, pods, at)
  }

  function drop(job: JobFacts, at: number, isSeen: boolean): void {
    const run = runOfJob(book, job.uid)
    book.jobs.delete(job)
    if (run !== undefined) applyJobGone(run, at, isSeen)
  }

  function dropMissing(series: Series, listed: ReadonlySet<string>, at: number): void {
    for (const run of series.runs.values()) if (!run.isGone && !listed.has(run.jobUid)) applyJobGone(run, at, false)
    const { horizon } = book
    if (horizon === undefined || at <= horizon) return
    series.blindUntil = at
    for (const run of series.runs.values()) noteUnseenEnd(run, horizon)
    for (const open of ticksWithoutRun(series)) {
      if ((nextAfter(series, open.tick) ?? at) > horizon) open.isBlind = true
    }
  }

  return {
    set,
    delete(job, at) {
      set(job, at)
      drop(job, at, true)
    },
    replace(list, at) {
      const listed = new Set(list.map(({ uid }) => uid))
      for (const job of list) set(job, at)
      for (const job of book.jobs.all()) if (!listed.has(job.uid)) drop(job, at, false)
      if (book.horizon !== undefined && at > book.horizon) book.blindUntil = at
      book.resting.clear()
      for (const series of book.series.values()) dropMissing(series, listed, at)
    },
  }
}
