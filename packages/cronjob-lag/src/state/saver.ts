// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import { type Clock, type Logger, messageOf } from '@leadline/kit'
import type { StateStore } from './store.ts'

/** What a saver goes by. */
export interface SaverOptions<S> {
  /** The state of now, as JSON that changes no more. */
  readonly snapshot: () => S
  /** Told of each snapshot when it is durable. */
  readonly saved?: (snapshot: S) => void
  /** Least seconds from the beginning of one save to that of the next. */
  readonly minimumSeconds: number
  /** Ends the saving that goes by itself. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
}

/** How the saving fares. */
export interface SaverState {
  /** Unix seconds; undefined before the first save. */
  readonly lastSavedAt: number | undefined
  /** For how long the oldest change that is not durable has been waiting; 0 when all is saved. */
  readonly unsavedSeconds: number
  readonly failures: number
  /** Why the last attempt failed; undefined when it did not. */
  readonly problem: string | undefined
  /** Of the last one that was saved, as it lies in its place. */
  readonly sizeBytes: number | undefined
}

/** Saves the state soon after it changes: one at a time, the newest each time, again and again while it fails. */
export interface Saver {
  /** The state is no longer as it was saved. */
  changed(): void
  /** Ends the saving by itself, and saves what is not yet. Gives whether everything is durable; false at the timeout. */
  flush(timeoutSeconds: number): Promise<boolean>
  state(): SaverState
}

/** A saver for one store. What fails is logged when it begins, when it changes and when it is well again. */
export function saver<S>(store: StateStore, options: SaverOptions<S>): Saver {
  const saving = new Saving(store, options)
  return {
    changed: () => saving.changed(),
    flush: (timeoutSeconds) => saving.flush(timeoutSeconds),
    state: () => saving.state(),
  }
}

const longestWaitSeconds = 30

class Saving<S> {
  readonly #store: StateStore
  readonly #options: SaverOptions<S>
  readonly #ending = new AbortController()
  readonly #signal: AbortSignal
  readonly #firstWaitSeconds: number
  /** Monotonic seconds of the oldest change that no snapshot has. */
  #changedAt: number | undefined
  /** The same of the snapshot that is being saved. */
  #savingFrom: number | undefined
  #attempt: Promise<boolean> | undefined
  #isRunning = false
  #nextAt = Number.NEGATIVE_INFINITY
  #waitSeconds: number
  #failures = 0
  #problem: string | undefined
  #lastSavedAt: number | undefined
  #sizeBytes: number | undefined

  constructor(store: StateStore, options: SaverOptions<S>) {
    this.#store = store
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#ending.signal])
    this.#firstWaitSeconds = options.minimumSeconds || 1
    this.#waitSeconds = this.#firstWaitSeconds
  }

  changed(): void {
    this.#changedAt ??= this.#options.clock.now()
    if (!this.#isRunning) void this.#run()
  }

  async flush(timeoutSeconds: number): Promise<boolean> {
    this.#ending.abort()
    const timer = new AbortController()
    const timeout = setTimeout(timeoutSeconds * 1000, false, { signal: timer.signal }).catch(() => false)
    const isSaved = await Promise.race([this.#finish(), timeout])
    timer.abort()
    const { log } = this.#options
    if (!isSaved) log.warn('State was not saved before the end, and stays as of the last save', this.#place())
    return isSaved
  }

  state(): SaverState {
    const oldest = this.#savingFrom ?? this.#changedAt
    return {
      lastSavedAt: this.#lastSavedAt,
      unsavedSeconds: oldest === undefined ? 0 : this.#options.clock.now() - oldest,
      failures: this.#failures,
      problem: this.#problem,
      sizeBytes: this.#sizeBytes,
    }
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    const signal = this.#signal
    while (this.#changedAt !== undefined && !signal.aborted) {
      const leftSeconds = this.#nextAt - this.#options.clock.now()
      if (leftSeconds > 0) await setTimeout(leftSeconds * 1000, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await this.#saveNow()
    }
    this.#isRunning = false
  }

  async #finish(): Promise<boolean> {
    await this.#attempt
    return this.#changedAt === undefined || this.#saveNow()
  }

  #saveNow(): Promise<boolean> {
    this.#attempt ??= this.#save().finally(() => {
      this.#attempt = undefined
    })
    return this.#attempt
  }

  async #save(): Promise<boolean> {
    const { snapshot, saved, minimumSeconds, clock } = this.#options
    const begunAt = clock.now()
    this.#savingFrom = this.#changedAt
    this.#changedAt = undefined
    let state: S
    try {
      state = snapshot()
      this.#sizeBytes = await this.#store.save(state)
    } catch (error) {
      this.#changedAt = this.#savingFrom
      this.#noteFailure(messageOf(error))
      return false
    } finally {
      this.#savingFrom = undefined
    }
    this.#nextAt = begunAt + minimumSeconds
    this.#noteSuccess()
    saved?.(state)
    return true
  }

  #noteFailure(message: string): void {
    const { log, clock } = this.#options
    this.#failures++
    if (message !== this.#problem) log.warn('State could not be saved', { ...this.#place(), err: message })
    this.#problem = message
    this.#nextAt = clock.now() + this.#waitSeconds
    this.#waitSeconds = Math.min(longestWaitSeconds, this.#waitSeconds * 2)
  }

  #noteSuccess(): void {
    const { log, clock } = this.#options
    this.#lastSavedAt = clock.unix()
    if (this.#problem !== undefined) log.info('State is saved again', this.#place())
    this.#problem = undefined
    this.#waitSeconds = this.#firstWaitSeconds
  }

  #place(): { readonly place: string } {
    return { place: this.#store.place }
  }
}
