// SPDX-License-Identifier: Apache-2.0
import type { Escaping } from './format.ts'

// Surrogates are in these sets because a lone one has no UTF-8 form; a pair takes the slow way and comes out unchanged.
const specialInText = /[\\\n\ud800-\udfff]/
const specialInQuotes = /[\\\n"\ud800-\udfff]/
const legalMetricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const legalLabelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** HELP of the text format: backslash and line feed escaped, lone surrogates as U+FFFD. */
export function escapeText(text: string): string {
  return specialInText.test(text)
    ? text.toWellFormed().replaceAll(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'))
    : text
}

/** A label value, a quoted name or OpenMetrics' HELP: as above, and the double quote. */
export function escapeQuoted(text: string): string {
  return specialInQuotes.test(text)
    ? text.toWellFormed().replaceAll(/[\\\n"]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
    : text
}

/** A metric name as the scheme writes it; `quoted` when it has to stand in quotes, inside the braces. */
export function escapeMetricName(
  name: string,
  escaping: Escaping,
): { readonly text: string; readonly quoted: boolean } {
  return legalMetricName.test(name) ? { text: name, quoted: false } : escapeName(name, escaping, /[a-zA-Z0-9_:]/)
}

/** A label name as the scheme writes it, with its quotes where it needs them. */
export function escapeLabelName(name: string, escaping: Escaping): string {
  if (legalLabelName.test(name)) return name
  const { text, quoted } = escapeName(name, escaping, /[a-zA-Z0-9_]/)
  return quoted ? `"${text}"` : text
}

/** The escaping schemes of Prometheus' UTF-8 names (its documentation, "Content negotiation for scrape protocols"). */
function escapeName(name: string, escaping: Escaping, legal: RegExp): { text: string; quoted: boolean } {
  if (escaping === 'allow-utf-8') return { text: escapeQuoted(name), quoted: true }
  let text = escaping === 'values' ? 'U__' : ''
  let first = true
  for (const char of name.toWellFormed()) {
    text +=
      legal.test(char) && !(first && /\d/.test(char)) ? escapeLegal(char, escaping) : escapeIllegal(char, escaping)
    first = false
  }
  return { text, quoted: false }
}

function escapeLegal(char: string, escaping: Escaping): string {
  return char === '_' && escaping !== 'underscores' ? '__' : char
}

function escapeIllegal(char: string, escaping: Escaping): string {
  if (escaping === 'underscores') return '_'
  if (escaping === 'dots') return char === '.' ? '_dot_' : '__'
  return `_${(char.codePointAt(0) as number).toString(16)}_`
}
