// SPDX-License-Identifier: Apache-2.0

/** A map of bounded size that forgets what was not asked for the longest. */
export class Lru<V> {
  readonly #entries = new Map<string, V>()
  readonly #most: number

  /** Keeps at most `most` entries. */
  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  /** The kept value of a key while it is fresh, else the one that `make` gives. What `make` throws is not kept. */
  get(key: string, make: () => V, isFresh: (value: V) => boolean = () => true): V {
    const found = this.#entries.get(key)
    const value = found !== undefined && isFresh(found) ? found : make()
    // A map lists its keys in the order of their insertion: the first one was not used for the longest.
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#most) this.#entries.delete(this.#entries.keys().next().value as string)
    return value
  }
}
