// SPDX-License-Identifier: Apache-2.0
import { blindnessLine, type Html, html, page, reportStyle, type Tone, zoneClock } from '@leadline/kit'
import { answerText } from './answer.ts'
import { groupSection, heldSection } from './groups.ts'
import type { Listing, Search } from './listing.ts'
import type { Row } from './row.ts'
import { pendingStyle } from './style.ts'
import type { PendingView } from './view.ts'

/** The list as a page. */
export function pendingPage(
  listing: Listing,
  search: Search,
  helps: ReadonlyMap<Row, string | undefined>,
  view: PendingView,
): string {
  const blindness = view.blindness()
  const { now, groups, held, isSearched } = listing
  const utc = zoneClock('UTC')
  const context = { helps, now, search, view }
  return page({
    title: 'Waiting pods',
    header: html`<h1 class="${toneOf(listing, blindness)}">${answerText(listing, blindness)}</h1>
<p>Pods that wait to start, the worst cause first, as of ${utc.date(now)} ${utc.time(now)} UTC.${isSearched ? html` <a href="${view.path('pending')}">All waiting pods</a>` : ''}</p>
${blindnessLine(blindness)}`.markup,
    main: html`${searchForm(listing, search, view)}
${groups.map((group) => groupSection(group, context))}${held === undefined ? '' : heldSection(held, context)}`.markup,
    style: reportStyle + pendingStyle,
  })
}

function toneOf({ waiting, isSearched }: Listing, blindness: string | undefined): Tone {
  if (waiting.some(({ isOver }) => isOver)) return 'bad'
  if (blindness !== undefined) return 'warn'
  return waiting.length === 0 && !isSearched ? 'good' : 'plain'
}

function searchForm(
  { causes, total }: Listing,
  { namespace = '', cause = '', workload = '' }: Search,
  view: PendingView,
): Html {
  if (total === 0) return html``
  const known = causes.map(String)
  const choices = cause === '' || known.includes(cause) ? known : [cause, ...known]
  return html`<form action="${view.path('pending')}">
<label>Namespace<input name="namespace" value="${namespace}"></label>
<label>Cause<select name="cause"><option value="">all</option>${choices.map((one) => option(one, one === cause))}</select></label>
<label>Workload, or a part of its name<input name="workload" value="${workload}"></label>
<button>Search</button>
</form>`
}

function option(value: string, isChosen: boolean): Html {
  return isChosen ? html`<option selected>${value}</option>` : html`<option>${value}</option>`
}
