// SPDX-License-Identifier: Apache-2.0

interface Task {
  readonly run: () => void
  readonly failed: (error: unknown) => void
}

/** Tasks that run one right after the other when all input of the event loop's turn has been read. */
export class TurnEnd {
  #due: Task[] = []
  readonly #run = (): void => {
    const due = this.#due
    this.#due = []
    for (const { run, failed } of due) {
      try {
        run()
      } catch (error) {
        failed(error)
      }
    }
  }

  /** Adds a task; one that is added by a task runs a turn later. `failed` hears of what it throws, and must not throw. */
  add(run: () => void, failed: Task['failed']): void {
    if (this.#due.push({ run, failed }) === 1) setImmediate(this.#run)
  }
}
