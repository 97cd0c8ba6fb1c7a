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

/** Pods that were seen before their Jobs. */
export interface EarlyPods {
  set(jobUid: string, pod: PodFacts): void
  delete(pod: PodFacts): void
  /** Those of a Job, which are kept no longer. */
  take(jobUid: string): readonly PodFacts[]
  clear(): void
}

/** No early pods. */
export function createEarlyPods(): EarlyPods {
  const byJob = new Map<string, Map<string, PodFacts>>()
  return {
    set(jobUid, pod) {
      const pods = byJob.get(jobUid) ?? new Map<string, PodFacts>()
      byJob.set(jobUid, pods.set(pod.uid, pod))
    },
    delete({ jobUid = '', uid }) {
      const pods = byJob.get(jobUid)
      pods?.delete(uid)
      if (pods?.size === 0) byJob.delete(jobUid)
    },
    take(jobUid) {
      const pods = byJob.get(jobUid)
      byJob.delete(jobUid)
      return [...(pods?.values() ?? [])]
    },
    clear: () => byJob.clear(),
  }
}
