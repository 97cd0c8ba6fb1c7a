// SPDX-License-Identifier: Apache-2.0
import { type Clock, Histogram } from '@leadline/kit'
import { durationBounds } from '../duration-bounds.ts'
import type { Result } from '../ops.ts'
import { RpcError } from '../rpc/member-rpc.ts'
import type { Finished, SoundingView } from '../view.ts'
import type { HeldUp } from './held-up.ts'

/** How long finished soundings are kept one by one, in seconds. */
const keptSeconds = 60

/** Part of a sounding's duration that the exporter may have been held up without the sounding being thrown away. */
const bearableShare = 0.2

/** One kind of call to one member. */
export interface SoundingOptions {
  /** Makes the call; rejects with RpcError. */
  readonly call: (timeoutSeconds: number) => Promise<unknown>
  readonly timeoutSeconds: number
  readonly clock: Clock
  readonly heldUp: Pick<HeldUp, 'begin' | 'end' | 'totalSeconds'>
  /** Told of each change of the way in which it ends, with the error's message. */
  readonly onChange: (result: Result, message: string) => void
}

interface Done {
  readonly result: Result
  readonly begunAt: number
  readonly endedAt: number
}

/** What soundings of one kind at one member have shown so far. Never more than one is under way. */
export class Sounding {
  readonly #options: SoundingOptions
  readonly #durations = new Histogram(durationBounds)
  readonly #totals = new Map<Result, number>()
  readonly #recent: Done[] = []
  #underWay: { readonly begunAt: number; readonly heldUpBefore: number } | undefined
  #lastSuccessAt: number | undefined
  #lastResult: Result | undefined
  #skipped = 0

  constructor(options: SoundingOptions) {
    this.#options = options
  }

  /** Sounds once, or counts a skip while the last one is under way. Never rejects. */
  async sound(): Promise<void> {
    if (this.#underWay !== undefined) return this.skip(1)
    const { call, clock, heldUp, timeoutSeconds } = this.#options
    heldUp.begin()
    const begun = { begunAt: clock.now(), heldUpBefore: heldUp.totalSeconds() }
    this.#underWay = begun
    let result: Result = 'success'
    let message = ''
    try {
      await call(timeoutSeconds)
    } catch (error) {
      result = error instanceof RpcError ? error.failure : 'other'
      message = error instanceof Error ? error.message : String(error)
    }
    this.#underWay = undefined
    const done = { begunAt: begun.begunAt, endedAt: clock.now() }
    const held = heldUp.totalSeconds() - begun.heldUpBefore
    heldUp.end()
    const isLagged = held > (done.endedAt - done.begunAt) * bearableShare
    this.#finish({ ...done, result: isLagged ? 'lagged' : result }, message)
  }

  /** Counts soundings that were due and not made. */
  skip(count: number): void {
    this.#skipped += count
  }

  view(): SoundingView {
    const { clock, heldUp } = this.#options
    const now = clock.now()
    const underWay = this.#underWay
    const durations = this.#durations
    return {
      inFlightSeconds:
        underWay && Math.max(0, now - underWay.begunAt - (heldUp.totalSeconds() - underWay.heldUpBefore)),
      recent: this.#recent
        .filter(({ endedAt }) => endedAt > now - keptSeconds)
        .map(
          ({ result, begunAt, endedAt }): Finished => ({ result, begunAgo: now - begunAt, endedAgo: now - endedAt }),
        ),
      lastSuccessAt: this.#lastSuccessAt,
      // Made when asked for, since verdicts look each second and only a page wants it.
      get durations() {
        return durations.value()
      },
      totals: this.#totals,
      skipped: this.#skipped,
    }
  }

  #finish(done: Done, message: string): void {
    const { result, begunAt, endedAt } = done
    this.#totals.set(result, (this.#totals.get(result) ?? 0) + 1)
    this.#recent.push(done)
    while ((this.#recent[0] as Done).endedAt <= endedAt - keptSeconds) this.#recent.shift()
    // A deadline is an observation too: it took at least so long. Without it a stuck disk would leave the quantiles low.
    if (result === 'success' || result === 'deadline') this.#durations.observe(endedAt - begunAt)
    if (result === 'lagged') return
    if (result === 'success') this.#lastSuccessAt = this.#options.clock.unix()
    if (result !== this.#lastResult) this.#options.onChange(result, message)
    this.#lastResult = result
  }
}
