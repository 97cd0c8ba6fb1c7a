// SPDX-License-Identifier: Apache-2.0
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { MetricSpec, MetricTable } from './module.ts'

type LabelNames<S extends MetricSpec> = S extends { readonly labels: infer L } ? keyof L & string : never

type Instrument<S extends MetricSpec> = S extends { readonly type: 'counter' }
  ? Counter<LabelNames<S>>
  : S extends { readonly type: 'gauge' }
    ? Gauge<LabelNames<S>>
    : Histogram<LabelNames<S>>

/** Metric name to the prom-client object that records it. */
export type Instruments<T extends MetricTable> = { readonly [K in keyof T]: Instrument<T[K]> }

/** Makes the instruments of a table in a registry. Throws Error when the registry has one of the names already. */
export function makeInstruments<T extends MetricTable>(table: T, registry: Registry): Instruments<T> {
  const made = Object.entries(table).map(([name, spec]) => [name, makeInstrument(name, spec, registry)] as const)
  return Object.fromEntries(made) as Instruments<T>
}

function makeInstrument(name: string, spec: MetricSpec, registry: Registry): Counter | Gauge | Histogram {
  const options = { name, help: spec.help, labelNames: Object.keys(spec.labels ?? {}), registers: [registry] }
  if (spec.type === 'histogram') return new Histogram({ ...options, buckets: [...(spec.buckets ?? [])] })
  return spec.type === 'counter' ? new Counter(options) : new Gauge(options)
}
