// SPDX-License-Identifier: Apache-2.0
import type { Clock, Logger } from '@leadline/kit'
import { type Cluster, type ClusterClock, type Consumer, type KindWatch, type Parse, watchKind } from '@leadline/kube'
import type { CronJobLagConfig } from '../config.ts'
import type { Intake } from '../judge/book.ts'
import type { Judge } from '../judge/judge.ts'
import { type CronJobFacts, ownAnnotations, readCronJob } from '../objects/cron-job.ts'
import { type JobFacts, readJob } from '../objects/job.ts'
import { type PodFacts, readPod } from '../objects/pod.ts'
import { type Pull, readPull } from '../objects/pull.ts'
import { type Refusal, readRefusal } from '../objects/refusal.ts'
import type { Annotations } from '../settings/annotations.ts'
import { type Settings, settingsOf } from '../settings/settings.ts'

/** What watching a cluster needs. */
export interface ClusterWatchOptions {
  readonly cluster: Cluster
  readonly clusterClock: ClusterClock
  readonly config: () => CronJobLagConfig
  /** Whether events are watched, too. */
  readonly hasEvents: boolean
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
}

/** The watches of everything that verdicts hang on. */
export interface ClusterWatch {
  readonly settings: Settings
  /** Resolves when there is a whole set of each kind that verdicts need; rejects when the signal aborts before. */
  readonly synced: Promise<unknown>
  /** Tells a judge all there is, and from then on what changes; undefined for nobody any more. */
  follow(judge: Judge | undefined): void
  /** Tells the judge all CronJobs again, as what counts for them may have changed. */
  retell(): void
  /** Why what is known may be out of date, in one line; undefined when it is not. */
  blindness(): string | undefined
  /** Up to when everything has been seen, in unix seconds of the API server's clock; undefined before the first sets. */
  seenUntil(): number | undefined
  /** Of each kind. */
  readonly watches: readonly Pick<KindWatch<unknown>, 'state'>[]
}

/** Begins to watch. CronJobs, Jobs and pods of Jobs must be readable; namespaces and events may be. */
export function watchCluster({ cluster, clusterClock, config, hasEvents, ...rest }: ClusterWatchOptions): ClusterWatch {
  let judge: Judge | undefined
  const watch = <T>(kind: string, path: string, parse: Parse<T>, consumer: Consumer<T>, more = {}): KindWatch<T> =>
    watchKind({ cluster, kind, path, parse, consumer, ...more, ...rest })
  const into = <T>(intakeOf: (judge: Judge) => Intake<T>, prepare = (object: T) => object): Consumer<T> => ({
    onReplace: (objects) => judge && intakeOf(judge).replace(Array.from(objects.values(), prepare), clusterClock.now()),
    onSet: (object) => judge && intakeOf(judge).set(prepare(object), clusterClock.now()),
    onDelete: (object) => judge && intakeOf(judge).delete(prepare(object), clusterClock.now()),
  })

  const ofNamespaces = new Map<string, Annotations>()
  const settings = settingsOf((name) => ofNamespaces.get(name), config)
  const withZone = (cronJob: CronJobFacts): CronJobFacts => settings.withControllerZone(cronJob)
  const toCronJobs = into<CronJobFacts>((to) => to.cronJobs, withZone)
  const toJobs = into<JobFacts>((to) => to.jobs)
  const toPods = into<PodFacts>((to) => to.pods)
  const cronJobs = watch('cronjobs', '/apis/batch/v1/cronjobs', readCronJob, toCronJobs)
  const jobs = watch('jobs', '/apis/batch/v1/jobs', readJob, toJobs)
  const pods = watch('pods', '/api/v1/pods', readPod, toPods, {
    query: { labelSelector: 'batch.kubernetes.io/job-name' },
  })
  const refusals =
    hasEvents &&
    watch('events', '/api/v1/events', readRefusal, refusalConsumer(), {
      query: { fieldSelector: 'reason=FailedCreate' },
    })
  const pulls =
    hasEvents &&
    watch('pull_events', '/api/v1/events', readPull, pullConsumer(), { query: { fieldSelector: 'reason=Pulled' } })
  const namespaces = watch('namespaces', '/api/v1/namespaces', readNamespace, namespaceConsumer(), {
    metadataOnly: true,
  })
  const needed = [cronJobs, jobs, pods] as const

  function note({ forUid, at }: Refusal): void {
    judge?.noteRefused(forUid, at)
  }

  function refusalConsumer(): Consumer<Refusal> {
    return {
      onReplace: (objects) => objects.forEach(note),
      onSet: note,
      // Events are deleted when they are old; what they told stays told.
      onDelete: () => undefined,
    }
  }

  function notePull(pull: Pull): void {
    judge?.notePulled(pull)
  }

  function pullConsumer(): Consumer<Pull> {
    return { onReplace: (objects) => objects.forEach(notePull), onSet: notePull, onDelete: () => undefined }
  }

  function namespaceConsumer(): Consumer<NamespaceFacts> {
    return {
      onReplace(objects) {
        ofNamespaces.clear()
        for (const { name, annotations } of objects.values()) ofNamespaces.set(name, annotations)
        retell()
      },
      onSet({ name, annotations }) {
        const before = ofNamespaces.get(name)
        ofNamespaces.set(name, annotations)
        if (JSON.stringify(before) === JSON.stringify(annotations)) return
        retell(name)
      },
      onDelete: ({ name }) => void ofNamespaces.delete(name),
    }
  }

  /** Those of one namespace, or all. */
  function retell(namespace?: string): void {
    for (const cronJob of cronJobs.objects.values()) {
      if (namespace === undefined || cronJob.namespace === namespace) toCronJobs.onSet(cronJob, undefined)
    }
  }

  const synced = Promise.all(needed.map((one) => one.synced))
  // Nobody may be waiting for it when it fails.
  synced.catch(() => undefined)

  return {
    settings,
    synced,
    follow(next) {
      judge = next
      const nothing = new Map<string, never>()
      toCronJobs.onReplace(cronJobs.objects, nothing)
      // Before the Jobs, so that each run is first seen with its pods.
      toPods.onReplace(pods.objects, nothing)
      toJobs.onReplace(jobs.objects, nothing)
      if (refusals) refusals.objects.forEach(note)
      if (pulls) pulls.objects.forEach(notePull)
    },
    retell: () => retell(),
    blindness() {
      const state = needed.map((one) => one.state()).find(({ isStale }) => isStale)
      return state && `${state.kind} are not seen as they are now: ${state.problem ?? 'nothing is heard of them'}`
    },
    seenUntil() {
      const states = needed.map((one) => one.state())
      const ofRefusals = refusals ? refusals.state() : undefined
      // They tell why something is missing: a watch of them that was cut is waited for, unless it does not come back.
      if (ofRefusals?.problem !== undefined && !ofRefusals.isStale) states.push(ofRefusals)
      const times = states.map((state) => state.seenUntil)
      const isWhole = times.every((time) => time !== undefined)
      return isWhole ? clusterClock.at(Math.min(...times)) : undefined
    },
    watches: [...needed, ...[refusals, pulls].filter((one) => one !== false), namespaces],
  }
}

interface NamespaceFacts {
  readonly name: string
  readonly annotations: Annotations
}

const readNamespace: Parse<NamespaceFacts> = ({ metadata: { name, annotations = {} } }) => ({
  name,
  annotations: ownAnnotations(annotations),
})
