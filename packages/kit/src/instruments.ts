// SPDX-License-Identifier: Apache-2.0
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { MetricSpec } from './module.ts'

/** One row of a table of instruments: metrics that live as long as the process, because the exporter counts them itself. */
export type InstrumentSpec =
  | MetricSpec
  | (Omit<MetricSpec, 'type'> & {
      readonly type: 'histogram'
      /** Upper bounds in the metric's unit, rising, without infinity. */
      readonly buckets: readonly number[]
    })

/** Full metric name to its row. */
export type InstrumentTable = Readonly<Record<string, InstrumentSpec>>

type LabelNames<S extends InstrumentSpec> = S extends { readonly labels: infer L } ? keyof L & string : never

type Instrument<S extends InstrumentSpec> = S extends { readonly type: 'counter' }
  ? Counter<LabelNames<S>>
  : S extends { readonly type: 'gauge' }
    ? Gauge<LabelNames<S>>
    : Histogram<LabelNames<S>>

/** Metric name to the prom-client object that records it. */
export type Instruments<T extends InstrumentTable> = { readonly [K in keyof T]: Instrument<T[K]> }

/** Keeps the literal types of a table of instruments. */
export function defineInstruments<const T extends InstrumentTable>(table: T): T {
  return table
}

/** Makes the instruments of a table in a registry. Throws Error when the registry has one of the names already. */
export function makeInstruments<T extends InstrumentTable>(table: T, registry: Registry): Instruments<T> {
  const made = Object.entries(table).map(([name, spec]) => [name, makeInstrument(name, spec, registry)] as const)
  return Object.fromEntries(made) as Instruments<T>
}

function makeInstrument(name: string, spec: InstrumentSpec, registry: Registry): Counter | Gauge | Histogram {
  const options = { name, help: spec.help, labelNames: Object.keys(spec.labels ?? {}), registers: [registry] }
  if (spec.type === 'histogram') return new Histogram({ ...options, buckets: [...spec.buckets] })
  return spec.type === 'counter' ? new Counter(options) : new Gauge(options)
}
