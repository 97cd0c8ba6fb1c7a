// SPDX-License-Identifier: Apache-2.0

import { jsonSchemaOf } from './config/load.ts'
import { configPage } from './config/reference.ts'
import type { Shape } from './config/shape.ts'
import { type MetricsSection, metricsPage } from './docs.ts'
import type { MetricTable, Module } from './module.ts'
import { scrapeMetrics } from './scrape.ts'
import { pageMetrics, selfMetrics } from './self.ts'

/** What the docs of an exporter whose modules are all collectors are made of. */
export interface ExporterDocsSource {
  /** Command word. */
  readonly name: string
  /** First part of the names of its collectors' metrics. */
  readonly namespace: string
  readonly modules: readonly Pick<Module<unknown, MetricTable>, 'name' | 'metrics'>[]
  readonly config: Shape<unknown>
}

/** The docs of an exporter that are made from its code. */
export interface ExporterDocs {
  /** The metric tables, as its METRICS.md shows them. */
  readonly metricsSections: readonly MetricsSection[]
  /** Files of its package: path within the package to content. */
  readonly generatedFiles: () => ReadonlyMap<string, string>
}

/** Makes METRICS.md, CONFIG.md and the JSON Schema of the config. */
export function exporterDocs({ name, namespace, modules, config }: ExporterDocsSource): ExporterDocs {
  const metricsSections = [
    ...modules.map((module) => ({
      title: `Collector ${module.name}`,
      text: `On \`/metrics\`, and alone with \`?collect[]=${module.name}\`.`,
      metrics: module.metrics,
    })),
    {
      title: 'The exporter',
      text: 'On `/metrics`, beside the `process_` and `nodejs_` metrics of prom-client.',
      metrics: { ...selfMetrics(name), ...pageMetrics, ...scrapeMetrics(namespace) },
    },
  ]
  const schema = (): string => JSON.stringify(jsonSchemaOf(config, `Leadline ${name} exporter`), undefined, 2)
  return {
    metricsSections,
    generatedFiles: () =>
      new Map([
        ['METRICS.md', metricsPage(`Metrics of the ${name} exporter`, metricsSections)],
        ['CONFIG.md', configPage(`Configuration of the ${name} exporter`, config)],
        [`${name}.schema.json`, `${schema()}\n`],
      ]),
  }
}
