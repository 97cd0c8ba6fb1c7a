// SPDX-License-Identifier: Apache-2.0
import type { CronJobFacts } from '../objects/cron-job.ts'
import { type Book, type Intake, seenLate, seenLive, seriesOf } from './book.ts'
import type { JudgeOptions } from './options.ts'
import { applyCronJob, type Seen } from './series-cron-job.ts'

/** Takes CronJobs into a book. */
export function cronJobIntake(book: Book, options: JudgeOptions): Intake<CronJobFacts> {
  function set(cronJob: CronJobFacts, seen: Seen): void {
    applyCronJob(seriesOf(book, cronJob.uid, cronJob.namespace, cronJob.name), cronJob, seen, options)
  }

  function drop(uid: string, at: number): void {
    const series = book.series.get(uid)
    if (series === undefined) return
    book.resting.delete(uid)
    series.deletedAt ??= at
    // Of one that was saved and then deleted while nobody watched, nothing more will be known.
    if (series.cronJob === undefined) book.series.delete(uid)
  }

  return {
    set: (cronJob, at) => set(cronJob, seenLive(book, at)),
    delete: ({ uid }, at) => drop(uid, at),
    replace(cronJobs, at) {
      const listed = new Set(cronJobs.map(({ uid }) => uid))
      for (const cronJob of cronJobs) set(cronJob, seenLate(book, at))
      for (const { uid, dueBy } of book.series.values()) if (dueBy !== undefined && !listed.has(uid)) drop(uid, at)
    },
  }
}
