// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'

/** Seconds between two looks at the clock; the shortest hold-up that is surely seen. */
const tickSeconds = 0.02

/** Lateness of a tick that is noise of the scheduler, in seconds. */
const noiseSeconds = 0.005

/**
 * How long this process was kept from running its event loop, so that its own slowness never reads as a member's: a
 * timer that comes late tells by how much.
 */
export class HeldUp {
  readonly #clock: Clock
  #total = 0
  #due: number
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#due = clock.now() + tickSeconds
  }

  start(signal: AbortSignal): void {
    this.#due = this.#clock.now() + tickSeconds
    this.#timer = setInterval(() => this.#tick(), tickSeconds * 1000).unref()
    signal.addEventListener('abort', () => clearInterval(this.#timer), { once: true })
  }

  /**
   * Seconds held up since the start, a hold-up that has not ended its tick yet included: after a block the event loop may
   * run a reply's handler before it runs the timer. Two readings a span apart give the hold-up within that span.
   */
  totalSeconds(): number {
    return this.#total + late(this.#clock.now() - this.#due)
  }

  #tick(): void {
    const now = this.#clock.now()
    this.#total += late(now - this.#due)
    this.#due = now + tickSeconds
  }
}

function late(seconds: number): number {
  return seconds > noiseSeconds ? seconds : 0
}
