// SPDX-License-Identifier: Apache-2.0
import type { Family, Sample } from '../samples.ts'

/**
 * One list of families, sorted by name, from several sources. A name that two sources share becomes one family with the
 * help of the first. Throws Error when they differ in its type or repeat a series.
 */
export function mergeFamilies(...sources: readonly (readonly Family[])[]): readonly Family[] {
  const merged = new Map<string, Family>()
  for (const families of sources) {
    for (const family of families) {
      const other = merged.get(family.name)
      merged.set(family.name, other === undefined ? family : joined(other, family))
    }
  }
  return [...merged.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function joined(first: Family, second: Family): Family {
  const { name, type, help } = first
  if (type !== second.type) throw new Error(`metric ${name} comes as a ${type} and as a ${second.type}`)
  const samples = [...first.samples, ...second.samples]
  const seen = new Set<string>()
  for (const sample of samples) {
    const series = seriesOf(name, sample)
    if (seen.has(series)) throw new Error(`metric ${name} comes twice with the same labels: ${series}`)
    seen.add(series)
  }
  return { name, type, help, samples }
}

function seriesOf(name: string, { suffix, labels }: Sample): string {
  return `${name}${suffix}{${labels.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`
}

/** What a family is also known by: its name in OpenMetrics, or the names of its series. */
const otherNames: Record<Family['type'], (name: string) => readonly string[]> = {
  gauge: () => [],
  untyped: () => [],
  counter: (name) => [name.replace(/_total$/, '')],
  summary: (name) => [`${name}_sum`, `${name}_count`],
  histogram: (name) => [`${name}_bucket`, `${name}_sum`, `${name}_count`],
}

/**
 * The families that `name[]` asks for; all of them when it asks for none. As in client_golang a name is a family's whole
 * name; beside it a counter answers to its OpenMetrics name, a histogram or summary to the names of its series.
 */
export function filterByName(families: readonly Family[], names: readonly string[]): readonly Family[] {
  if (names.length === 0) return families
  const wanted = new Set(names)
  return families.filter(
    ({ name, type }) => wanted.has(name) || otherNames[type](name).some((other) => wanted.has(other)),
  )
}
