// SPDX-License-Identifier: Apache-2.0
import type { FastifyReply } from 'fastify'
import { escapeHtml } from './html.ts'

/** What a page consists of. */
export interface PageParts {
  readonly title: string
  /** Markup under the band at the top of the page, and below it. */
  readonly header: string
  readonly main: string
  /** CSS beside that of all pages. */
  readonly style?: string
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

/** A whole page in the look of all pages of exporters, which has no scripts. */
export function page({ title, header, main, style: more = '' }: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}${more}</style>
</head>
<body>
<header><div>
${header}
</div></header>
<main>
${main}
</main>
</body>
</html>
`
}

/** Replies with a page, which may load nothing and send forms only to where it came from. */
export function replyPage(reply: FastifyReply, markup: string): FastifyReply {
  return reply
    .header('Content-Type', 'text/html; charset=utf-8')
    .header(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    )
    .send(markup)
}
