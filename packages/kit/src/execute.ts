// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts'
import type { Logger } from './log.ts'
import { CheckFailed, type MetricTable, type Module, type Run } from './module.ts'
import { type Family, SampleSet, SampleTable } from './samples.ts'

/** How one run ended. */
export interface Outcome {
  /** `failed`: the target is at fault. `timeout`: the deadline passed. `aborted`: the caller left. `bug`: we are at fault. */
  readonly ending: 'success' | 'failed' | 'timeout' | 'aborted' | 'bug'
  readonly durationSeconds: number
  readonly families: readonly Family[]
}

/** What `execute` needs beside the module. */
export interface ExecuteOptions<C> {
  readonly target: string
  readonly config: C
  /** Seconds; 0 or less ends the run before it starts. */
  readonly timeoutSeconds: number
  readonly log: Logger
  readonly clock: Clock
  /** Ends the run early, as when the caller leaves. */
  readonly signal?: AbortSignal
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

  constructor(module: Module<C, T>) {
    this.module = module
    this.#table = new SampleTable(module.metrics)
  }

  /** Runs the module once. Never throws, and settles at the deadline even when the module does not. */
  async execute(options: ExecuteOptions<C>): Promise<Outcome> {
    const { target, config, timeoutSeconds, log, clock } = options
    const samples = new SampleSet(this.#table)
    const begin = clock.now()
    const controller = new AbortController()
    const end = (ending: Outcome['ending']): Outcome => {
      const durationSeconds = clock.now() - begin
      samples.freeze()
      return { ending, durationSeconds, families: samples.families() }
    }
    if (timeoutSeconds <= 0) {
      log.error('Run failed', { err: 'no time is left for it', timeout_seconds: timeoutSeconds })
      return end('timeout')
    }
    const run: Run<C, T> = {
      target,
      config,
      signal: controller.signal,
      deadline: begin + timeoutSeconds,
      log,
      now: clock.now,
      set: samples.set,
    }
    const aborted = Promise.withResolvers<never>()
    const abort = (reason: unknown): void => {
      controller.abort(reason)
      aborted.reject(reason)
    }
    const timer = setTimeout(() => abort(new Deadline(timeoutSeconds)), timeoutSeconds * 1000)
    const leave = (): void => abort(options.signal?.reason)
    options.signal?.addEventListener('abort', leave, { once: true })
    try {
      if (options.signal?.aborted) leave()
      // The race lets a module that ignores its signal lose its answer, not ours.
      await Promise.race([this.module.run(run), aborted.promise])
      return end('success')
    } catch (error) {
      const ending = endingOf(error, controller.signal)
      report(log, ending, error, controller.signal.reason)
      return end(ending)
    } finally {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', leave)
      // Whatever a failed run left open (sockets, lookups) hangs on this signal.
      if (!controller.signal.aborted) controller.abort()
    }
  }
}

function endingOf(error: unknown, signal: AbortSignal): Outcome['ending'] {
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
