// SPDX-License-Identifier: Apache-2.0
import { systemClock } from './clock.ts'
import { readConfig } from './config/load.ts'
import { Executor, type Outcome } from './execute.ts'
import { type LogRecord, RecordingLogger } from './log.ts'
import type { MetricTable, Module } from './module.ts'

/** How to run a module in a test. */
export interface RunOnceOptions {
  readonly target?: string
  /** The module's config as YAML; empty for its defaults. */
  readonly yaml?: string
  readonly timeoutSeconds?: number
  /** Ends the run early. */
  readonly controller?: AbortController
}

/** What one run in a test gave. */
export interface RunOnceResult extends Outcome {
  readonly records: readonly LogRecord[]
  /** Every sample, as `name{label="value"}` to its value. */
  readonly values: Readonly<Record<string, number>>
}

/** Runs a module once with a config given as YAML, keeping debug logs. Throws ConfigError for a bad config. */
export async function runOnce<C, T extends MetricTable>(
  module: Module<C, T>,
  { target = '', yaml = '{}', timeoutSeconds = 5, controller }: RunOnceOptions = {},
): Promise<RunOnceResult> {
  const log = new RecordingLogger('debug', systemClock.unix)
  const config = readConfig(module.config, yaml, 'test.yml')
  const executor = new Executor(module)
  const options = { target, config, timeoutSeconds, log, clock: systemClock, ...(controller && { controller }) }
  const outcome = await executor.execute(options)
  const values: Record<string, number> = {}
  for (const family of outcome.families) {
    for (const { labels, value } of family.samples) {
      const text = labels.map(([name, label]) => `${name}=${JSON.stringify(label)}`).join(',')
      values[text === '' ? family.name : `${family.name}{${text}}`] = value
    }
  }
  return { ...outcome, records: log.records, values }
}
