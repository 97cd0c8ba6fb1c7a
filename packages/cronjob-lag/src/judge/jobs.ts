// SPDX-License-Identifier: Apache-2.0
import type { JobFacts } from '../objects/job.ts'
import type { PodFacts } from '../objects/pod.ts'

/** All Jobs in the API, of CronJobs or not, by what is asked of them. */
export interface Jobs {
  set(job: JobFacts): void
  delete(job: Pick<JobFacts, 'uid' | 'namespace' | 'name'>): void
  /** UID of the CronJob that controls a Job, '' when none does; undefined for a Job that is not known. */
  cronJobOf(jobUid: string): string | undefined
  /** The same by its name. */
  readonly cronJobOfName: (namespace: string, name: string) => string | undefined
  /** Whether a Job of this UID is there and has not ended. */
  readonly isUnfinished: (jobUid: string) => boolean
  all(): readonly JobFacts[]
}

/** No Jobs. */
export function createJobs(): Jobs {
  const byUid = new Map<string, JobFacts>()
  const byName = new Map<string, JobFacts>()
  return {
    set(job) {
      byUid.set(job.uid, job)
      byName.set(`${job.namespace}/${job.name}`, job)
    },
    delete({ uid, namespace, name }) {
      byUid.delete(uid)
      if (byName.get(`${namespace}/${name}`)?.uid === uid) byName.delete(`${namespace}/${name}`)
    },
    cronJobOf: (jobUid) => ownerOf(byUid.get(jobUid)),
    cronJobOfName: (namespace, name) => ownerOf(byName.get(`${namespace}/${name}`)),
    isUnfinished(jobUid) {
      const job = byUid.get(jobUid)
      return job !== undefined && job.end === undefined
    },
    all: () => [...byUid.values()],
  }
}

function ownerOf(job: JobFacts | undefined): string | undefined {
  return job && (job.cronJob?.uid ?? '')
}

/** A pod that was seen before its Job, or after it. */
export interface EarlyPod {
  readonly pod: PodFacts
  /** When it was seen to be gone, in unix seconds; undefined while it is there. */
  readonly goneAt: number | undefined
}

/**
 * Pods that were seen before their Jobs or after them, since watches come in no common order, least of all after they were
 * cut.
 */
export interface EarlyPods {
  set(jobUid: string, pod: PodFacts): void
  /** It is gone; what became of it is kept for its Job. */
  drop(jobUid: string, pod: PodFacts, at: number): void
  /** Those of a Job, which are kept no longer. */
  take(jobUid: string): readonly EarlyPod[]
  /** Forgets those that were gone before a time up to which all Jobs have been seen. */
  forgetGone(seenUntil: number): void
  clear(): void
}

/** No early pods. */
export function createEarlyPods(): EarlyPods {
  const byJob = new Map<string, Map<string, EarlyPod>>()

  function set(jobUid: string, pod: PodFacts, goneAt?: number): void {
    const pods = byJob.get(jobUid) ?? new Map<string, EarlyPod>()
    byJob.set(jobUid, pods.set(pod.uid, { pod, goneAt }))
  }

  return {
    set: (jobUid, pod) => set(jobUid, pod),
    drop: set,
    take(jobUid) {
      const pods = byJob.get(jobUid)
      byJob.delete(jobUid)
      return [...(pods?.values() ?? [])]
    },
    forgetGone(seenUntil) {
      for (const [jobUid, pods] of byJob) {
        for (const [uid, { goneAt }] of pods) if (goneAt !== undefined && goneAt < seenUntil) pods.delete(uid)
        if (pods.size === 0) byJob.delete(jobUid)
      }
    },
    clear: () => byJob.clear(),
  }
}
