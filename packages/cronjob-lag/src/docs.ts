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
import { cronJobLagConfig } from './config.ts'
import { modulesOf } from './modules.ts'

const nothing = () => undefined

const modules = modulesOf(
  {
    cronJobs: () => [],
    tally: nothing,
    isBlind: () => true,
    now: () => 0,
    seenUntil: nothing,
    objectiveSecondsOf: () => 0,
    annotationMistakes: () => [],
    isRolledUp: () => false,
  },
  { cluster: { skewSeconds: nothing }, watches: () => [] },
  nothing,
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
    metrics: { ...selfMetrics('cronjob-lag'), ...pageMetrics, ...scrapeMetrics('cronjob') },
  },
]

/** Files of this package that are made from the code: path within the package to content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const schema = jsonSchemaOf(cronJobLagConfig, 'Leadline cronjob-lag exporter')
  return new Map([
    ['METRICS.md', metricsPage('Metrics of the cronjob-lag exporter', metricsSections)],
    ['CONFIG.md', configPage('Configuration of the cronjob-lag exporter', cronJobLagConfig)],
    ['cronjob-lag.schema.json', `${JSON.stringify(schema, undefined, 2)}\n`],
  ])
}
