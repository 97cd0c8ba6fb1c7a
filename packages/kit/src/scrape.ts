// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts'
import { Executor, type Outcome } from './execute.ts'
import type { Logger } from './log.ts'
import type { MetricTable, Module } from './module.ts'
import type { Family } from './samples.ts'

/** How one scrape is made. */
export interface ScrapeOptions {
  readonly timeoutSeconds: number
  readonly log: Logger
  readonly clock: Clock
}

/** A module that is measured at each scrape, with its way to its config. */
export interface Collector {
  /** Value of the `collector` label and of `collect[]`. */
  readonly name: string
  readonly metrics: MetricTable
  readonly execute: (options: ScrapeOptions) => Promise<Outcome>
}

/** Makes a collector of a module; `config` is asked at each scrape, so that a reload counts at once. */
export function collector<C, T extends MetricTable>(module: Module<C, T>, config: () => C): Collector {
  const executor = new Executor(module)
  return {
    name: module.name,
    metrics: module.metrics,
    execute: (options) => executor.execute({ target: '', config: config(), ...options }),
  }
}

/** The rows that the kit adds to each scrape of an exporter with collectors. */
export function scrapeMetrics(namespace: string): MetricTable {
  return {
    [`${namespace}_scrape_collector_duration_seconds`]: {
      type: 'gauge',
      help: 'Duration of a collector in this scrape, in seconds.',
      labels: { collector: 'names of the collectors' },
      source: 'monotonic clock around the collector',
    },
    [`${namespace}_scrape_collector_success`]: {
      type: 'gauge',
      help: 'Whether a collector succeeded in this scrape; after a failure its metrics may be absent.',
      labels: { collector: 'names of the collectors' },
      source: 'how the collector ended',
    },
  }
}

/**
 * Runs collectors side by side, each with its own samples and the same deadline; a failing one costs only its own metrics.
 * Families come in the order of their names.
 */
export async function scrape(
  namespace: string,
  collectors: readonly Collector[],
  options: ScrapeOptions,
): Promise<Family[]> {
  if (collectors.length === 0) return []
  const outcomes = await Promise.all(collectors.map((one) => one.execute(options)))
  const families = outcomes.flatMap(({ families: own }) => own)
  return [...families, ...verdicts(namespace, collectors, outcomes)].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function verdicts(namespace: string, collectors: readonly Collector[], outcomes: readonly Outcome[]): Family[] {
  return Object.entries(scrapeMetrics(namespace)).map(([name, { type, help }]) => {
    const valueOf = name.endsWith('_success') ? succeeded : duration
    const samples = collectors.map((one, i) => ({
      suffix: '',
      labels: [['collector', one.name]] as const,
      value: valueOf(outcomes[i] as Outcome),
    }))
    return { name, type, help, samples }
  })
}

function succeeded({ ending }: Outcome): number {
  return ending === 'success' ? 1 : 0
}

function duration({ durationSeconds }: Outcome): number {
  return durationSeconds
}
