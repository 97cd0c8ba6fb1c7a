// SPDX-License-Identifier: Apache-2.0

import { setTimeout } from 'node:timers/promises'
import { type Clock, type Logger, messageOf, startTicker } from '@leadline/kit'
import { type ClusterClock } from '@leadline/kube'
import type { CronJobLagConfig } from '../config.ts'
import { createJudge, type Judge, type JudgedCronJob } from '../judge/judge.ts'
import { usualOptions } from '../judge/options.ts'
import type { SavedJudge } from '../judge/saved.ts'
import { readSchedule } from '../schedule.ts'
import { type Saver, type SaverState, saver } from '../state/saver.ts'
import { StateError, type StateStore } from '../state/store.ts'
import { cronJobKey, type SavedTally, Tally } from '../tally/tally.ts'
import type { ClusterWatch } from './cluster-watch.ts'

/** How often what is known is judged. */
const judgeSeconds = 1

/** How often what belongs to deleted CronJobs is forgotten. */
const forgetSeconds = 300

/** Wait before the state is asked for again, when its place can't be reached. */
const reloadSeconds = 5

const flushSeconds = 5

/** Where the state goes, and how often. */
export interface Keeping {
  readonly store: StateStore
  /** Least seconds between saves. */
  readonly minimumSeconds: number
  /** Most seconds between saves, changed or not, since the state also tells up to when everything was seen. */
  readonly maximumSeconds: number
}

/** What judging needs. */
export interface JudgingOptions {
  readonly watch: ClusterWatch
  readonly clusterClock: ClusterClock
  /** Undefined when nothing is to outlive a restart. */
  readonly keeping: Keeping | undefined
  readonly config: () => CronJobLagConfig
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Logger
}

/** What is saved. */
interface SavedState {
  readonly judge: SavedJudge
  readonly tally: SavedTally
}

/** Everything that was judged in one term of one active replica. */
export class Judging {
  readonly #options: JudgingOptions
  readonly #life = new AbortController()
  readonly #saver: Saver | undefined
  /** The objective as the term began: another one after a reload would make the histograms begin anew at each save. */
  readonly #objectiveSeconds: number
  #judge: Judge | undefined
  #tally: Tally
  /** As it was saved last: what is shown, so that a crash never makes a counter go back. */
  #savedTally: Tally | undefined
  /** The config that the judge goes by. */
  #toldConfig: CronJobLagConfig
  #forgetAt = 0
  #saveAt = 0

  constructor(options: JudgingOptions) {
    this.#options = options
    const { keeping, clock, log, config } = options
    const signal = AbortSignal.any([options.signal, this.#life.signal])
    this.#toldConfig = config()
    this.#objectiveSeconds = config().objective
    this.#tally = new Tally(this.#objectiveSeconds)
    this.#saver =
      keeping &&
      saver<SavedState>(keeping.store, {
        snapshot: () => this.#snapshot(),
        saved: ({ tally }) => {
          this.#savedTally = new Tally(this.#objectiveSeconds, tally)
        },
        minimumSeconds: keeping.minimumSeconds,
        signal,
        clock,
        log,
      })
    void this.#begin(signal).catch((error: unknown) => {
      if (!signal.aborted) log.error('Judging could not begin', { err: messageOf(error) })
    })
  }

  /** By UID; empty before the first sight. */
  cronJobs(): ReadonlyMap<string, JudgedCronJob> {
    return this.#judge?.known() ?? new Map()
  }

  /** What was counted, as far as it is saved; undefined before the first sight. */
  get tally(): Tally | undefined {
    if (this.#judge === undefined) return undefined
    return this.#saver === undefined ? this.#tally : this.#savedTally
  }

  /** Why verdicts wait, in one line; undefined when they do not. */
  blindness(): string | undefined {
    return (
      this.#options.watch.blindness() ?? (this.#judge === undefined ? 'the saved state is not loaded yet' : undefined)
    )
  }

  get saverState(): SaverState | undefined {
    return this.#saver?.state()
  }

  /** Ends the term. `isOurs`: nobody else has begun to save, so what is not saved yet may be. */
  async end(isOurs: boolean): Promise<void> {
    this.#life.abort()
    this.#options.watch.follow(undefined)
    if (isOurs && this.#judge !== undefined) {
      this.#saver?.changed()
      await this.#saver?.flush(flushSeconds)
    }
    this.#judge = undefined
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const { watch, log, clock } = this.#options
    const [saved] = await Promise.all([this.#load(signal), watch.synced])
    if (signal.aborted) return
    this.#tally = new Tally(this.#objectiveSeconds, saved?.tally)
    this.#savedTally = new Tally(this.#objectiveSeconds, saved?.tally)
    this.#judge = createJudge(
      {
        ...usualOptions,
        scheduleOf: ({ schedule, timeZone, controllerTimeZone }) =>
          readSchedule(schedule, timeZone, controllerTimeZone),
        objectiveSecondsOf: (cronJob) => watch.settings.objectiveSecondsOf(cronJob),
      },
      saved?.judge,
    )
    watch.follow(this.#judge)
    // What waits is known to wait from the first page on.
    this.#advance()
    log.info('Judging', { cronjobs: this.#judge.known().size, goes_on: saved !== undefined })
    const ticker = { intervalSeconds: judgeSeconds, phase: 0, clock, signal }
    startTicker(ticker, () => this.#advance())
  }

  async #load(signal: AbortSignal): Promise<SavedState | undefined> {
    const { keeping, log } = this.#options
    if (keeping === undefined) return undefined
    for (let told: string | undefined; ; ) {
      try {
        return (await keeping.store.load()) as SavedState | undefined
      } catch (error) {
        if (error instanceof StateError && error.problem === 'unreadable') {
          log.error('State is begun anew', { err: error.message })
          return undefined
        }
        const message = messageOf(error)
        if (message !== told) log.warn('State could not be loaded yet', { err: message })
        told = message
        await setTimeout(reloadSeconds * 1000, undefined, { signal })
      }
    }
  }

  #advance(): void {
    const { watch, clusterClock, clock, keeping, config } = this.#options
    const seenUntil = watch.seenUntil()
    if (this.#toldConfig !== config()) {
      this.#toldConfig = config()
      watch.retell()
    }
    if (this.#judge === undefined || seenUntil === undefined || watch.blindness() !== undefined) return
    const now = clusterClock.now()
    const outcomes = this.#judge.advance(now, Math.min(now, seenUntil))
    for (const outcome of outcomes) this.#tally.count(outcome)
    const monotonic = clock.now()
    if (monotonic >= this.#forgetAt) this.#forget(this.#judge, monotonic)
    if (outcomes.length === 0 && monotonic < this.#saveAt) return
    this.#saveAt = monotonic + (keeping?.maximumSeconds ?? Number.POSITIVE_INFINITY)
    this.#saver?.changed()
  }

  #forget(judge: Judge, monotonic: number): void {
    this.#forgetAt = monotonic + forgetSeconds
    const known = [...judge.known().values()].map(({ facts }) => facts)
    this.#tally.keep(
      new Set(known.map(({ namespace, name }) => cronJobKey(namespace, name))),
      new Set(known.map(({ namespace }) => namespace)),
    )
  }

  #snapshot(): SavedState {
    const judge = this.#judge?.save()
    if (judge === undefined) throw new Error('there is nothing to save before the first sight')
    return { judge, tally: this.#tally.save() }
  }
}
