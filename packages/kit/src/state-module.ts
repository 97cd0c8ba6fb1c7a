// SPDX-License-Identifier: Apache-2.0
import { object } from './config/collection-shapes.ts'
import type { MetricTable, Module, SetSample } from './module.ts'

const noSettings = object('No settings.', {})

/** What a collector tells of what is known already, as watches and tickers found it out. */
export interface StateTelling<T extends MetricTable> {
  readonly name: string
  readonly metrics: T
  /** `now` gives monotonic seconds, as `Run.now`. */
  tell(set: SetSample<T>, now: () => number): void | Promise<void>
}

/** A collector without settings of its own that measures nothing at a scrape, but tells what is known by then. */
export function stateModule<const T extends MetricTable>(telling: StateTelling<T>): Module<object, T> {
  return {
    name: telling.name,
    metrics: telling.metrics,
    config: noSettings,
    async run({ set, now }) {
      await telling.tell(set, now)
    },
  }
}
