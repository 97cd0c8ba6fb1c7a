// SPDX-License-Identifier: Apache-2.0
import {
  blindnessLine,
  type Cell,
  clockText,
  durationText,
  type Html,
  html,
  page,
  reportStyle,
  type Tone,
  table,
  zoneClock,
} from '@leadline/kit'
import type { RunRecord } from '../judge/run-record.ts'
import type { Answer, Asked } from './answer.ts'
import { killText, lostText } from './cause-text.ts'
import { commandsFor } from './commands.ts'
import { namespacePath } from './paths.ts'
import { offsetText, tickText } from './times.ts'
import { verdictText } from './verdict-text.ts'
import type { RunsView } from './view.ts'

/** One CronJob as a page. */
export function detailPage(asked: Asked, answer: Answer, view: RunsView): string {
  const { facts, runs } = asked
  const { namespace, name } = facts
  return page({
    title: `${name} in ${namespace}`,
    header: html`<h1 class="${toneOf(answer)}">${answer.text}</h1>
<p>CronJob <b>${name}</b> in namespace <a href="${view.path(namespacePath(namespace))}">${namespace}</a>, as of ${clockText(asked.clock, asked.now, 0)} ${asked.clock.zone}. <a href="${view.path('runs')}">All CronJobs</a></p>
${blindnessLine(view.blindness())}`.markup,
    main: html`${factList(asked)}
<h2>To look further</h2>
<pre>${commandsFor(asked).join('\n')}</pre>
<h2>Runs, the newest first</h2>
${runs.length === 0 ? html`<p>None has come due since it is watched.</p>` : runTable(asked)}`.markup,
    style: reportStyle,
  })
}

const tones: Readonly<Record<Answer['word'], Tone>> = {
  yes: 'good',
  yes_late: 'warn',
  yes_held: 'warn',
  yes_failed: 'bad',
  yes_ended: 'bad',
  not_yet: 'warn',
  no: 'bad',
  held: 'warn',
  lost: 'bad',
  skipped: 'warn',
  unknown: 'warn',
  suspended: 'plain',
  invalid: 'bad',
  none_due: 'plain',
}

function toneOf({ word }: Answer): Tone {
  return tones[word]
}

function factList({ facts, open, objectiveSeconds, clock, now }: Asked): Html {
  const { nextTick } = open
  const next =
    nextTick === undefined
      ? 'none'
      : `${tickText(clock, nextTick, now)} ${clock.zone}, in ${durationText(nextTick - now)}`
  const rows: readonly (readonly [string, string | Html])[] = [
    ['Schedule', html`<code>${facts.schedule}</code> ${facts.timeZone ?? `${clock.zone}, the controller's zone`}`],
    ['Next run', next],
    ['Objective', `started within ${durationText(objectiveSeconds)}`],
    ['Policy', policyText(facts)],
  ]
  return html`<dl>${rows.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>\n`)}</dl>`
}

function policyText({ policy, startingDeadlineSeconds: seconds }: Asked['facts']): string {
  return `${policy}${seconds === undefined ? '' : `, startingDeadlineSeconds ${seconds}`}`
}

function runTable(asked: Asked): Html {
  const { clock, now } = asked
  const utc = zoneClock('UTC')
  const isUtc = clock.zone === 'UTC'
  const columns = ['Due', 'Verdict', 'Delay', 'Created', 'Scheduled', 'Started', 'Ended', 'Job']
  const rows = asked.runs
    .toReversed()
    .map((run): readonly Cell[] => [
      { text: tickText(clock, run.tick, now), more: isUtc ? 'UTC' : `${tickText(utc, run.tick, now)} UTC` },
      verdictCell(run, asked),
      delayCell(run, asked),
      ...[run.createdAt, run.scheduledAt, run.startedAt, run.endedAt].map((at) => timeCell(at, run, asked)),
      { text: run.job ?? '' },
    ])
  return html`<p>Clock times in ${clock.zone}; +4 s is four seconds after the due time.</p>
${table(columns, rows)}`
}

function timeCell(at: number | undefined, { tick }: RunRecord, { clock }: Asked): Cell {
  return at === undefined ? { text: '' } : { text: clockText(clock, at, tick), more: offsetText(at - tick) }
}

function delayCell({ tick, startedAt, verdict }: RunRecord, { objectiveSeconds, now, open }: Asked): Cell {
  const more = `of ${durationText(objectiveSeconds)}`
  if (startedAt !== undefined) {
    return { text: durationText(Math.max(0, startedAt - tick)), tone: verdict === 'late' ? 'bad' : 'plain', more }
  }
  if (verdict !== undefined || tick > now || open.cause === undefined) return { text: '' }
  return { text: `${durationText(now - tick)} so far`, tone: now - tick > objectiveSeconds ? 'bad' : 'warn', more }
}

function verdictCell(run: RunRecord, { facts }: Asked): Cell {
  const why = whyOf(run, facts)
  return { text: verdictText(run), tone: toneOfRun(run), ...(why !== undefined && { more: why }) }
}

function whyOf(run: RunRecord, facts: Asked['facts']): string | undefined {
  const { reason, kill } = run
  const lost = reason === undefined || reason === 'forbid' ? undefined : lostText(reason, run, facts)
  const skipped = reason === 'forbid' ? 'a run before it had not ended' : undefined
  const texts = [lost ?? skipped, kill && killText(kill)].filter((text) => text !== undefined)
  return texts.length === 0 ? undefined : texts.join('; ')
}

function toneOfRun({ verdict, result, kill }: RunRecord): Tone {
  if (verdict === 'lost' || result === 'failed' || result === 'deleted' || kill?.by === 'cluster') return 'bad'
  return verdict === 'on_time' ? 'good' : 'warn'
}
