// SPDX-License-Identifier: Apache-2.0
import type { Clock, Logger } from '@leadline/kit'
import type { Cluster } from '../client/cluster.ts'
import { pause } from '../waiting.ts'
import { type Consumer, HeldObjects, type Parse } from './held-objects.ts'
import { Rounds } from './rounds.ts'
import { WatchRecord } from './watch-record.ts'
import type { WatchState } from './watch-state.ts'
import { usualWatchTimes, type WatchTimes } from './watch-times.ts'

/** What to watch, and who wants to know. */
export interface WatchOptions<T> {
  readonly cluster: Pick<Cluster, 'list' | 'stream'>
  /** Plural name of the kind, for logs and metrics: `cronjobs`. */
  readonly kind: string
  /** Path of the collection: `/apis/batch/v1/cronjobs`. */
  readonly path: string
  /** Which of them. */
  readonly query?: { readonly labelSelector?: string; readonly fieldSelector?: string }
  /** Whether only the metadata of each object is wanted, which spares the server and us the rest of it. */
  readonly metadataOnly?: boolean
  readonly parse: Parse<T>
  readonly consumer?: Consumer<T>
  /** Ends the watch. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
  readonly times?: Partial<WatchTimes>
  /** From 0 to 1, for waits; Math.random when absent. */
  readonly random?: () => number
}

/** A watch of one kind, which goes on until its signal aborts, whatever becomes of the API server. */
export interface KindWatch<T> {
  /** What is held now, by UID; empty before the first whole set. */
  readonly objects: ReadonlyMap<string, T>
  /** Resolves when the first whole set is there; rejects with the signal's reason when it aborts before. */
  readonly synced: Promise<void>
  /** Resolves when the signal has aborted and nothing is under way any more. */
  readonly ended: Promise<void>
  state(): WatchState
}

/** Begins to watch a kind. */
export function watchKind<T>(options: WatchOptions<T>): KindWatch<T> {
  const { kind, parse, consumer, signal, clock, log, random = Math.random } = options
  const times = { ...usualWatchTimes, ...options.times }
  const record = new WatchRecord(kind, clock, log)
  const held = new HeldObjects(parse, consumer, { log, refused: (why) => record.refused(why) })
  const synced = Promise.withResolvers<void>()
  // Who does not wait for it need not hear that it will never be.
  synced.promise.catch(() => undefined)
  const rounds = new Rounds({ ...options, times, random, held, record, synced: synced.resolve })
  const ended = goOn(rounds, signal).then(() => synced.reject(signal.reason))
  return {
    get objects() {
      return held.objects
    },
    synced: synced.promise,
    ended,
    state: () => ({ ...record.tell(times), objects: held.objects.size, unreadableObjects: held.unreadable }),
  }
}

async function goOn<T>(rounds: Rounds<T>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const waitSeconds = await rounds.round()
    await pause(waitSeconds, signal).catch(() => undefined)
  }
}
