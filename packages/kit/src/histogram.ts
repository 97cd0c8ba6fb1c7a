// SPDX-License-Identifier: Apache-2.0
import type { HistogramValue } from './module.ts'

/** What a histogram has come to, as JSON: `counts[i]` observations are at most `bounds[i]`, and above the bound before. */
export interface SavedHistogram {
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
  readonly sum: number
  readonly count: number
}

/** A histogram that belongs to one subject, so that its series go when that goes. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  #count = 0

  /** `bounds`: upper bounds, rising, without infinity. Goes on from what was saved, unless that had other bounds. */
  constructor(bounds: readonly number[], saved?: SavedHistogram) {
    this.#bounds = bounds
    const isSame = saved?.bounds.length === bounds.length && bounds.every((bound, i) => bound === saved.bounds[i])
    this.#counts = bounds.map((_, i) => (isSame ? (saved.counts[i] ?? 0) : 0))
    if (!isSame) return
    this.#sum = saved.sum
    this.#count = saved.count
  }

  observe(value: number): void {
    const place = this.#bounds.findIndex((bound) => value <= bound)
    if (place >= 0) this.#counts[place] = (this.#counts[place] ?? 0) + 1
    this.#sum += value
    this.#count += 1
  }

  value(): HistogramValue {
    let cumulative = 0
    const buckets = this.#bounds.map((bound, i) => {
      cumulative += this.#counts[i] ?? 0
      return [bound, cumulative] as const
    })
    return { buckets, sum: this.#sum, count: this.#count }
  }

  save(): SavedHistogram {
    return { bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum, count: this.#count }
  }
}
