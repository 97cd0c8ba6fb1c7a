// SPDX-License-Identifier: Apache-2.0
import type { Shape } from './config/shape.ts'
import type { Logger } from './log.ts'
import type { RunSignal } from './run-signal.ts'

/** One row of a metric table: everything about a metric but its value. Types, docs, lint and tests derive from it. */
export interface MetricSpec {
  /** A counter or histogram here is a constant of one run or scrape, taken from state that is kept elsewhere. */
  readonly type: 'gauge' | 'counter' | 'histogram'
  /** Of a histogram: its upper bounds, in the metric's unit, rising, without infinity; absent when its source decides. */
  readonly buckets?: readonly number[]
  /** What is measured, in which unit, and when it is absent. */
  readonly help: string
  /** Label name to the bound on its values; `'*'` stands for names that come from the config. */
  readonly labels?: Readonly<Record<string, string>>
  /** Where the value comes from: RFC and section, API field, RPC, or the step that measures it. */
  readonly source: string
}

/** What a histogram has come to: upper bound to the observations at or below it, rising, without infinity. */
export interface HistogramValue {
  readonly buckets: readonly (readonly [bound: number, cumulativeCount: number])[]
  readonly sum: number
  readonly count: number
}

/** What `set` takes for a row: a number, or the whole of a histogram. */
export type ValueOf<S extends MetricSpec> = S extends { readonly type: 'histogram' } ? HistogramValue : number

/** Full metric name to its row. */
export type MetricTable = Readonly<Record<string, MetricSpec>>

/** The labels argument that `set` demands for a row: nothing, exact names, or any names. */
export type LabelArgs<S extends MetricSpec> = S extends { readonly labels: infer L }
  ? '*' extends keyof L
    ? [labels: Readonly<Record<string, string>>]
    : [labels: { readonly [K in keyof L]: string }]
  : []

/** Sets a sample of this run; a second call with the same labels replaces the value. */
export type SetSample<T extends MetricTable> = <K extends keyof T & string>(
  name: K,
  value: ValueOf<T[K]>,
  ...labels: LabelArgs<T[K]>
) => void

/** What a module is given to measure once. */
export interface Run<C, T extends MetricTable> {
  /** What to measure, as the caller named it; empty for collectors. */
  readonly target: string
  readonly config: C
  /** Aborted at the deadline, when the caller leaves, or when the process drains. */
  readonly signal: RunSignal
  /** Deadline as `now()` counts, in seconds. */
  readonly deadline: number
  readonly log: Logger
  /** Monotonic seconds with a fraction; only differences mean anything. */
  readonly now: () => number
  readonly set: SetSample<T>
}

/** A prober or a collector: a name, a table of the metrics it may set, its config and one way to measure. */
export interface Module<C, T extends MetricTable> {
  /** snake_case: config key, `prober` value, `collector` label. */
  readonly name: string
  readonly metrics: T
  readonly config: Shape<C>
  /** For watches and tickers only; resolves when the first state is there, stops when the signal aborts. */
  start?(signal: AbortSignal): Promise<void>
  /** Resolves on success; throws CheckFailed when the target is at fault; any other throw is our bug. */
  run(run: Run<C, T>): Promise<void>
}

/** Keeps the literal types of a module's table. */
export function defineModule<C, const T extends MetricTable>(module: Module<C, T>): Module<C, T> {
  return module
}

/** Keeps the literal types of a metric table that several modules share. */
export function defineMetrics<const T extends MetricTable>(table: T): T {
  return table
}

/** The target is at fault: the run ends as a failure, and the message is logged once with its fields. */
export class CheckFailed extends Error {
  readonly fields: Readonly<Record<string, unknown>>
  constructor(message: string, fields: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CheckFailed'
    this.fields = fields
  }
}
