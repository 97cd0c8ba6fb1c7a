// SPDX-License-Identifier: Apache-2.0
import { configPage, jsonSchemaOf, type MetricsSection, metricsPage, pageMetrics, selfMetrics } from '@leadline/kit'
import { blackboxConfig } from './config.ts'
import { probers } from './modules.ts'
import { probeInstruments } from './probe/counters.ts'
import { probeMetrics } from './probe/metrics.ts'

/** The metric tables of the exporter, as its METRICS.md shows them. */
export const metricsSections: readonly MetricsSection[] = [
  { title: 'Every probe', text: 'On the page of each probe, whatever the prober.', metrics: probeMetrics },
  ...probers.map(({ name, metrics }) => ({
    title: `Prober ${name}`,
    text: `On the page of a probe with \`prober: ${name}\`, as far as the probe came.`,
    metrics,
  })),
  {
    title: 'The exporter',
    text: 'On `/metrics`, beside the `process_` and `nodejs_` metrics of prom-client.',
    metrics: { ...selfMetrics('blackbox'), ...pageMetrics, ...probeInstruments },
  },
]

/** Files of this package that are made from the code: path within the package to content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['METRICS.md', metricsPage('Metrics of the blackbox exporter', metricsSections)],
    ['CONFIG.md', configPage('Configuration of the blackbox exporter', blackboxConfig)],
    [
      'blackbox.schema.json',
      `${JSON.stringify(jsonSchemaOf(blackboxConfig, 'Leadline blackbox exporter'), undefined, 2)}\n`,
    ],
  ])
}
