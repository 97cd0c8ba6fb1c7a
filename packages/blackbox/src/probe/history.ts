// SPDX-License-Identifier: Apache-2.0
import type { ProbeResult } from './result.ts'

/** A finished probe with its number; numbers start at 0 and never come again. */
export interface HistoryEntry {
  readonly id: number
  readonly result: ProbeResult
}

/** The last results, and beside them the last failures that fell out, so that a night of successes can't bury one. */
export class History {
  readonly #limit: number
  readonly #recent: HistoryEntry[] = []
  readonly #failures: HistoryEntry[] = []
  #nextId = 0

  /** `limit` is the size of each of the two rings; 0 keeps nothing. */
  constructor(limit: number) {
    this.#limit = limit
  }

  add(result: ProbeResult): void {
    const id = this.#nextId++
    if (this.#limit === 0) return
    this.#recent.push({ id, result })
    if (this.#recent.length <= this.#limit) return
    const oldest = this.#recent.shift()
    if (oldest === undefined || oldest.result.success) return
    this.#failures.push(oldest)
    if (this.#failures.length > this.#limit) this.#failures.shift()
  }

  /** All kept entries, oldest first; kept failures are older than every recent result. */
  entries(): readonly HistoryEntry[] {
    return [...this.#failures, ...this.#recent]
  }

  byId(id: number): HistoryEntry | undefined {
    return this.entries().find((entry) => entry.id === id)
  }

  /** The oldest match, as the peer has it; `module` undefined means any. */
  byTarget(target: string, module: string | undefined): HistoryEntry | undefined {
    return this.entries().find(
      ({ result }) => result.target === target && (module === undefined || result.moduleName === module),
    )
  }
}
