// SPDX-License-Identifier: Apache-2.0
import { type Cell, clockText, durationText, type Html, html, table, zoneClock } from '@leadline/kit'
import { type Cause, causeTexts } from '../cause/cause.ts'
import type { PendingPodFacts } from '../pod/pod.ts'
import { commandFor } from './command.ts'
import type { CauseGroup, Group, Search } from './listing.ts'
import { longText } from './long-text.ts'
import { pendingPath } from './path.ts'
import { type Row, workloadText } from './row.ts'
import { saidOf, saidText } from './said.ts'
import type { PendingView } from './view.ts'

/** What a section is made with. */
export interface GroupContext {
  readonly helps: ReadonlyMap<Row, string | undefined>
  /** In unix seconds. */
  readonly now: number
  readonly search: Search
  readonly view: PendingView
}

/** The pods of one cause. */
export function groupSection(group: CauseGroup, context: GroupContext): Html {
  const { cause } = group
  const text = causeTexts[cause]
  return html`<h2>${text.charAt(0).toUpperCase()}${text.slice(1)}<small>${cause}</small></h2>
<p>${countText(group)}${leftOffText(group, cause, context)}</p>
${rowTable(group, 'Waiting', context)}
`
}

/** The pods that are held back on purpose. */
export function heldSection(group: Group, context: GroupContext): Html {
  return html`<h2>Held back on purpose<small>gated</small></h2>
<p>${countText(group)} No threshold counts for what scheduling gates hold.${leftOffText(group, 'gated', context)}</p>
${rowTable(group, 'Age', context)}
`
}

function countText({ pods, overThreshold, oldestSeconds }: Group): Html {
  const age = durationText(oldestSeconds)
  if (pods === 1) return html`1 pod, for ${age}${overThreshold === 1 ? overText('over its threshold') : ''}.`
  const over = overThreshold === 0 ? '' : overText(`${overThreshold} over the threshold`)
  return html`${pods} pods${over}, the oldest for ${age}.`
}

function overText(text: string): Html {
  return html`, <span class="bad">${text}</span>`
}

function leftOffText({ pods, rows }: Group, cause: Cause, { search, view }: GroupContext): Html {
  const leftOff = pods - rows.length
  if (leftOff === 0) return html``
  const path = view.path(pendingPath({ ...search, cause }))
  const alone = search.cause === cause ? '' : html`, or see <a href="${path}">this cause alone</a>`
  return html` The youngest ${leftOff} are left off: search by namespace or workload${alone}.`
}

function rowTable({ rows }: Group, age: string, context: GroupContext): Html {
  const shown = table(
    ['Pod', 'Workload', age, 'Why, and what would help'],
    rows.map((row) => cells(row, context)),
  )
  return html`<div class="pods">${shown}</div>`
}

function cells(row: Row, { helps, now, view }: GroupContext): readonly Cell[] {
  const { pod, since, ageSeconds, isOver } = row
  const { namespace, name } = pod
  return [
    { text: name, more: html`<a href="${view.path(pendingPath({ namespace }))}">${namespace}</a>` },
    workloadCell(pod, view),
    {
      text: durationText(ageSeconds),
      tone: isOver ? 'bad' : 'plain',
      more: `since ${clockText(zoneClock('UTC'), since, now)}`,
    },
    { text: '', blocks: whyBlocks(pod, helps.get(row)) },
  ]
}

/** Empty for a pod that nothing has made. */
function workloadCell(pod: PendingPodFacts, view: PendingView): Cell {
  const { namespace, workload } = pod
  if (workload.kind === 'Pod') return { text: '' }
  const text = workloadText(pod)
  const slash = text.indexOf('/')
  const path = view.path(pendingPath({ namespace, workload: text }))
  return { text: html`<a href="${path}">${text.slice(slash + 1)}</a>`, more: text.slice(0, slash) }
}

function whyBlocks(pod: PendingPodFacts, help: string | undefined): Html {
  const said = saidOf(pod)
  const { nodeName, nominatedNode } = pod
  return html`<div>${[
    nodeName === undefined ? '' : html`<small>on node ${nodeName}</small>`,
    nodeName !== undefined || nominatedNode === undefined
      ? ''
      : html`<small>nominated for node ${nominatedNode}</small>`,
    said === undefined ? '' : longText(saidText(said)),
    help === undefined ? '' : html`<div class="help">${help}</div>`,
  ]}<code>${commandFor(pod)}</code></div>`
}
