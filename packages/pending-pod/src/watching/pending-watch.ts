// SPDX-License-Identifier: Apache-2.0
import type { Clock, Logger } from '@leadline/kit'
import { type Cluster, type ClusterClock, type Consumer, type KindWatch, watchKind } from '@leadline/kube'
import type { Ledger } from '../ledger/ledger.ts'
import { type PendingPodFacts, readPod } from '../pod/pod.ts'
import { allOf } from './all-of.ts'
import { createLetThrough } from './let-through.ts'
import { createThresholds, readNamespace, type Thresholds } from './thresholds.ts'
import { noteUnclassified } from './unclassified.ts'

/**
 * A pod may wait for 5 minutes, so a watch that tells nothing any more has to be found out within one: also when that takes
 * the end of the watch (after twice `watchSeconds` at most, as for a right that was taken away) and attempts after it.
 */
const times = {
  watchSeconds: 12,
  silentSeconds: 50,
  staleSeconds: 55,
  disconnectedSeconds: 30,
  longestWaitSeconds: 10,
}

const tellNobody = (): void => undefined

/** What watching needs. */
export interface PendingWatchOptions {
  readonly cluster: Cluster
  readonly clusterClock: ClusterClock
  /** Those to watch; all when there is none. */
  readonly namespaces: readonly string[]
  /** Told the name of each namespace that is there no more. */
  readonly namespaceGone: (name: string) => void
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
}

/** The watches of pods that are Pending, and of what says how long they may be. */
export interface PendingWatch {
  readonly thresholds: Thresholds
  /** Resolves when the first whole set of pods is there; rejects when the signal aborts before. */
  readonly synced: Promise<unknown>
  /** Tells a ledger all there is, and from then on what changes, with a call of `told` after each. */
  follow(ledger: Ledger | undefined, told: () => void): void
  /** Messages of the scheduler that were not wholly understood. */
  unclassifiedMessages(): number
  /** Why what is known may be out of date, in one line; undefined when it is not. */
  blindness(): string | undefined
  readonly watches: readonly Pick<KindWatch<unknown>, 'state'>[]
}

/** Begins to watch. Pods must be readable; namespaces may be. */
export function watchPending(options: PendingWatchOptions): PendingWatch {
  const { clusterClock, namespaces, namespaceGone, ...rest } = options
  let ledger: Ledger | undefined
  let told = tellNobody
  const unclassified = noteUnclassified(rest.log)
  const letThrough = createLetThrough()
  function set(pod: PendingPodFacts, previous: PendingPodFacts | undefined, at: number): void {
    unclassified.note(pod, previous)
    letThrough.note(pod, previous, at)
    ledger?.pods.set(pod, at)
  }
  function remove(pod: PendingPodFacts, at: number): void {
    letThrough.forget(pod.uid)
    ledger?.pods.delete(pod, at)
  }
  const consumer: Consumer<PendingPodFacts> = {
    onReplace(pods, previous) {
      const at = clusterClock.now()
      for (const [uid, pod] of pods) set(pod, previous.get(uid), at)
      for (const [uid, pod] of previous) if (!pods.has(uid)) remove(pod, at)
      told()
    },
    onSet(pod, previous) {
      set(pod, previous, clusterClock.now())
      told()
    },
    onDelete(pod) {
      remove(pod, clusterClock.now())
      told()
    },
  }
  const query = { fieldSelector: 'status.phase=Pending' }
  const paths = namespaces.length === 0 ? ['/api/v1/pods'] : namespaces.map((name) => `/api/v1/namespaces/${name}/pods`)
  const pods = paths.map((path) => watchKind({ kind: 'pods', path, query, parse: readPod, consumer, times, ...rest }))
  const thresholds = createThresholds(namespaceGone)
  const namespaceWatch = watchKind({
    kind: 'namespaces',
    path: '/api/v1/namespaces',
    metadataOnly: true,
    parse: readNamespace,
    consumer: thresholds.consumer,
    ...rest,
  })
  const all = allOf(pods)
  const synced = Promise.all(pods.map((one) => one.synced))
  // A replica that stands by until it ends does not wait for it.
  synced.catch(() => undefined)
  return {
    thresholds,
    synced,
    follow(next, tell) {
      ledger = next
      told = tell
      const at = clusterClock.now()
      if (next !== undefined) {
        for (const { objects } of pods) for (const pod of objects.values()) letThrough.tell(next, pod, at)
      }
      told()
    },
    blindness() {
      const { isStale, problem } = all.state()
      return isStale ? `pods are not seen as they are now: ${problem ?? 'nothing is heard of them'}` : undefined
    },
    unclassifiedMessages: () => unclassified.count(),
    watches: [all, namespaceWatch],
  }
}
