// SPDX-License-Identifier: Apache-2.0
import {
  configPage,
  jsonSchemaOf,
  type MetricsSection,
  metricsPage,
  pageMetrics,
  scrapeMetrics,
  selfMetrics,
  systemClock,
} from '@leadline/kit'
import { etcdConfig } from './config.ts'
import { modulesOf } from './modules.ts'

const none = () => []

const modules = modulesOf({
  clusters: none,
  memberships: none,
  ownMetrics: none,
  credentials: none,
  disk: { view: () => undefined },
  heldUp: { totalSeconds: () => 0 },
  clock: systemClock,
})

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
    metrics: { ...selfMetrics('etcd'), ...pageMetrics, ...scrapeMetrics('etcd') },
  },
]

/** Files of this package that are made from the code: path within the package to content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['METRICS.md', metricsPage('Metrics of the etcd exporter', metricsSections)],
    ['CONFIG.md', configPage('Configuration of the etcd exporter', etcdConfig)],
    ['etcd.schema.json', `${JSON.stringify(jsonSchemaOf(etcdConfig, 'Leadline etcd exporter'), undefined, 2)}\n`],
  ])
}
