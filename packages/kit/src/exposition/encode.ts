// SPDX-License-Identifier: Apache-2.0
import type { Family, LabelPairs, Sample } from '../samples.ts'
import { escapeLabelName, escapeQuoted } from './escape.ts'
import { type Format, formats } from './format.ts'
import { type Head, makeHead } from './head.ts'
import { formatNumber, formatOpenMetricsCount, formatOpenMetricsNumber, parseNumber } from './number.ts'

/** What belongs to one format and depends on names and help only. Those come from tables and configs, so there are few. */
interface Dialect {
  readonly format: Format
  readonly openMetrics: boolean
  readonly heads: Map<string, Head>
  /** Label name to `name="` as the format writes it. */
  readonly labelNames: Map<string, string>
}

const dialects = new Map<Format, Dialect>()
for (const format of formats) {
  dialects.set(format, {
    format,
    openMetrics: format.syntax === 'openmetrics',
    heads: new Map(),
    labelNames: new Map(),
  })
}

/**
 * A page of metrics as text. Families and labels come sorted by name and stay in their order, so the same samples give
 * the same page. A family without samples is left out. Text that is not valid Unicode is mended, never refused.
 */
export function encode(families: readonly Family[], format: Format): string {
  const dialect = dialects.get(format) as Dialect
  let page = ''
  for (const family of families) page += familyText(dialect, family)
  return dialect.openMetrics ? `${page}# EOF\n` : page
}

function familyText(dialect: Dialect, family: Family): string {
  const { samples } = family
  const [first] = samples
  if (first === undefined) return ''
  const head = headOf(dialect, family)
  // Most families are one sample without labels. Each piece of text costs again when the page is flattened to be sent.
  const plain = first.labels.length === 0 && first.suffix === ''
  let text = plain ? head.linesAndSeries + valueOf(dialect, first) : head.lines + sampleText(dialect, head, first)
  for (let i = 1; i < samples.length; i++) text += `\n${sampleText(dialect, head, samples[i] as Sample)}`
  return `${text}\n`
}

function sampleText(dialect: Dialect, head: Head, sample: Sample): string {
  const name = head.name + sample.suffix
  const labels = labelsText(dialect, head, sample.labels)
  const value = valueOf(dialect, sample)
  if (head.quoted) return labels === '' ? `{"${name}"} ${value}` : `{"${name}",${labels}} ${value}`
  return labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`
}

function valueOf(dialect: Dialect, { suffix, value }: Sample): string {
  if (!dialect.openMetrics) return formatNumber(value)
  return suffix === '_bucket' || suffix === '_count' ? formatOpenMetricsCount(value) : formatOpenMetricsNumber(value)
}

function labelsText(dialect: Dialect, head: Head, labels: LabelPairs): string {
  let text = ''
  for (const [name, value] of labels) {
    const start = text === '' ? labelStart(dialect, name) : `,${labelStart(dialect, name)}`
    text += `${start}${name === head.bound ? spellBound(value) : escapeQuoted(value)}"`
  }
  return text
}

/** OpenMetrics 1.0, section "Considerations: Canonical Numbers", of `le` and `quantile`. */
function spellBound(value: string): string {
  const bound = parseNumber(value)
  return Number.isNaN(bound) ? escapeQuoted(value) : formatOpenMetricsNumber(bound)
}

function labelStart({ format, labelNames }: Dialect, name: string): string {
  let text = labelNames.get(name)
  if (text === undefined) {
    text = `${escapeLabelName(name, format.escaping)}="`
    labelNames.set(name, text)
  }
  return text
}

function headOf({ format, heads }: Dialect, family: Family): Head {
  let head = heads.get(family.name)
  if (head === undefined || head.help !== family.help || head.type !== family.type) {
    head = makeHead(format, family)
    heads.set(family.name, head)
  }
  return head
}
