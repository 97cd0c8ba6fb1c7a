// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { type Clock, type Logger, messageOf } from '@leadline/kit'
import { ApiError } from '../client/failure.ts'
import { pause } from '../waiting.ts'
import { type LeasePlace, readLease, writeLease } from './lease-api.ts'
import { heldBy, type LeaseObject, released } from './lease-record.ts'
import { type LeaseState, type LeaseTimes, LeaseView } from './lease-view.ts'

/** The times that Kubernetes' own components use. */
export const usualLeaseTimes: LeaseTimes = { durationSeconds: 15, renewSeconds: 10, retrySeconds: 2 }

/** Which Lease, and who wants it. */
export interface LeaseOptions extends LeasePlace {
  /** Who we are to people: the pod's name. A random part is added, so that no two processes are the same. */
  readonly identity: string
  /** Ends the election; a Lease that is held is released first. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
  readonly times?: LeaseTimes
  /** Told of each change of the state, after it. */
  readonly changed?: (state: LeaseState) => void
  /** From 0 to 1, for waits; Math.random when absent. */
  readonly random?: () => number
}

/** Our part in an election. */
export interface Lease {
  /** By the monotonic clock: never `active` when another may have taken it. */
  state(): LeaseState
  /** Who holds it as far as was last seen; undefined when nobody does or nothing was seen. */
  holder(): string | undefined
  /** Resolves when the signal has aborted and what was held is released, or could not be. */
  readonly ended: Promise<void>
}

/** Stands for election and goes on until the signal aborts. */
export function contend(options: LeaseOptions): Lease {
  const election = new Election(options)
  const ended = election.run()
  return { state: () => election.state(), holder: () => election.holder(), ended }
}

class Election {
  readonly #options: LeaseOptions
  readonly #times: LeaseTimes
  readonly #identity: string
  readonly #view: LeaseView
  #toldState: LeaseState = 'unknown'
  #toldFailure: string | undefined
  /** Whether the Lease must be read before it is written, since what became of a write is not known. */
  #isOutdated = false
  #watchdog: NodeJS.Timeout | undefined

  constructor(options: LeaseOptions) {
    this.#options = options
    this.#times = options.times ?? usualLeaseTimes
    this.#identity = `${options.identity}_${randomUUID()}`
    this.#view = new LeaseView(this.#identity, this.#times)
    const { durationSeconds, renewSeconds, retrySeconds } = this.#times
    if (!(durationSeconds > renewSeconds && renewSeconds > retrySeconds && retrySeconds > 0)) {
      throw new RangeError('the times of a Lease are not durationSeconds > renewSeconds > retrySeconds > 0')
    }
  }

  state(): LeaseState {
    return this.#view.state(this.#options.clock.now())
  }

  holder(): string | undefined {
    return this.#view.spec?.holderIdentity || undefined
  }

  async run(): Promise<void> {
    const { signal, random = Math.random } = this.#options
    while (!signal.aborted) {
      await this.#attempt()
      this.#tell()
      await pause(this.#times.retrySeconds * (1 + 0.2 * random()), signal).catch(() => undefined)
    }
    await this.#release()
  }

  async #attempt(): Promise<void> {
    const { signal, log } = this.#options
    try {
      // Twice: on a conflict somebody was faster, or an attempt of ours that seemed to fail did not. A look tells.
      if (!(await this.#tryOnce())) await this.#tryOnce()
      this.#toldFailure = undefined
    } catch (error) {
      if (signal.aborted) return
      const failure = error instanceof ApiError ? error.failure : 'other'
      if (failure !== this.#toldFailure) log.warn('Lease could not be read or renewed', { err: messageOf(error) })
      this.#toldFailure = failure
    }
  }

  /** Gives false when what is known of the Lease is out of date. */
  async #tryOnce(): Promise<boolean> {
    const { clock, signal } = this.#options
    // The holder writes upon what it wrote last.
    if (!this.#view.isOurs || this.#isOutdated) {
      this.#see(await readLease(this.#options, { signal, timeoutSeconds: this.#attemptSeconds() }))
    }
    if (!this.#view.mayTake(clock.now())) return true
    try {
      await this.#write()
      return true
    } catch (error) {
      this.#isOutdated = true
      const failure = error instanceof ApiError ? error.failure : undefined
      if (failure === 'not_found') this.#view.lose()
      if (failure === 'not_found' || failure === 'conflict') return false
      throw error
    }
  }

  async #write(): Promise<void> {
    const { clock } = this.#options
    const { spec: before, resourceVersion } = this.#view
    const sentAt = clock.now()
    const spec = heldBy(this.#identity, this.#times.durationSeconds, clock.unix(), before)
    // Without the signal: a write that is cut off leaves a Lease that can't be released.
    this.#see(await writeLease(this.#options, spec, resourceVersion, { timeoutSeconds: this.#attemptSeconds() }))
    this.#view.renewed(sentAt)
    this.#guard()
  }

  #see(found: LeaseObject | undefined): void {
    this.#view.see(found, this.#options.clock.now())
    this.#isOutdated = false
  }

  /** So that the state is told at the moment at which it changes, whatever a request under way does. */
  #guard(): void {
    clearTimeout(this.#watchdog)
    const leftSeconds = this.#view.endsAt() - this.#options.clock.now()
    this.#watchdog = setTimeout(() => this.#tell(), Math.max(0, leftSeconds) * 1000 + 1)
  }

  #tell(): void {
    const { log, changed, name } = this.#options
    const state = this.state()
    if (state !== 'active') this.#view.lose()
    if (state === this.#toldState) return
    this.#toldState = state
    log.info('Lease changed', { lease: name, state, holder: this.holder() })
    changed?.(state)
  }

  /** Steps down first: whoever comes next may begin as soon as the write is there. */
  async #release(): Promise<void> {
    const { clock, log } = this.#options
    clearTimeout(this.#watchdog)
    const wasActive = this.state() === 'active'
    const { spec, resourceVersion } = this.#view
    this.#view.lose()
    this.#tell()
    if (!wasActive) return
    const options = { timeoutSeconds: this.#times.retrySeconds }
    await writeLease(this.#options, released(clock.unix(), spec), resourceVersion, options).catch((error: unknown) => {
      log.warn('Lease could not be released; others wait until it ends', { err: messageOf(error) })
    })
  }

  #attemptSeconds(): number {
    return Math.max(this.#times.retrySeconds, this.#times.renewSeconds / 2)
  }
}
