// SPDX-License-Identifier: Apache-2.0
import type { Logger } from '../log.ts'
import type { SelfMetrics } from '../self.ts'
import { ConfigLoadError, type ConfigStore } from './config-store.ts'

/** Loads the config again on request or by itself, and tells how it went. */
export class Reloader {
  readonly #store: ConfigStore<unknown>
  readonly #self: SelfMetrics
  readonly #log: Logger

  constructor(store: ConfigStore<unknown>, self: SelfMetrics, log: Logger) {
    this.#store = store
    this.#self = self
    this.#log = log
  }

  /** Loads the config; an unchanged one counts as a success. Rejects with ConfigLoadError, and the last good one stays. */
  async reload(): Promise<void> {
    try {
      const changed = await this.#store.load()
      this.#self.configLoaded(true)
      if (changed) this.#log.info('Loaded config file', { file: this.#store.file })
      else this.#log.debug('Config file is unchanged', { file: this.#store.file })
    } catch (error) {
      this.#self.configLoaded(false)
      logLoadError(this.#log, error)
      throw error
    }
  }

  /** Reloads every so many seconds until the signal aborts. */
  watch(intervalSeconds: number, signal: AbortSignal): void {
    // What failed is logged and counted by then.
    const timer = setInterval(() => void this.reload().catch(() => undefined), Math.max(intervalSeconds, 1) * 1000)
    timer.unref()
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  }
}

/** Logs one line for each mistake in a config. */
export function logLoadError(log: Logger, error: unknown): void {
  if (!(error instanceof ConfigLoadError)) return log.error('Error loading config', { err: error })
  for (const problem of error.problems) log.error('Error loading config', { err: problem })
}
