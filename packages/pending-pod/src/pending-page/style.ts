// SPDX-License-Identifier: Apache-2.0

/** CSS of the page of waiting pods, beside that of all reports. */
export const pendingStyle = `
h2 small { font: 400 .8125rem ui-monospace, monospace; color: var(--soft); margin-left: .625rem }
.help { font-weight: 600 }
summary { cursor: pointer }
details[open] summary { color: var(--soft) }
td code { display: block; color: var(--soft) }
select { max-width: 100%; height: calc(1.5em + .75rem + 2px) }
.pods table { table-layout: fixed; margin-top: .5rem }
.pods th:nth-child(1) { width: 23% }
.pods th:nth-child(2) { width: 15% }
.pods th:nth-child(3) { width: 12% }
.pods td:nth-child(3) span { white-space: nowrap }
.pods td { overflow-wrap: anywhere }
`
