// SPDX-License-Identifier: Apache-2.0

const windowSeconds = 60

/** What the durations of the last minute come to. */
export interface RecentValue {
  readonly maxSeconds: number
  /** Interpolated between the two nearest, as quantile_over_time does. */
  readonly p99Seconds: number
}

/** Durations of the last minute. Times are monotonic seconds. */
export class Recent {
  #lately: readonly { readonly seconds: number; readonly at: number }[] = []

  /** Takes a duration that became known at `now`. */
  observe(seconds: number, now: number): void {
    this.#lately = [...this.#since(now - windowSeconds), { seconds, at: now }]
  }

  /** Undefined when nothing was observed in the minute before `now`. */
  value(now: number): RecentValue | undefined {
    const rising = this.#since(now - windowSeconds)
      .map(({ seconds }) => seconds)
      .toSorted((a, b) => a - b)
    const maxSeconds = rising.at(-1)
    return maxSeconds === undefined ? undefined : { maxSeconds, p99Seconds: quantile(rising, 0.99) }
  }

  #since(begin: number) {
    return this.#lately.filter(({ at }) => at >= begin)
  }
}

function quantile(rising: readonly number[], share: number): number {
  const rank = share * (rising.length - 1)
  const lower = rising[Math.floor(rank)] ?? Number.NaN
  const upper = rising[Math.ceil(rank)] ?? lower
  return lower + (upper - lower) * (rank - Math.floor(rank))
}
