// SPDX-License-Identifier: Apache-2.0

/** Answers whose bounds are held together; a clock that drifts is followed within so many. */
const keptAnswers = 32

interface Bounds {
  readonly low: number
  readonly high: number
}

/**
 * How far the cluster's clock is ahead of ours, from the Date headers of answers (RFC 9110, 6.6.1). A header has whole
 * seconds, so each answer gives only bounds: it was written between request and answer, within the second that it
 * names. The bounds of several answers together are narrower than a second.
 */
export class ClockSkew {
  readonly #answers: Bounds[] = []

  /** Takes an answer: its Date in unix seconds, and when, by our clock, the request went out and the answer came. */
  add(dateAt: number, sentAt: number, cameAt: number): void {
    const bounds = { low: dateAt - cameAt, high: dateAt + 1 - sentAt }
    // A clock of ours that was set back in between.
    if (bounds.low > bounds.high) return
    this.#answers.push(bounds)
    if (this.#answers.length > keptAnswers) this.#answers.shift()
    // A clock was set: what was measured before says nothing of now.
    if (this.#common() === undefined) this.#answers.splice(0, this.#answers.length - 1)
  }

  /** Seconds, positive when the cluster's clock is ahead; undefined before the first answer. */
  seconds(): number | undefined {
    const common = this.#common()
    return common && (common.low + common.high) / 2
  }

  #common(): Bounds | undefined {
    if (this.#answers.length === 0) return undefined
    const low = Math.max(...this.#answers.map((each) => each.low))
    const high = Math.min(...this.#answers.map((each) => each.high))
    return low <= high ? { low, high } : undefined
  }
}
