// SPDX-License-Identifier: Apache-2.0
import {
  configPage,
  jsonSchemaOf,
  type MetricsSection,
  metricsPage,
  pageMetrics,
  scrapeMetrics,
  selfMetrics,
} from '@leadline/kit'
import { pendingPodConfig } from './config.ts'
import { modulesOf } from './modules.ts'

const nothing = () => undefined

const modules = modulesOf(
  {
    summary: nothing,
    tally: nothing,
    thresholdMistakes: () => [],
    unclassifiedMessages: () => 0,
    lookUps: () => 0,
  },
  { cluster: { skewSeconds: nothing }, watches: () => [] },
)

/** The metric tables of the exporter, as its METRICS.md shows them. */
export const metricsSections: readonly MetricsSection[] = [
  ...modules.map(({ name, metrics }) => ({
    title: `Collector ${name}`,
    text: `On \`/metrics\`, and alone with \`?collect[]=${name}\`.`,
    metrics,
  })),
  {
    title: 'The exporter',
    text: 'On `/metrics`, beside the `process_` and `nodejs_` metrics of prom-client.',
    metrics: { ...selfMetrics('pending-pod'), ...pageMetrics, ...scrapeMetrics('pending_pod') },
  },
]

/** Files of this package that are made from the code: path within the package to content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const schema = jsonSchemaOf(pendingPodConfig, 'Leadline pending-pod exporter')
  return new Map([
    ['METRICS.md', metricsPage('Metrics of the pending-pod exporter', metricsSections)],
    ['CONFIG.md', configPage('Configuration of the pending-pod exporter', pendingPodConfig)],
    ['pending-pod.schema.json', `${JSON.stringify(schema, undefined, 2)}\n`],
  ])
}
