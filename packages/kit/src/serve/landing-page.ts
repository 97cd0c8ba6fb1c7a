// SPDX-License-Identifier: Apache-2.0
import { escapeHtml } from './html.ts'
import type { Landing, LandingCell, LandingForm, LandingLink, LandingSection } from './landing.ts'
import { page } from './page.ts'

/** What the page says above the exporter's own parts. */
export interface LandingHead {
  readonly title: string
  readonly version: string
  readonly description: string
  /** Goes before every path. */
  readonly routePrefix: string
  readonly links: readonly LandingLink[]
}

/** The landing page as HTML without scripts; every text is escaped. */
export function landingPage(head: LandingHead, { links = [], form, sections = [] }: Landing): string {
  const { title, version, description, routePrefix } = head
  return page({
    title,
    header: `<h1>${escapeHtml(title)}<small>${escapeHtml(version)}</small></h1>
<p>${escapeHtml(description)}</p>`,
    main: `<dl>
${[...links, ...head.links].map((link) => linkRow(routePrefix, link)).join('\n')}
</dl>
${form === undefined ? '' : formBlock(routePrefix, form)}
${sections.map((section) => sectionBlock(routePrefix, section)).join('\n')}`,
  })
}

function linkRow(prefix: string, { path, text, about }: LandingLink): string {
  return `<dt><a href="${escapeHtml(prefix + path)}">${escapeHtml(text)}</a></dt><dd>${escapeHtml(about)}</dd>`
}

function formBlock(prefix: string, { title, path, submit, fields }: LandingForm): string {
  return `<h2>${escapeHtml(title)}</h2>
<form action="${escapeHtml(prefix + path)}">
${fields.map(fieldBlock).join('\n')}
<button>${escapeHtml(submit)}</button>
</form>`
}

function fieldBlock({ name, label, placeholder = '', choices }: LandingForm['fields'][number]): string {
  const control =
    choices === undefined
      ? `<input name="${escapeHtml(name)}" placeholder="${escapeHtml(placeholder)}">`
      : `<select name="${escapeHtml(name)}">${choices.map((choice) => `<option>${escapeHtml(choice)}</option>`).join('')}</select>`
  return `<label>${escapeHtml(label)}${control}</label>`
}

function sectionBlock(prefix: string, { title, columns, rows, empty }: LandingSection): string {
  const heading = `<h2>${escapeHtml(title)}</h2>`
  if (rows.length === 0) return `${heading}\n<p>${escapeHtml(empty)}</p>`
  return `${heading}
<div class="wide"><table>
<thead><tr>${columns.map((column) => `<th>${escapeHtml(column)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((cell) => cellText(prefix, cell)).join('')}</tr>`).join('\n')}
</tbody>
</table></div>`
}

function cellText(prefix: string, cell: LandingCell): string {
  if (typeof cell === 'string') return `<td>${escapeHtml(cell)}</td>`
  const { text, path, tone } = cell
  const shown = path === undefined ? escapeHtml(text) : `<a href="${escapeHtml(prefix + path)}">${escapeHtml(text)}</a>`
  return tone === undefined ? `<td>${shown}</td>` : `<td class="${tone}">${shown}</td>`
}
