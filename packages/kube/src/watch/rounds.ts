// SPDX-License-Identifier: Apache-2.0
import { Backoff } from '../backoff.ts'
import { ApiError } from '../client/failure.ts'
import type { Query } from '../client/query.ts'
import { type Draft, type HeldObjects, newDraft } from './held-objects.ts'
import { readEvents } from './read-events.ts'
import { type ChangeEvent, MalformedLine } from './watch-event.ts'
import { failureOf, lineOf, missesChanges, refusesWatchList, WatchListUnknown } from './watch-failure.ts'
import type { WatchOptions } from './watch-kind.ts'
import type { WatchRecord } from './watch-record.ts'
import type { WatchTimes } from './watch-times.ts'

/** Silent watches in a row after which changes may be missed for good, as when etcd was restored from a backup. */
const mostSilences = 2

/** What the rounds of a watch work with. */
export interface RoundsOptions<T>
  extends Pick<WatchOptions<T>, 'cluster' | 'path' | 'query' | 'metadataOnly' | 'signal' | 'clock'> {
  readonly times: WatchTimes
  readonly random: () => number
  readonly held: HeldObjects<T>
  readonly record: WatchRecord
  /** Told of each whole set that was taken. */
  readonly synced: () => void
}

/** The rounds of one watch: get the whole set where it is not known, follow its changes until that ends. */
export class Rounds<T> {
  readonly #options: RoundsOptions<T>
  readonly #backoff: Backoff
  /** Up to where the changes are known; undefined when the whole set must be got. */
  #resourceVersion: string | undefined
  /** Whether the server can send the whole set as the beginning of a watch (feature gate WatchList). */
  #hasWatchList = true
  #silences = 0

  constructor(options: RoundsOptions<T>) {
    this.#options = options
    const { firstWaitSeconds: firstSeconds, longestWaitSeconds: longestSeconds } = options.times
    this.#backoff = new Backoff({ firstSeconds, longestSeconds, random: options.random })
  }

  /** One round. Never rejects; gives the seconds to wait before the next one. */
  async round(): Promise<number> {
    const { clock, signal, record, times } = this.#options
    const begunAt = clock.now()
    const failed = await this.#once(begunAt).then(
      () => undefined,
      (error: unknown) => error ?? new Error('failed without a reason'),
    )
    record.disconnected()
    if (signal.aborted) return 0
    // The server ends a watch after all that it had to say, which on a quiet kind is the only news: it sends bookmarks as its
    // knowledge of the kind grows, and etcd may leave it without any for 10 minutes.
    if (failed === undefined && this.#resourceVersion !== undefined) record.ended()
    const isSteady = clock.now() - begunAt >= times.steadySeconds
    if (isSteady && !(failed instanceof MalformedLine)) this.#backoff.reset()
    return failed === undefined ? this.#backoff.next() : this.#waitAfter(failed)
  }

  async #once(begunAt: number): Promise<void> {
    if (this.#resourceVersion === undefined && !this.#hasWatchList) await this.#list(begunAt)
    await this.#follow(begunAt)
  }

  #waitAfter(failed: unknown): number {
    const { path, record, random, times } = this.#options
    const failure = failureOf(failed)
    if (this.#resourceVersion === undefined && this.#hasWatchList && refusesWatchList(failed)) {
      this.#hasWatchList = false
      // A silent server may not know it, or may be in trouble: that is to be told, and waited for.
      if (failure !== 'silent') return 0
    }
    record.failed(failure, lineOf(path, failed, times.silentSeconds))
    this.#silences = failure === 'silent' ? this.#silences + 1 : 0
    if (missesChanges(failed) || this.#silences >= mostSilences) this.#resourceVersion = undefined
    // The server is there again, and has only forgotten where we were.
    if (failure === 'gone') this.#backoff.reset()
    const asked = failed instanceof ApiError ? failed.retryAfterSeconds : undefined
    // Not all clients at the same moment, and never before it.
    return Math.max(this.#backoff.next(), asked === undefined ? 0 : asked + random() / 2)
  }

  async #list(begunAt: number): Promise<void> {
    const { cluster, path, query, metadataOnly = false, signal, times, held } = this.#options
    const draft = newDraft<T>()
    const { resourceVersion } = await cluster.list(path, {
      pick: (json) => held.draft(json, draft),
      begin: () => {
        draft.objects.clear()
        draft.unreadable.clear()
      },
      signal,
      timeoutSeconds: times.answerSeconds,
      ...(query && { query: { ...query } }),
      ...(metadataOnly && { accept: metadataOf('PartialObjectMetadataList') }),
    })
    this.#take(draft, resourceVersion, begunAt)
  }

  /** Follows the changes until the server ends the watch. */
  async #follow(begunAt: number): Promise<void> {
    const { cluster, path, metadataOnly = false, signal, times, held, record } = this.#options
    let draft = this.#resourceVersion === undefined ? newDraft<T>() : undefined
    const body = await cluster.stream(path, {
      query: this.#query(),
      signal,
      timeoutSeconds: times.answerSeconds,
      silentSeconds: times.silentSeconds,
      ...(metadataOnly && { accept: metadataOf('PartialObjectMetadata') }),
    })
    record.connected()
    for await (const event of readEvents(body)) {
      this.#silences = 0
      if (draft === undefined) this.#apply(event)
      else if (event instanceof MalformedLine) held.refuse(event.message, draft)
      else if (event.type !== 'BOOKMARK') held.draft(event.object, draft, event.type === 'DELETED')
      else if (event.endsInitial) {
        this.#take(draft, event.resourceVersion, begunAt)
        draft = undefined
      } else throw new WatchListUnknown()
    }
  }

  #apply(event: ChangeEvent | MalformedLine): void {
    const { held, record } = this.#options
    if (event instanceof MalformedLine) throw event
    if (event.type === 'BOOKMARK') record.bookmark()
    else {
      if (event.type === 'DELETED') held.delete(event.object)
      else held.set(event.object)
      record.event()
    }
    this.#resourceVersion = event.resourceVersion ?? this.#resourceVersion
  }

  #take(draft: Draft<T>, resourceVersion: string, begunAt: number): void {
    const { held, record, clock, synced } = this.#options
    this.#resourceVersion = resourceVersion
    record.listed(clock.now() - begunAt)
    held.replace(draft)
    synced()
  }

  #query(): Query {
    const { query, times, random } = this.#options
    const timeoutSeconds = Math.round(times.watchSeconds * (1 + random()))
    const always = { ...query, watch: 1, allowWatchBookmarks: true, timeoutSeconds }
    return this.#resourceVersion === undefined
      ? { ...always, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
      : { ...always, resourceVersion: this.#resourceVersion }
  }
}

function metadataOf(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1`
}
