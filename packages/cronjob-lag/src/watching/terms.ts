// SPDX-License-Identifier: Apache-2.0
import type { LeaseState } from '@leadline/kube'
import type { JudgedCronJob } from '../judge/judge.ts'
import type { SaverState } from '../state/saver.ts'
import type { Tally } from '../tally/tally.ts'
import { Judging, type JudgingOptions } from './judging.ts'

/** What was judged by this replica: something while it is the active one, nothing while another is. */
export class Terms {
  readonly #options: JudgingOptions
  #judging: Judging | undefined
  /** One term begins when the one before has ended. */
  #turn: Promise<void> = Promise.resolve()

  constructor(options: JudgingOptions) {
    this.#options = options
  }

  /** Takes what became of the election. */
  take(state: LeaseState): void {
    if (state === 'active') this.#turn = this.#turn.then(() => this.#begin())
    else this.#turn = this.#turn.then(() => this.#end(false))
  }

  /** Ends for good, and saves what is not saved yet. */
  async end(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#end(true))
    await this.#turn
  }

  /** By UID; none while there is no term, and before its first sight. */
  cronJobs(): ReadonlyMap<string, JudgedCronJob> {
    return this.#judging?.cronJobs() ?? new Map()
  }

  /** Undefined while there is no term, and before its first sight. */
  get tally(): Tally | undefined {
    return this.#judging?.tally
  }

  /** Why verdicts wait, in one line; undefined when they do not. */
  blindness(): string | undefined {
    return this.#judging === undefined ? 'another replica is the active one' : this.#judging.blindness()
  }

  /** How the saving fares; undefined while nothing is saved. */
  saverState(): SaverState | undefined {
    return this.#judging?.saverState
  }

  #begin(): void {
    this.#judging ??= new Judging(this.#options)
  }

  async #end(isOurs: boolean): Promise<void> {
    const judging = this.#judging
    this.#judging = undefined
    await judging?.end(isOurs)
  }
}
