// SPDX-License-Identifier: Apache-2.0
import { createEarlyPods, createJobs, type EarlyPods, type Jobs } from './jobs.ts'
import type { Run } from './run.ts'
import { restoreSeries, type SavedJudge } from './saved.ts'
import { createSeries, type Series } from './series.ts'
import type { Seen } from './series-cron-job.ts'

/** All that a judge knows. */
export interface Book {
  /** By the UID of the CronJob. */
  readonly series: Map<string, Series>
  /** UIDs of CronJobs of which nothing can change until the next tick or event. */
  readonly resting: Set<string>
  readonly jobs: Jobs
  readonly earlyPods: EarlyPods
  /** Up to when everything has been seen; undefined at first. */
  horizon: number | undefined
  /** Up to when Jobs may have come and gone unseen. */
  blindUntil: number
}

/** One kind of object, as its watch tells it. All times in unix seconds by the API server's clock. */
export interface Intake<T> {
  /** An object as it is at `at`. */
  set(object: T, at: number): void
  /** An object is gone; `object` is its last state. */
  delete(object: T, at: number): void
  /** All objects that there are at `at`: the first list, or one read anew after events may have been missed. */
  replace(objects: readonly T[], at: number): void
}

/** An empty book, or what was saved of one. */
export function openBook(saved: SavedJudge | undefined): Book {
  const series = new Map((saved?.cronJobs ?? []).map((one) => [one.uid, restoreSeries(one)]))
  return {
    series,
    resting: new Set(),
    jobs: createJobs(),
    earlyPods: createEarlyPods(),
    horizon: saved?.horizon ?? undefined,
    blindUntil: Number.NEGATIVE_INFINITY,
  }
}

/** The CronJob of this UID, awake; a new one when it is not known. */
export function seriesOf(book: Book, uid: string, namespace: string, name: string): Series {
  book.resting.delete(uid)
  const known = book.series.get(uid)
  if (known !== undefined) return known
  const series = createSeries(uid, namespace, name)
  series.blindUntil = book.blindUntil
  book.series.set(uid, series)
  return series
}

/** The run of this Job, its CronJob awake; undefined when it is none of a CronJob, or not known. */
export function runOfJob({ series, resting, jobs }: Book, jobUid: string): Run | undefined {
  const uid = jobs.cronJobOf(jobUid)
  if (uid === undefined) return undefined
  resting.delete(uid)
  return series.get(uid)?.runs.get(jobUid)
}

/** What is seen as it happens. */
export function seenLive({ horizon }: Book, at: number): Seen {
  return { at, horizon, isLive: true }
}

/** What is found out afterwards. */
export function seenLate({ horizon }: Book, at: number): Seen {
  return { at, horizon, isLive: false }
}
