// SPDX-License-Identifier: Apache-2.0
import type { MetricSpec } from './module.ts'

/** Says what is wrong with a row; undefined when nothing is. */
type Rule = (name: string, spec: MetricSpec) => string | undefined

/** The name of a rule. */
export type LintRule = keyof typeof rules

const types = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped'])

/** The unit that Prometheus wants, and those that it wants to be turned into it. */
const otherUnits: Readonly<Record<string, readonly string[]>> = {
  seconds: ['minutes', 'hours', 'days', 'weeks'],
  bytes: ['bits'],
  ratio: ['percent', 'percentage'],
  celsius: ['fahrenheit', 'rankine'],
  kelvin: ['kelvins'],
  meters: ['inches', 'yards', 'miles'],
  metres: [],
  grams: ['pounds', 'ounces'],
  joules: ['calories'],
  volts: [],
  amperes: [],
}
const baseUnits = new Map(
  Object.entries(otherUnits).flatMap(([base, others]) => [base, ...others].map((unit) => [unit, base] as const)),
)

const multiples = /^(?:pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mebi|giga|gibi|tera|tebi|peta|pebi)/
const abbreviations = new Set(['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'])

/** What "Writing exporters" leaves to the scrape config and to relabelling. */
const targetLabels = new Set('instance job type cluster datacenter region zone az env service customer'.split(' '))

/**
 * The naming rules of Prometheus: those of `promtool check metrics`, of "Metric and label naming" and of "Writing
 * exporters"; and this suite's own on help, sources, bounds and times.
 */
export const rules = {
  name: (name) => (isSnakeCase(name) ? undefined : 'the name is not lower-case words joined by underscores'),
  help: (_, { help }) =>
    /^[A-Z0-9].*\.$/.test(help)
      ? undefined
      : 'the help is not one line that begins with a capital or a digit and ends with a full stop',
  source: (_, { source }) => (source.trim() === '' ? 'the source is empty' : undefined),
  total: (name, { type }) => {
    if (name.endsWith('_total') === (type === 'counter')) return undefined
    return type === 'counter' ? 'a counter does not end in _total' : `a ${type} ends in _total`
  },
  suffix: (name) => {
    const suffix = /_(?:bucket|sum|count|created|gsum|gcount)$/.exec(name)?.[0]
    return suffix && `${suffix} is kept for series that a type adds`
  },
  type: (name) => {
    const type = wordsAfterFirst(name).find((word) => types.has(word))
    return type && `the name has the type ${type} in it`
  },
  unit: (name) => {
    const unit = name.split('_').find((word) => (baseUnitOf(word) ?? word) !== word)
    return unit && `the unit is ${unit}, not ${baseUnitOf(unit)}`
  },
  abbreviation: (name) => {
    const unit = wordsAfterFirst(name).find((word) => abbreviations.has(word))
    return unit && `the name abbreviates a unit to ${unit}`
  },
  time: (name) => {
    const end = /_(?:timestamp|time|date|expiry|at)$/.exec(name)?.[0]
    return end && `a point in time ends in _timestamp_seconds, a duration in _seconds, not in ${end}`
  },
  namespace: (name) =>
    /^(?:process_|scrape_|up$)/.test(name) ? 'the name is kept for client libraries and Prometheus' : undefined,
  info: (name, { type }) => (name.endsWith('_info') && type !== 'gauge' ? `a ${type} ends in _info` : undefined),
  label: (_, spec) => wrongLabel(spec, (label) => label !== '*' && !isSnakeCase(label), 'is not snake_case'),
  reserved: (_, spec) => wrongLabel(spec, (label) => label === 'le' || label === 'quantile', 'is kept for buckets'),
  target: (_, spec) => wrongLabel(spec, (label) => targetLabels.has(label), 'is for the scrape config to set'),
  repeated: (name, spec) => wrongLabel(spec, (label) => name.includes(`_by_${label}`), 'is in the name already'),
  bound: (_, spec) => wrongLabel(spec, (_label, bound) => bound.trim() === '', 'has no bound on its values'),
} satisfies Record<string, Rule>

function isSnakeCase(name: string): boolean {
  return /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)
}

function wordsAfterFirst(name: string): readonly string[] {
  return name.split('_').slice(1)
}

function baseUnitOf(word: string): string | undefined {
  return baseUnits.get(word) ?? baseUnits.get(word.replace(multiples, ''))
}

function wrongLabel(
  { labels = {} }: MetricSpec,
  isWrong: (label: string, bound: string) => boolean,
  message: string,
): string | undefined {
  const wrong = Object.entries(labels).find(([label, bound]) => isWrong(label, bound))
  return wrong && `the label ${wrong[0]} ${message}`
}
