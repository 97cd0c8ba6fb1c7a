// SPDX-License-Identifier: Apache-2.0
import { formatNumber } from './exposition/number.ts'
import type { HistogramValue, MetricSpec, MetricTable } from './module.ts'

/** Label pairs in the order of their names, but `le` and `quantile` last. */
export type LabelPairs = readonly (readonly [name: string, value: string])[]

/** One line of an exposition. */
export interface Sample {
  /** What follows the family's name on this line: '' or, for histograms and summaries, '_bucket', '_sum', '_count'. */
  readonly suffix: string
  readonly labels: LabelPairs
  readonly value: number
}

/** All samples of one metric. Never changed once it is made. */
export interface Family {
  /** Full name; of a counter with its `_total`. */
  readonly name: string
  readonly type: 'gauge' | 'counter' | 'histogram' | 'summary' | 'untyped'
  readonly help: string
  /** No two with the same suffix and labels. */
  readonly samples: readonly Sample[]
}

const noLabels: LabelPairs = []

interface Row {
  /** Place of the name among the names of the table. */
  readonly index: number
  readonly name: string
  readonly spec: MetricSpec
  /** Label names in order; undefined when they come from the config. */
  readonly labelNames: readonly string[] | undefined
  /** What frozen label objects come to, so that a module with constant labels pays for them once. */
  readonly known: WeakMap<object, PreparedLabels>
}

/** A histogram of one set of labels, until its lines are written. */
interface HistogramSample {
  readonly labels: LabelPairs
  readonly histogram: HistogramValue
}

type Held = Sample | HistogramSample

interface PreparedLabels {
  readonly pairs: LabelPairs
  /** Differs when the pairs differ. */
  readonly key: string
}

/** A metric table made ready for many runs: rows looked up by name, label names put in order once. */
export class SampleTable {
  /** In the order of their names. */
  readonly rows: ReadonlyMap<string, Row>

  constructor(table: MetricTable) {
    const rows = new Map<string, Row>()
    for (const name of Object.keys(table).toSorted()) {
      const spec = table[name] as MetricSpec
      const labelNames = spec.labels && '*' in spec.labels ? undefined : Object.keys(spec.labels ?? {}).toSorted()
      rows.set(name, { index: rows.size, name, spec, labelNames, known: new WeakMap() })
    }
    this.rows = rows
  }
}

/** The samples of one run. `set` is a property, so that it can be handed on alone. */
export class SampleSet {
  readonly #table: SampleTable
  /** By the index of the row: the one sample of a metric without labels, or all of one with labels by their text. */
  readonly #samples: (Held | Map<string, Held> | undefined)[] = []
  #frozen = false

  constructor(table: SampleTable) {
    this.#table = table
  }

  /**
   * Throws RangeError for a name outside the table or for a missing label; does nothing once frozen. A frozen label object
   * is worked out once for all runs.
   */
  readonly set = (name: string, value: number | HistogramValue, labels?: Readonly<Record<string, string>>): void => {
    if (this.#frozen) return
    const row = this.#table.rows.get(name)
    if (row === undefined) throw new RangeError(`metric ${name} is not in the module's table`)
    if (row.labelNames?.length === 0) {
      this.#samples[row.index] = held(noLabels, value)
      return
    }
    const { pairs, key } = prepared(row, labels)
    let samples = this.#samples[row.index]
    if (!(samples instanceof Map)) {
      samples = new Map()
      this.#samples[row.index] = samples
    }
    samples.set(key, held(pairs, value))
  }

  /** Makes every later `set` a no-op: a module that outlives its deadline can't change what was answered. */
  freeze(): void {
    this.#frozen = true
  }

  /** Families with at least one sample, sorted by name, their samples by label values. */
  families(): Family[] {
    const families: Family[] = []
    for (const { index, name, spec } of this.#table.rows.values()) {
      const samples = this.#samples[index]
      if (samples === undefined) continue
      const list = samples instanceof Map ? Array.from(samples.values()).toSorted(byLabels) : [samples]
      const lines = spec.type === 'histogram' ? list.flatMap(linesOf) : (list as Sample[])
      families.push({ name, type: spec.type, help: spec.help, samples: lines })
    }
    return families
  }
}

function held(labels: LabelPairs, value: number | HistogramValue): Held {
  return typeof value === 'number' ? { suffix: '', labels, value } : { labels, histogram: value }
}

/** The lines of one sample: itself, or of a histogram each bucket up to infinity, sum and count. */
function linesOf(sample: Held): Sample | readonly Sample[] {
  if (!('histogram' in sample)) return sample
  const { labels, histogram } = sample
  const { buckets, sum, count } = histogram
  const bucket = (bound: number, value: number): Sample => ({
    suffix: '_bucket',
    labels: [...labels, ['le', formatNumber(bound)]],
    value,
  })
  return [
    ...buckets.map(([bound, value]) => bucket(bound, value)),
    bucket(Number.POSITIVE_INFINITY, count),
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: count },
  ]
}

function prepared(row: Row, labels: Readonly<Record<string, string>> | undefined): PreparedLabels {
  const known = labels === undefined ? undefined : row.known.get(labels)
  if (known !== undefined) return known
  const pairs = labelPairs(row, labels)
  const made = { pairs, key: keyOf(pairs) }
  if (labels !== undefined && Object.isFrozen(labels)) row.known.set(labels, made)
  return made
}

function labelPairs(row: Row, labels: Readonly<Record<string, string>> | undefined): LabelPairs {
  const names = row.labelNames ?? Object.keys(labels ?? {}).toSorted()
  return names.map((name) => {
    const value = labels?.[name]
    if (value === undefined) throw new RangeError(`metric ${row.name} needs label ${name}`)
    return [name, value] as const
  })
}

/** A text that differs when the pairs differ; the lengths keep a hostile value from looking like two labels. */
function keyOf(pairs: LabelPairs): string {
  let key = ''
  for (const [name, value] of pairs) key += `${name.length},${value.length}:${name}${value}`
  return key
}

function byLabels(a: Held, b: Held): number {
  for (let i = 0; i < a.labels.length && i < b.labels.length; i++) {
    const order = compareText(a.labels[i]?.[0], b.labels[i]?.[0]) || compareText(a.labels[i]?.[1], b.labels[i]?.[1])
    if (order !== 0) return order
  }
  return a.labels.length - b.labels.length
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b)
}
