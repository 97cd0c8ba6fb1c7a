// SPDX-License-Identifier: Apache-2.0
import type { Registry } from 'prom-client'
import type { Family, LabelPairs, Sample } from '../samples.ts'
import { formatNumber } from './number.ts'

/** What prom-client's metrics give from `get()`; its own types leave out the parts that histograms and summaries need. */
interface MetricState {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter' | 'histogram' | 'summary'
  readonly values: readonly {
    readonly value: number
    readonly labels: Readonly<Record<string, string | number>>
    /** The name with `_bucket`, `_sum` or `_count`. */
    readonly metricName?: string
  }[]
}

/**
 * The metrics of a prom-client registry, sorted by name. A metric whose `collect` throws is left out and reported to
 * `failed`, so that it costs no other; default labels of the registry are not added. prom-client's own text isn't used:
 * asked once for OpenMetrics it renames counters for good, and it writes NaN as `Nan`.
 */
export async function promClientFamilies(
  registry: Registry,
  failed: (metric: string, error: unknown) => void,
): Promise<readonly Family[]> {
  const metrics = registry.getMetricsAsArray() as unknown as readonly { name: string; get(): Promise<MetricState> }[]
  const families = await Promise.all(
    metrics.map(async (metric) => {
      try {
        return familyOf(await metric.get())
      } catch (error) {
        failed(metric.name, error)
        return undefined
      }
    }),
  )
  return families.filter((family) => family !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function familyOf({ name, help, type, values }: MetricState): Family {
  const samples = values.map(
    ({ labels, value, metricName = name }): Sample => ({
      suffix: metricName.slice(name.length),
      labels: pairsOf(labels),
      value,
    }),
  )
  return { name, type, help, samples }
}

function pairsOf(labels: MetricState['values'][number]['labels']): LabelPairs {
  return Object.entries(labels)
    .map(([name, value]) => [name, typeof value === 'number' ? formatNumber(value) : value] as const)
    .toSorted(([a], [b]) => bounds.indexOf(a) - bounds.indexOf(b) || (a < b ? -1 : 1))
}

/** Written after all other labels. */
const bounds: readonly string[] = ['le', 'quantile']
