// SPDX-License-Identifier: Apache-2.0

interface Task {
  readonly run: () => void
  readonly failed: (error: unknown) => void
}

/** Tasks that run one right after the other when all input of the event loop's turn has been read. */
export class TurnEnd {
  readonly #most: number
  #due: Task[] = []
  readonly #run = (): void => {
    const due = this.#due
    this.#due = due.length > this.#most ? due.splice(this.#most) : []
    if (this.#due.length > 0) setImmediate(this.#run)
    for (const { run, failed } of due) {
      try {
        run()
      } catch (error) {
        failed(error)
      }
    }
  }

  /** No more than `most` tasks run in one turn; the rest waits for the next. */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most
  }

  /** Adds a task; one that is added by a task runs a turn later. `failed` hears of what it throws, and must not throw. */
  add(run: () => void, failed: Task['failed']): void {
    if (this.#due.push({ run, failed }) === 1) setImmediate(this.#run)
  }
}
