// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { exactOrPart } from '@leadline/kit'
import type { JudgedCronJob } from '../judge/judge.ts'
import type { OpenState } from '../judge/open-state.ts'
import type { RunRecord } from '../judge/run-record.ts'
import type { CronJobFacts } from '../objects/cron-job.ts'
import { newestDue } from './answer.ts'
import { wasEnded } from './started-answer.ts'
import type { RunsView } from './view.ts'

/** How a CronJob stands, the worst first. */
export const standings = [
  'overdue',
  'lost',
  'invalid',
  'ended',
  'failed',
  'late',
  'waiting',
  'held',
  'unknown',
  'skipped',
  'good',
  'none',
  'suspended',
] as const

/** One of `standings`. */
export type Standing = (typeof standings)[number]

/** One CronJob in the list. */
export interface Row {
  readonly facts: CronJobFacts
  readonly open: OpenState
  /** The newest due run. */
  readonly last: RunRecord | undefined
  readonly standing: Standing
}

/** The list, bounded. */
export interface Listing {
  /** The worst first, then by namespace and name. */
  readonly rows: readonly Row[]
  /** CronJobs that match, shown or not. */
  readonly matching: number
  /** How many of those stand so. */
  readonly counts: ReadonlyMap<Standing, number>
}

/** What to list: an exact namespace, or a part of its name where there is no such one; a part of the CronJob's name. */
export interface Search {
  readonly namespace: string | undefined
  readonly cronJob: string | undefined
}

/** Most rows of the list. */
export const mostRows = 500

/** CronJobs looked at before other work gets its turn. */
const batch = 250

/** Lists CronJobs as they stand now. */
export async function listCronJobs(view: RunsView, search: Search): Promise<Listing> {
  const chosen = matching(view, search)
  const rows: Row[] = []
  for (const [i, cronJob] of chosen.entries()) {
    if (i % batch === batch - 1) await setImmediate()
    rows.push(rowOf(cronJob, view))
  }
  const counts = new Map<Standing, number>()
  for (const { standing } of rows) counts.set(standing, (counts.get(standing) ?? 0) + 1)
  return { rows: rows.toSorted(worstFirst).slice(0, mostRows), matching: rows.length, counts }
}

function matching(view: RunsView, { namespace, cronJob = '' }: Search): readonly JudgedCronJob[] {
  const all = [...view.cronJobs()].filter(({ facts }) => facts.name.includes(cronJob))
  return exactOrPart(all, ({ facts }) => facts.namespace, namespace)
}

function rowOf(cronJob: JudgedCronJob, view: RunsView): Row {
  const now = view.now()
  const { facts } = cronJob
  const open = cronJob.openState(now)
  const last = newestDue({ runs: cronJob.runs(), now })
  return { facts, open, last, standing: standingOf(open, last, view.objectiveSecondsOf(facts)) }
}

function standingOf(open: OpenState, last: RunRecord | undefined, objectiveSeconds: number): Standing {
  if (open.cause !== undefined && open.lagSeconds > objectiveSeconds) return 'overdue'
  if (last?.verdict === 'lost') return 'lost'
  if (open.invalid !== undefined) return 'invalid'
  if (last !== undefined && wasEnded(last) && last.kill?.by !== 'replace') return 'ended'
  if (last?.result === 'failed') return 'failed'
  if (last?.verdict === 'late') return 'late'
  if (open.cause !== undefined) return 'waiting'
  if (open.heldSeconds !== undefined || last?.verdict === 'held') return 'held'
  if (last?.verdict === 'skipped' || last?.verdict === 'unknown') return last.verdict
  if (open.isSuspended) return 'suspended'
  return last === undefined ? 'none' : 'good'
}

const rank = new Map(standings.map((standing, place) => [standing, place]))

function worstFirst(a: Row, b: Row): number {
  return (
    (rank.get(a.standing) ?? 0) - (rank.get(b.standing) ?? 0) ||
    (a.standing === 'overdue' ? b.open.lagSeconds - a.open.lagSeconds : 0) ||
    compare(a.facts.namespace, b.facts.namespace) ||
    compare(a.facts.name, b.facts.name)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
