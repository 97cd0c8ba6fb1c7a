// SPDX-License-Identifier: Apache-2.0

interface Entry<V> {
  value: V
  /** Asked for since it was last in line to be forgotten. */
  isUsed: boolean
}

/**
 * A map of bounded size that forgets what was not asked for in a while: the oldest entry, unless it was asked for since it
 * came to the front; that one goes to the end again. To find an entry moves nothing.
 */
export class Lru<V> {
  readonly #entries = new Map<string, Entry<V>>()
  readonly #most: number

  /** Keeps at most `most` entries. */
  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  /** The kept value of a key; undefined when there is none. */
  find(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    entry.isUsed = true
    return entry.value
  }

  /** Keeps a value; a key that was not kept before pushes another out when there are too many. */
  keep(key: string, value: V): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) {
      entry.value = value
      return
    }
    this.#makeRoom()
    this.#entries.set(key, { value, isUsed: false })
  }

  #makeRoom(): void {
    while (this.#entries.size >= this.#most) {
      const [key, entry] = this.#entries.entries().next().value as [string, Entry<V>]
      this.#entries.delete(key)
      if (!entry.isUsed) continue
      entry.isUsed = false
      this.#entries.set(key, entry)
    }
  }
}
