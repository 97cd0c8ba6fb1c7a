// SPDX-License-Identifier: Apache-2.0
import type { Landing, LandingCell, LandingForm, LandingLink, LandingSection } from './landing.ts'

/** What the page says above the exporter's own parts. */
export interface LandingHead {
  readonly title: string
  readonly version: string
  readonly description: string
  /** Goes before every path. */
  readonly routePrefix: string
  readonly links: readonly LandingLink[]
}

const style = `
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5a6675; --paper: #fff; --line: #dde3ea; --sea: #0b5c7a; --band: #f4f7fa; --good: #17703f; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --soft: #9aa7b5; --paper: #12181f; --line: #2b3643; --sea: #6fc3e0; --band: #1a222c; --good: #5fcf92; --bad: #ff8a80 } }
* { box-sizing: border-box }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif }
header { border-top: 4px solid var(--sea); background: var(--band); border-bottom: 1px solid var(--line) }
header > div, main { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1.5rem }
h1 { margin: 0; font-size: 1.5rem; font-weight: 650 }
h1 small { font-size: .875rem; font-weight: 400; color: var(--soft); margin-left: .5rem }
h2 { font-size: 1.0625rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0 0; color: var(--soft) }
a { color: var(--sea) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 0 }
dd { margin: 0; color: var(--soft) }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end }
label { display: grid; gap: .25rem; font-size: .875rem; color: var(--soft) }
input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: .375rem .625rem }
input { min-width: min(22rem, 80vw) }
button { background: var(--sea); border-color: var(--sea); color: var(--paper); cursor: pointer }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; font-size: .8125rem; font-weight: 600; color: var(--soft) }
th, td { padding: .375rem 1rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
.good { color: var(--good) }
.bad { color: var(--bad); font-weight: 600 }
`

/** The landing page as HTML without scripts; every text is escaped. */
export function landingPage(head: LandingHead, { links = [], form, sections = [] }: Landing): string {
  const { title, version, description, routePrefix } = head
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header><div>
<h1>${escapeHtml(title)}<small>${escapeHtml(version)}</small></h1>
<p>${escapeHtml(description)}</p>
</div></header>
<main>
<dl>
${[...links, ...head.links].map((link) => linkRow(routePrefix, link)).join('\n')}
</dl>
${form === undefined ? '' : formBlock(routePrefix, form)}
${sections.map((section) => sectionBlock(routePrefix, section)).join('\n')}
</main>
</body>
</html>
`
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

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] as string)
}
