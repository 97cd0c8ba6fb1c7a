// SPDX-License-Identifier: Apache-2.0
import type { HistogramValue } from '@leadline/kit'

/**
 * Upper bounds in seconds. Between 4 and 32 ms they are close, so that a write on either side of etcd's guidelines (10 ms
 * for a WAL fsync, 25 ms for a commit) is told apart; etcd's own jump from 8 to 16 and to 32 ms.
 */
export const durationBounds = [
  0.0005, 0.001, 0.002, 0.004, 0.006, 0.008, 0.01, 0.0125, 0.016, 0.02, 0.025, 0.032, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5,
  0.75, 1, 1.5, 2.5, 5, 10,
] as const

/** A histogram of durations that belongs to one member or file, so that its series go when that goes. */
export class DurationHistogram {
  readonly #counts = durationBounds.map(() => 0)
  #sum = 0
  #count = 0

  observe(seconds: number): void {
    const place = durationBounds.findIndex((bound) => seconds <= bound)
    if (place >= 0) this.#counts[place] = (this.#counts[place] ?? 0) + 1
    this.#sum += seconds
    this.#count += 1
  }

  value(): HistogramValue {
    let cumulative = 0
    const buckets = durationBounds.map((bound, i) => {
      cumulative += this.#counts[i] ?? 0
      return [bound, cumulative] as const
    })
    return { buckets, sum: this.#sum, count: this.#count }
  }
}
