// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts'
import type { Logger } from './log.ts'
import { CheckFailed, type MetricTable, type Module, type Run } from './module.ts'
import { type RunAborter, RunController, type RunSignal } from './run-signal.ts'
import { type Family, SampleSet, SampleTable } from './samples.ts'

/** Milliseconds; a longer setTimeout fires at once. */
const longestTimer = 2 ** 31 - 1

/** How one run ended. */
export interface Outcome {
  /** `failed`: the target is at fault. `timeout`: the deadline passed. `aborted`: the caller left. `bug`: we are at fault. */
  readonly ending: 'success' | 'failed' | 'timeout' | 'aborted' | 'bug'
  readonly durationSeconds: number
  readonly families: readonly Family[]
}

/** Made once: a signal aborted without a reason makes an error with a stack each time, 13 us of every run. */
const runEnded = new Error('the run has ended')

/** What `execute` needs beside the module. */
export interface ExecuteOptions<C> {
  readonly target: string
  readonly config: C
  /** Seconds; 0, less, or NaN ends the run before it starts. */
  readonly timeoutSeconds: number
  readonly log: Logger
  readonly clock: Clock
  /** Called when the run has ended, to set what is known only then. */
  readonly conclude?: (ending: Outcome['ending'], durationSeconds: number, set: SampleSet['set']) => void
  /** The run's own controller, for a caller that may end the run early; aborted in any case when the run has ended. */
  readonly controller?: RunAborter
}

/** Why the signal of a run was aborted. */
export class Deadline extends Error {
  constructor(timeoutSeconds: number) {
    super(`timeout of ${timeoutSeconds} s is over`)
    this.name = 'Deadline'
  }
}

/** A module with its table made ready, so that a run costs no look at the table. */
export class Executor<C, T extends MetricTable> {
  readonly module: Module<C, T>
  readonly #table: SampleTable

  /** `others` are the metrics that `conclude` sets. */
  constructor(module: Module<C, T>, others: MetricTable = {}) {
    this.module = module
    this.#table = new SampleTable({ ...module.metrics, ...others })
  }

  /** Runs the module once. Never rejects, and settles at the deadline even when the module does not. */
  execute(options: ExecuteOptions<C>): Promise<Outcome> {
    return new Promise((resolve) => this.start(options, resolve))
  }

  /** As `execute`, without the cost of a promise: `done` is called once and must not throw. Never throws. */
  start(options: ExecuteOptions<C>, done: (outcome: Outcome) => void): void {
    const { target, config, timeoutSeconds, log, clock, conclude, controller = new RunController() } = options
    const { signal } = controller
    const samples = new SampleSet(this.#table)
    const begin = clock.now()
    const outcome = (ending: Outcome['ending']): Outcome => {
      const durationSeconds = clock.now() - begin
      conclude?.(ending, durationSeconds, samples.set)
      samples.freeze()
      return { ending, durationSeconds, families: samples.families() }
    }
    if (!(timeoutSeconds > 0)) {
      log.error('Run failed', { err: 'no time is left for it', timeout_seconds: timeoutSeconds })
      done(outcome('timeout'))
      return
    }
    // Plain callbacks: a race of promises is a tenth of what a run of a fast module allocates.
    let isOver = false
    const settle = (hasFailed: boolean, error?: unknown): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      const ending = hasFailed ? endingOf(error, signal) : 'success'
      if (hasFailed) report(log, ending, error, signal.reason)
      const result = outcome(ending)
      // Whatever a run left open (sockets, lookups) hangs on this signal.
      if (!signal.aborted) controller.abort(runEnded)
      done(result)
    }
    // A microtask later, so that the module's own listeners can still set what they have measured.
    const giveUp = (): void => queueMicrotask(() => settle(true, signal.reason))
    const giveUpAt = (): void => controller.abort(new Deadline(timeoutSeconds))
    const timer = setTimeout(giveUpAt, Math.min(timeoutSeconds * 1000, longestTimer))
    if (signal.aborted) {
      giveUp()
      return
    }
    signal.addEventListener('abort', giveUp, { once: true })
    const deadline = begin + timeoutSeconds
    const run: Run<C, T> = { target, config, signal, deadline, log, now: clock.now, set: samples.set }
    try {
      this.module.run(run).then(
        () => settle(false),
        (error: unknown) => settle(true, error),
      )
    } catch (error) {
      settle(true, error)
    }
  }
}

function endingOf(error: unknown, signal: RunSignal): Outcome['ending'] {
  if (signal.aborted) return signal.reason instanceof Deadline ? 'timeout' : 'aborted'
  return error instanceof CheckFailed ? 'failed' : 'bug'
}

function report(log: Logger, ending: Outcome['ending'], error: unknown, reason: unknown): void {
  if (error instanceof CheckFailed) {
    log.error(
      error.message,
      error.cause === undefined ? error.fields : { ...error.fields, err: messageOf(error.cause) },
    )
  } else if (ending === 'bug') {
    log.error('Run failed by a fault of the exporter', { err: error instanceof Error ? error.stack : String(error) })
  } else {
    log.error('Run failed', { err: messageOf(reason) })
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
