// SPDX-License-Identifier: Apache-2.0
import type { CronJobFacts } from '../objects/cron-job.ts'
import type { JobFacts } from '../objects/job.ts'
import type { PodFacts } from '../objects/pod.ts'
import type { Pull } from '../objects/pull.ts'
import { advanceSeries, isAtRest, isForgotten, type Times } from './advance.ts'
import { type Intake, openBook, runOfJob } from './book.ts'
import { cronJobIntake } from './intake-cron-jobs.ts'
import { jobIntake } from './intake-jobs.ts'
import { applyLatePods, podIntake } from './intake-pods.ts'
import type { Jobs } from './jobs.ts'
import { type OpenState, openStateOf } from './open-state.ts'
import type { JudgeOptions } from './options.ts'
import { type RunRecord, runRecords } from './run-record.ts'
import { type SavedJudge, saveSeries } from './saved.ts'
import { noteRefused, type Series } from './series.ts'
import type { Outcome } from './verdict.ts'

/** A CronJob that the judge knows. */
export interface JudgedCronJob {
  readonly facts: CronJobFacts
  /** What it waits for at `now`. */
  openState(now: number): OpenState
  /** The last runs, oldest first. */
  runs(): readonly RunRecord[]
}

/** Gives each due tick of each CronJob one final verdict, from what the API server tells and from the passing of time. */
export interface Judge {
  readonly cronJobs: Intake<CronJobFacts>
  readonly jobs: Intake<JobFacts>
  readonly pods: Intake<PodFacts>
  /** The API server was heard to refuse a Job of the CronJob, or a pod of the Job, of this UID. */
  noteRefused(uid: string, at: number): void
  /** An image of a pod was there, as an event tells; of pods that are of no run, nothing is noted. */
  notePulled(pull: Pull): void
  /**
   * Opens the ticks that are due at `now`, and gives what can be concluded. Everything up to `seenUntil`, `now` when it is
   * not given, has been seen of all three kinds; what is missing after it is not known to be missing, so nothing is
   * concluded from that. While a watch is cut, `now` should not go on for long, since the ticks that it opens are kept.
   */
  advance(now: number, seenUntil?: number): readonly Outcome[]
  /** By UID; those that are not deleted. */
  known(): ReadonlyMap<string, JudgedCronJob>
  /** To be kept, as JSON, for the judge after a restart. */
  save(): SavedJudge
}

/** A judge that knows nothing, or what a judge before it had saved. */
export function createJudge(options: JudgeOptions, saved?: SavedJudge): Judge {
  const book = openBook(saved)

  function advance(series: Series, times: Times): readonly Outcome[] {
    const isDue = series.next !== undefined && series.next <= times.now
    if (book.resting.has(series.uid) && !isDue) return []
    applyLatePods(series, book, times.now)
    const outcomes = advanceSeries(series, options, book.jobs, times)
    if (isForgotten(series, times.seenUntil) || isNothing(series)) book.series.delete(series.uid)
    if (isAtRest(series)) book.resting.add(series.uid)
    else book.resting.delete(series.uid)
    return outcomes
  }

  return {
    cronJobs: cronJobIntake(book, options),
    jobs: jobIntake(book),
    pods: podIntake(book),
    noteRefused(uid, at) {
      const run = runOfJob(book, uid)
      if (run !== undefined) run.podRefusedAt = at
      const series = book.series.get(uid)
      if (series === undefined) return
      series.refusedAt = Math.max(at, series.refusedAt ?? at)
      noteRefused(series)
    },
    notePulled({ namespace, pod, at }) {
      const job = jobOfPod(pod)
      const run = [...(book.series.get(book.jobs.cronJobOfName(namespace, job) ?? '')?.runs.values() ?? [])].find(
        (one) => one.job === job,
      )
      if (run !== undefined) run.pulledAt = Math.min(at, run.pulledAt ?? at)
    },
    advance(now, seenUntil = now) {
      const times = { now, seenUntil }
      const outcomes = [...book.series.values()].flatMap((series) => advance(series, times))
      book.horizon = Math.max(book.horizon ?? seenUntil, seenUntil)
      book.earlyPods.forgetGone(book.horizon - options.settleSeconds)
      return outcomes
    },
    known() {
      const known = [...book.series.values()].filter(({ deletedAt }) => deletedAt === undefined)
      return new Map(known.flatMap((series) => judgedCronJob(series, options, book.jobs)))
    },
    save() {
      const cronJobs = [...book.series.values()].flatMap((series) => saveSeries(series) ?? [])
      return { version: 1, horizon: book.horizon ?? null, cronJobs }
    },
  }
}

/** The Job controller adds five random characters to the Job's name, and the index in indexed Jobs. */
function jobOfPod(pod: string): string {
  return pod.replace(/(?:-\d{1,5})?-[a-z0-9]{5}$/, '')
}

/** Jobs that name a CronJob which is no more leave nothing behind when they are gone. */
function isNothing({ cronJob, dueBy, runs }: Series): boolean {
  return cronJob === undefined && dueBy === undefined && [...runs.values()].every(({ isGone }) => isGone)
}

function judgedCronJob(series: Series, { settleSeconds }: JudgeOptions, jobs: Jobs): [string, JudgedCronJob][] {
  const { cronJob: facts, uid } = series
  if (facts === undefined) return []
  const openState = (now: number) => openStateOf(series, jobs, settleSeconds, now)
  return [[uid, { facts, openState, runs: () => runRecords(series) }]]
}
