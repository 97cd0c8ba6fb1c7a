// SPDX-License-Identifier: Apache-2.0
import type { MetricSpec, MetricTable } from './module.ts'

/** Label pairs in the order of their names. */
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
  readonly samples: readonly Sample[]
}

const noLabels: LabelPairs = []

interface Row {
  readonly name: string
  readonly spec: MetricSpec
  /** Label names in order; undefined when they come from the config. */
  readonly labelNames: readonly string[] | undefined
}

/** A metric table made ready for many runs: rows looked up by name, label names put in order once. */
export class SampleTable {
  readonly rows: ReadonlyMap<string, Row>

  constructor(table: MetricTable) {
    const rows = new Map<string, Row>()
    for (const name of Object.keys(table).toSorted()) {
      const spec = table[name] as MetricSpec
      const labelNames = spec.labels && '*' in spec.labels ? undefined : Object.keys(spec.labels ?? {}).toSorted()
      rows.set(name, { name, spec, labelNames })
    }
    this.rows = rows
  }
}

/** The samples of one run. `set` is a property, so that it can be handed on alone. */
export class SampleSet {
  readonly #table: SampleTable
  readonly #samples = new Map<string, Sample[]>()
  #frozen = false

  constructor(table: SampleTable) {
    this.#table = table
  }

  /** Throws RangeError for a name outside the table or for wrong labels; does nothing once frozen. */
  readonly set = (name: string, value: number, labels?: Readonly<Record<string, string>>): void => {
    if (this.#frozen) return
    const row = this.#table.rows.get(name)
    if (row === undefined) throw new RangeError(`metric ${name} is not in the module's table`)
    const pairs = labelPairs(row, labels)
    const samples = this.#samples.get(name)
    const sample: Sample = { suffix: '', labels: pairs, value }
    if (samples === undefined) this.#samples.set(name, [sample])
    else {
      const same = samples.findIndex((other) => samePairs(other.labels, pairs))
      if (same === -1) samples.push(sample)
      else samples[same] = sample
    }
  }

  /** Makes every later `set` a no-op: a module that outlives its deadline can't change what was answered. */
  freeze(): void {
    this.#frozen = true
  }

  /** Families with at least one sample, sorted by name. */
  families(): Family[] {
    const families: Family[] = []
    for (const [name, { spec }] of this.#table.rows) {
      const samples = this.#samples.get(name)
      if (samples !== undefined) families.push({ name, type: spec.type, help: spec.help, samples })
    }
    return families
  }
}

function labelPairs(row: Row, labels: Readonly<Record<string, string>> | undefined): LabelPairs {
  const names = row.labelNames ?? Object.keys(labels ?? {}).toSorted()
  if (names.length === 0) return noLabels
  return names.map((name) => {
    const value = labels?.[name]
    if (value === undefined) throw new RangeError(`metric ${row.name} needs label ${name}`)
    return [name, value] as const
  })
}

function samePairs(a: LabelPairs, b: LabelPairs): boolean {
  return a.length === b.length && a.every((pair, i) => pair[0] === b[i]?.[0] && pair[1] === b[i]?.[1])
}
