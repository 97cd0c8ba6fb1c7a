// SPDX-License-Identifier: Apache-2.0
import type { PodFacts } from '../objects/pod.ts'
import { type Book, type Intake, runOfJob } from './book.ts'
import type { EarlyPod } from './jobs.ts'
import { applyPod, applyPodGone, noteUnseenEnd, type Run } from './run.ts'
import type { Series } from './series.ts'

/** Takes the pods of Jobs into a book; others are passed over. */
export function podIntake(book: Book): Intake<PodFacts> {
  function set(pod: PodFacts, at: number): void {
    const { jobUid } = pod
    if (jobUid === undefined) return
    if (book.jobs.cronJobOf(jobUid) === undefined) return book.earlyPods.set(jobUid, pod)
    const run = runOfJob(book, jobUid)
    if (run !== undefined) applyPod(run, pod, at)
  }

  return {
    set,
    delete(pod, at) {
      const { jobUid } = pod
      if (jobUid === undefined) return
      if (book.jobs.cronJobOf(jobUid) === undefined) return book.earlyPods.drop(jobUid, pod, at)
      const run = runOfJob(book, jobUid)
      if (run !== undefined) applyPodGone(run, pod, at, true)
    },
    replace(list, at) {
      const listed = new Set(list.map(({ uid }) => uid))
      book.earlyPods.clear()
      for (const pod of list) set(pod, at)
      for (const { runs } of book.series.values()) {
        for (const run of runs.values()) {
          const missing = [...run.pods.values()].filter(({ uid }) => !listed.has(uid))
          for (const pod of missing) applyPodGone(run, pod, at, false)
          noteUnseenEnd(run, book.horizon ?? at)
        }
      }
    },
  }
}

/** Takes in what was seen of the pods of a run while its Job was not known. */
export function applyEarlyPods(run: Run, pods: readonly EarlyPod[], at: number): void {
  for (const { pod, goneAt } of pods) {
    if (goneAt === undefined) applyPod(run, pod, at)
    else applyPodGone(run, pod, goneAt, true)
  }
}

/** Takes in what was seen of the pods of a CronJob's runs after their Jobs were gone. */
export function applyLatePods({ runs }: Series, { earlyPods }: Book, at: number): void {
  for (const run of runs.values()) if (run.isGone) applyEarlyPods(run, earlyPods.take(run.jobUid), at)
}
