// SPDX-License-Identifier: Apache-2.0
import {
  blindnessLine,
  type Cell,
  durationText,
  type Html,
  html,
  page,
  reportStyle,
  type Tone,
  table,
  zoneClock,
} from '@leadline/kit'
import { causeTexts, invalidTexts } from './cause-text.ts'
import { listAnswer } from './list-answer.ts'
import { type Listing, type Row, type Search, type Standing, standings } from './listing.ts'
import { runPath } from './paths.ts'
import { tickText } from './times.ts'
import { verdictText } from './verdict-text.ts'
import type { RunsView } from './view.ts'

const columns = ['Namespace', 'CronJob', 'Last run (UTC)', 'Verdict', 'Waiting', 'Next run (UTC)', 'Schedule']

/** The list as a page. */
export function listPage(listing: Listing, search: Search, view: RunsView): string {
  const { rows, matching } = listing
  const now = view.now()
  const leftOff = matching - rows.length
  const more =
    leftOff === 0
      ? ''
      : html`<p>${leftOff} more are left off, all better off than these: search by namespace or name.</p>`
  return page({
    title: 'CronJobs',
    header: html`<h1 class="${isGood(listing) ? 'good' : 'bad'}">${listAnswer(listing)}</h1>
<p>CronJobs, the worst first, as of ${zoneClock('UTC').date(now)} ${zoneClock('UTC').time(now)} UTC.</p>
${blindnessLine(view.blindness())}`.markup,
    main: html`${searchForm(search, view)}
${
  rows.length === 0
    ? ''
    : table(
        columns,
        rows.map((row) => cells(row, view, now)),
      )
}
${more}`.markup,
    style: reportStyle,
  })
}

/** The form that searches the list. */
export function searchForm({ namespace = '', cronJob = '' }: Search, view: RunsView): Html {
  return html`<form action="${view.path('runs')}">
<label>Namespace<input name="namespace" value="${namespace}"></label>
<label>CronJob, or a part of its name<input name="cronjob" value="${cronJob}"></label>
<button>Search</button>
</form>`
}

function isGood({ counts, matching }: Listing): boolean {
  return matching > 0 && standings.slice(0, standings.indexOf('waiting')).every((standing) => !counts.has(standing))
}

const tones: Readonly<Record<Standing, Tone>> = {
  overdue: 'plain',
  lost: 'bad',
  invalid: 'plain',
  ended: 'bad',
  failed: 'bad',
  late: 'warn',
  waiting: 'plain',
  held: 'plain',
  unknown: 'warn',
  skipped: 'plain',
  good: 'good',
  none: 'soft',
  suspended: 'soft',
}

function cells({ facts, open, last, standing }: Row, view: RunsView, now: number): readonly Cell[] {
  const utc = zoneClock('UTC')
  const path = view.path(runPath(facts))
  const { nextTick, cause } = open
  return [
    { text: facts.namespace },
    { text: html`<a href="${path}">${facts.name}</a>` },
    last === undefined
      ? { text: '' }
      : { text: tickText(utc, last.tick, now), more: `${durationText(now - last.tick)} ago` },
    last === undefined ? { text: '' } : { text: verdictText(last), tone: tones[standing] },
    cause === undefined
      ? { text: open.heldSeconds === undefined ? '' : `held for ${durationText(open.heldSeconds)}` }
      : { text: durationText(open.lagSeconds), tone: standing === 'overdue' ? 'bad' : 'warn', more: causeTexts[cause] },
    nextTick === undefined
      ? noNext(open)
      : { text: tickText(utc, nextTick, now), more: `in ${durationText(nextTick - now)}` },
    { text: html`<code>${facts.schedule}</code>`, ...(facts.timeZone !== undefined && { more: facts.timeZone }) },
  ]
}

function noNext({ isSuspended, invalid }: Row['open']): Cell {
  if (invalid !== undefined) return { text: 'never', tone: 'bad', more: `the schedule ${invalidTexts[invalid]}` }
  return isSuspended ? { text: 'suspended', tone: 'soft' } : { text: '' }
}
