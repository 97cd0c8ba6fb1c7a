// SPDX-License-Identifier: Apache-2.0
import type { ProbeResult } from './result.ts'
import { Ring } from './ring.ts'

/** A finished probe with its number; numbers start at 0 and never come again. */
export interface HistoryEntry {
  readonly id: number
  readonly result: ProbeResult
}

/** The last results, and beside them the last failures that fell out, so that a night of successes can't bury one. */
export class History {
  readonly #limit: number
  readonly #recent: Ring<HistoryEntry>
  readonly #failures: Ring<HistoryEntry>
  #nextId = 0

  /** `limit` is the size of each of the two rings; 0 keeps nothing. */
  constructor(limit: number) {
    this.#limit = limit
    this.#recent = new Ring(limit)
    this.#failures = new Ring(limit)
  }

  add(result: ProbeResult): void {
    const id = this.#nextId++
    if (this.#limit === 0) return
    const oldest = this.#recent.add({ id, result })
    if (oldest !== undefined && !oldest.result.success) this.#failures.add(oldest)
  }

  /** All kept entries, oldest first; kept failures are older than every recent result. */
  entries(): readonly HistoryEntry[] {
    return [...this.#failures.values(), ...this.#recent.values()]
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
