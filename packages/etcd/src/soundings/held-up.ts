// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'

/** Seconds between two looks at the clock while a sounding is under way; the shortest hold-up that is surely seen. */
const tickSeconds = 0.02

/** Lateness of a timer that is noise of the scheduler, in seconds. */
const noiseSeconds = 0.005

/**
 * How long this process was kept from running its event loop, so that its own slowness never reads as a member's: a timer
 * that comes late tells by how much. Between soundings only the timers that are there anyway are looked at: 50 looks a
 * second would be a seventh of all that the exporter costs.
 */
export class HeldUp {
  readonly #clock: Clock
  #totalSeconds = 0
  /** Up to when hold-ups are counted, so that two timers of the same one don't count it twice. */
  #countedUntil: number
  #underWay = 0
  /** When the look of now is due; for as long as anything is under way. */
  #due = 0
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#countedUntil = clock.now()
  }

  /** Looks often until `end`, which is to be called as often. */
  begin(): void {
    this.#underWay += 1
    if (this.#underWay > 1) return
    this.#due = this.#clock.now() + tickSeconds
    this.#timer = setInterval(() => this.#look(), tickSeconds * 1000).unref()
  }

  end(): void {
    this.#underWay -= 1
    if (this.#underWay > 0) return
    this.ran(this.#due)
    clearInterval(this.#timer)
  }

  /** Tells that what was due at this monotonic time runs now. */
  readonly ran = (dueAt: number): void => {
    const now = this.#clock.now()
    this.#totalSeconds += this.#uncounted(dueAt, now)
    this.#countedUntil = Math.max(this.#countedUntil, now)
  }

  /**
   * Seconds held up since the start, a hold-up whose timer has not run yet included: after a block the event loop may run a
   * reply's handler before it runs a timer. Two readings a span apart give the hold-up within that span.
   */
  totalSeconds(): number {
    const pending = this.#underWay > 0 ? this.#uncounted(this.#due, this.#clock.now()) : 0
    return this.#totalSeconds + pending
  }

  #look(): void {
    this.ran(this.#due)
    this.#due = this.#clock.now() + tickSeconds
  }

  #uncounted(dueAt: number, now: number): number {
    return now - dueAt > noiseSeconds ? Math.max(0, now - Math.max(dueAt, this.#countedUntil)) : 0
  }
}
