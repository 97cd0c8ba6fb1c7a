// SPDX-License-Identifier: Apache-2.0

/** CSS of reports, beside that of all pages. On a phone a row of a table stands as a block of its own. */
export const reportStyle = `
:root { --warn: #8a5a00 }
@media (prefers-color-scheme: dark) { :root { --warn: #f0b952 } }
.warn { color: var(--warn); font-weight: 600 }
.soft, td small { color: var(--soft) }
td small { display: block; font-size: .8125rem }
header h1 { font-size: 1.25rem; line-height: 1.4; overflow-wrap: anywhere }
header p { overflow-wrap: anywhere }
code, pre { font: .875em/1.5 ui-monospace, monospace }
pre { margin: .5rem 0 0; padding: .75rem 1rem; background: var(--band); border: 1px solid var(--line); border-radius: 4px; overflow-x: auto }
dd { overflow-wrap: anywhere }
td { overflow-wrap: break-word }
main > form { margin-bottom: 1.5rem }
th { white-space: nowrap }
@media (max-width: 48rem) {
  input { min-width: 0; width: 100% }
  label { flex: 1 1 8rem }
  thead { position: absolute; clip-path: inset(50%) }
  table, tbody, tr, td { display: block }
  tr { padding: .75rem 0; border-bottom: 1px solid var(--line) }
  td { display: grid; grid-template-columns: 7.5rem 1fr; padding: .125rem 0; border: 0 }
  td::before { content: attr(data-label); color: var(--soft); font-weight: 400; font-size: .875rem }
  td > * { grid-column: 2 }
  td.none { display: none }
  td { overflow-wrap: anywhere }
}
`
