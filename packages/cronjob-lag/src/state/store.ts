// SPDX-License-Identifier: Apache-2.0

/** Where the state outlives a restart. Its methods are called one at a time. */
export interface StateStore {
  /** For people: `file /var/lib/state.gz`, `ConfigMap monitoring/cronjob-lag`. */
  readonly place: string
  /**
   * The state; undefined when there is none. What is saved next is upon this version. Rejects with StateError when it
   * can't be read, and leaves it as it is; the first `save` after that keeps it aside.
   */
  load(): Promise<unknown>
  /**
   * Saves JSON in the place of what is there, wholly or not at all, and gives its size in bytes. To be called after `load`:
   * of a state that was not loaded it only sees whether it can be read.
   */
  save(state: unknown): Promise<number>
}

/**
 * What is wrong with a state: it can't be understood; another has written since it was read; it is too big for its place;
 * the place can't be reached or written.
 */
export type StateProblem = 'unreadable' | 'stale' | 'too_big' | 'place'

/** A state that can't be loaded or saved; the message is one line that says where, what and how to mend it. */
export class StateError extends Error {
  readonly problem: StateProblem
  constructor(problem: StateProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StateError'
    this.problem = problem
  }
}
