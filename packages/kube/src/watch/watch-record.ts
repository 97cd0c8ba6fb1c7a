// SPDX-License-Identifier: Apache-2.0
import type { Clock, Logger } from '@leadline/kit'
import { type WatchFailure, watchFailures } from './watch-failure.ts'
import type { WatchState } from './watch-state.ts'
import type { WatchTimes } from './watch-times.ts'

/** What is known of a watch apart from the objects. */
type Known = Omit<WatchState, 'objects' | 'unreadableObjects'>

/** Keeps account of one watch as it goes on, and logs what changes for better or worse. */
export class WatchRecord {
  readonly #kind: string
  readonly #clock: Clock
  readonly #log: Logger
  readonly #failures = Object.fromEntries(watchFailures.map((each) => [each, 0])) as Record<WatchFailure, number>
  #lastEventAt: number | undefined
  #lastBookmarkAt: number | undefined
  #lastListSeconds: number | undefined
  #problem: string | undefined
  #toldFailure: WatchFailure | undefined
  #lists = 0
  #streams = 0
  #heardAt = Number.NEGATIVE_INFINITY
  #seenUntil: number | undefined
  /** Undefined while connected. */
  #disconnectedAt: number | undefined = Number.NEGATIVE_INFINITY

  constructor(kind: string, clock: Clock, log: Logger) {
    this.#kind = kind
    this.#clock = clock
    this.#log = log
  }

  /** A watch is open. */
  connected(): void {
    this.#streams++
    this.#disconnectedAt = undefined
    this.#problem = undefined
  }

  /** A watch has ended, or could not be opened. */
  disconnected(): void {
    this.#disconnectedAt ??= this.#clock.now()
  }

  /** A round has failed. Attempts that fail alike are logged once, until something is heard again. */
  failed(failure: WatchFailure, line: string): void {
    this.#failures[failure]++
    this.#problem = line
    if (failure !== this.#toldFailure) this.#log.warn('Watch failed', { kind: this.#kind, failure, err: this.#problem })
    this.#toldFailure = failure
  }

  /** An object could not be read. The first one is logged; a thousand more would only fill the log. */
  refused(why: string): void {
    if (this.#failures.unreadable_object++ > 0) return
    this.#log.warn('An object can not be read', { kind: this.#kind, err: why })
  }

  /** A whole set came, within so many seconds. */
  listed(seconds: number): void {
    this.#lists++
    this.#lastListSeconds = seconds
    this.#heard()
    this.#seenUntil = this.#clock.unix() - seconds
  }

  /** An object changed. */
  event(): void {
    this.#lastEventAt = this.#clock.unix()
    this.#seenUntil = this.#lastEventAt
    this.#heard()
  }

  /** The server told how far it is. */
  bookmark(): void {
    this.#lastBookmarkAt = this.#clock.unix()
    this.#seenUntil = this.#lastBookmarkAt
    this.#heard()
  }

  /** The server has ended a watch after all that it had to say. */
  ended(): void {
    this.#seenUntil = this.#clock.unix()
    this.#heard()
  }

  /** What is known by now. */
  tell({ staleSeconds, disconnectedSeconds }: Pick<WatchTimes, 'staleSeconds' | 'disconnectedSeconds'>): Known {
    const now = this.#clock.now()
    const disconnectedAt = this.#disconnectedAt ?? now
    const isSynced = this.#lists > 0
    return {
      kind: this.#kind,
      isSynced,
      isStale: !isSynced || now - this.#heardAt > staleSeconds || now - disconnectedAt > disconnectedSeconds,
      seenUntil: this.#seenUntil,
      lastEventAt: this.#lastEventAt,
      lastBookmarkAt: this.#lastBookmarkAt,
      lastListSeconds: this.#lastListSeconds,
      relists: Math.max(0, this.#lists - 1),
      reconnects: Math.max(0, this.#streams - 1),
      failures: { ...this.#failures },
      problem: this.#problem,
    }
  }

  #heard(): void {
    this.#heardAt = this.#clock.now()
    if (this.#toldFailure === undefined) return
    this.#toldFailure = undefined
    this.#log.info('Watch goes on', { kind: this.#kind })
  }
}
