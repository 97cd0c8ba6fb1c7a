// SPDX-License-Identifier: Apache-2.0
import type { Family } from '../samples.ts'
import { escapeMetricName, escapeQuoted, escapeText } from './escape.ts'
import type { Format } from './format.ts'

/** What a family's lines have in common in one format. */
export interface Head {
  /** What the head was made from, beside the name. */
  readonly type: Family['type']
  readonly help: string
  /** The HELP and TYPE lines. */
  readonly lines: string
  /** The lines and the beginning of a sample without labels and suffix, up to its value. */
  readonly linesAndSeries: string
  /** The name as sample lines write it, without quotes. */
  readonly name: string
  /** Whether the name is in quotes, and then inside the braces. */
  readonly quoted: boolean
  /** The label whose values are numbers that the format spells in one way only. */
  readonly bound: 'le' | 'quantile' | undefined
}

const boundLabels: Partial<Record<Family['type'], 'le' | 'quantile'>> = { histogram: 'le', summary: 'quantile' }

/** Makes what depends on a family's name, type and help only. */
export function makeHead(format: Format, { name, type, help }: Family): Head {
  const { text, quoted } = escapeMetricName(name, format.escaping)
  const openMetrics = format.syntax === 'openmetrics'
  const familyName = openMetrics && type === 'counter' ? text.replace(/_total$/, '') : text
  const shown = quoted ? `"${familyName}"` : familyName
  const helpText = openMetrics ? escapeQuoted(help) : escapeText(help)
  const typeText = openMetrics ? openMetricsType(type, text) : type
  // `join` makes one flat string, where a template makes a rope that is walked again for every page.
  const lines = ['# HELP ', shown, ' ', helpText, '\n# TYPE ', shown, ' ', typeText, '\n'].join('')
  return {
    type,
    help,
    lines,
    linesAndSeries: [lines, quoted ? `{"${text}"}` : text, ' '].join(''),
    name: text,
    quoted,
    bound: openMetrics ? boundLabels[type] : undefined,
  }
}

/** A counter without `_total` can't be one in OpenMetrics 1.0, and renaming it would make another metric of it. */
function openMetricsType(type: Family['type'], name: string): string {
  if (type === 'counter') return name.endsWith('_total') ? 'counter' : 'unknown'
  return type === 'untyped' ? 'unknown' : type
}
