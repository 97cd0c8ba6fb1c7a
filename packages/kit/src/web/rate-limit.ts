// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '../clock.ts'

/** A token bucket: `burst` at first, and one more every `intervalSeconds`. */
export class RateLimiter {
  readonly intervalSeconds: number
  readonly burst: number
  readonly #clock: Clock
  #tokens: number
  #filledAt: number

  constructor(intervalSeconds: number, burst: number, clock: Clock) {
    this.intervalSeconds = intervalSeconds
    this.burst = burst
    this.#clock = clock
    this.#tokens = burst
    this.#filledAt = clock.now()
  }

  /** Takes a token; false when there is none. */
  allow(): boolean {
    const now = this.#clock.now()
    this.#tokens = Math.min(this.burst, this.#tokens + (now - this.#filledAt) / this.intervalSeconds)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
