// SPDX-License-Identifier: Apache-2.0

/** Markup in which every text is escaped. */
export interface Html {
  readonly markup: string
}

/** What stands in a template of `html`: text, which is escaped; markup, which is not; or several of them. */
export type HtmlPart = string | number | Html | readonly HtmlPart[]

/** A tagged template that gives markup with all that is put in escaped, in text as in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { markup: strings.map((text, i) => text + (i < parts.length ? markupOf(parts[i] ?? '') : '')).join('') }
}

function markupOf(part: HtmlPart): string {
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  return 'markup' in part ? part.markup : part.map(markupOf).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The text as it stands in HTML, in text as in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] as string)
}
