// SPDX-License-Identifier: Apache-2.0
import type { MetricSpec, MetricTable } from './module.ts'

/** The metrics of one module, or of one part of the exporter, in a page of metrics. */
export interface MetricsSection {
  /** The heading, as the module's name. */
  readonly title: string
  /** When these metrics appear; a paragraph of Markdown. */
  readonly text?: string
  readonly metrics: MetricTable
}

/** The text of a METRICS.md: a table for each section, its rows in the order of their names. */
export function metricsPage(title: string, sections: readonly MetricsSection[]): string {
  const parts = [`# ${title}`, 'Generated from the metric tables; change those, not this page.']
  for (const section of sections) {
    parts.push(`## ${section.title}`)
    if (section.text !== undefined) parts.push(section.text)
    parts.push(metricsTable(section.metrics))
  }
  return `${parts.join('\n\n')}\n`
}

function metricsTable(metrics: MetricTable): string {
  const rows = Object.keys(metrics)
    .toSorted()
    .map((name) => row(name, metrics[name] as MetricSpec))
  return ['| Metric | Type | Labels | Meaning | Source |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
}

function row(name: string, spec: MetricSpec): string {
  const cells = [code(name), typeCell(spec), labelsCell(spec), cell(spec.help), cell(spec.source)]
  return `| ${cells.join(' | ')} |`
}

function typeCell(spec: MetricSpec): string {
  return spec.buckets === undefined ? spec.type : `${spec.type}, buckets ${spec.buckets.join(', ')}`
}

function labelsCell({ labels = {} }: MetricSpec): string {
  return Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bound]) => `${name === '*' ? 'any' : code(name)}: ${cell(bound)}`)
    .join('<br>')
}

function code(name: string): string {
  return `\`${name}\``
}

/** Free text as it has to stand in a cell of a Markdown table. */
function cell(text: string): string {
  return text.replaceAll(/[\\|<*]/g, String.raw`\$&`).replaceAll(/\s*\n\s*/g, ' ')
}
