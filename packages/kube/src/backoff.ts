// SPDX-License-Identifier: Apache-2.0

/** How waits between attempts grow. */
export interface BackoffOptions {
  readonly firstSeconds: number
  readonly longestSeconds: number
  /** From 0 to 1, as Math.random gives it. */
  readonly random: () => number
}

/** Waits that double up to a bound, each between half and the whole of it by chance, so that clients do not step alike. */
export class Backoff {
  readonly #options: BackoffOptions
  #attempts = 0

  constructor(options: BackoffOptions) {
    this.#options = options
  }

  /** Seconds to wait before the next attempt. */
  next(): number {
    const { firstSeconds, longestSeconds, random } = this.#options
    const whole = Math.min(longestSeconds, firstSeconds * 2 ** this.#attempts)
    this.#attempts++
    return whole * (0.5 + random() / 2)
  }

  /** Begins with the shortest wait again. */
  reset(): void {
    this.#attempts = 0
  }
}
