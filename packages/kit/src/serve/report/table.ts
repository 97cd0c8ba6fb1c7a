// SPDX-License-Identifier: Apache-2.0
import { type Html, type HtmlPart, html } from '../html.ts'

/** How a cell is marked. */
export type Tone = 'good' | 'warn' | 'bad' | 'soft' | 'plain'

/** A cell: what it says, and what is said below in small letters, or as blocks of markup. */
export interface Cell {
  readonly text: HtmlPart
  readonly tone?: Tone
  readonly more?: HtmlPart
  readonly blocks?: Html
}

/** A table; the heads of its columns stand beside the cells where there is no room for columns. */
export function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="wide"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, i) => cellMarkup(cell, columns[i] ?? ''))}</tr>\n`)}</tbody>
</table></div>`
}

function cellMarkup({ text, tone = 'plain', more, blocks }: Cell, label: string): Html {
  const kind = text === '' && blocks === undefined ? 'none' : ''
  const said = text === '' ? '' : html`<span class="${tone}">${text}</span>`
  const small = more === undefined ? '' : html`<small>${more}</small>`
  return html`<td data-label="${label}" class="${kind}">${said}${small}${blocks ?? ''}</td>`
}
