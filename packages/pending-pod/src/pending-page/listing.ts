// SPDX-License-Identifier: Apache-2.0
import { exactOrPart } from '@leadline/kit'
import { type Cause, causes } from '../cause/cause.ts'
import { type Row, rowsOf, workloadText } from './row.ts'
import { share } from './share.ts'
import type { PendingView } from './view.ts'

/** What to list: an exact namespace or cause, or a part of its name where there is none such; a part of `Kind/name`. */
export interface Search {
  readonly namespace: string | undefined
  readonly cause: string | undefined
  readonly workload: string | undefined
}

/** Pods that are shown together. */
export interface Group {
  /** The oldest, the oldest first. */
  readonly rows: readonly Row[]
  /** How many there are, shown or not. */
  readonly pods: number
  readonly overThreshold: number
  readonly oldestSeconds: number
}

/** Those of one cause. */
export interface CauseGroup extends Group {
  readonly cause: Cause
}

/** The list, bounded. */
export interface Listing {
  /** In unix seconds. */
  readonly now: number
  /** Those that match and are not held back, whether shown or not, the oldest first. */
  readonly waiting: readonly Row[]
  /** Of these by cause: first that of the most pods over their thresholds, then that of the oldest pod. */
  readonly groups: readonly CauseGroup[]
  /** Those that match and are held back on purpose; undefined when there are none. */
  readonly held: Group | undefined
  /** How many wait or are held, whether they match or not. */
  readonly total: number
  /** Causes that there are of them, in the order of `causes`. */
  readonly causes: readonly Cause[]
  readonly isSearched: boolean
}

/** Most pods of the list. */
export const mostRows = 500

/** Lists the pods as they wait now. */
export function listPods(view: PendingView, search: Search): Listing {
  const now = view.now()
  const all = rowsOf(view, now)
  const matching = match(all, search)
  const waiting = matching.filter(({ isHeld }) => !isHeld)
  const held = matching.filter(({ isHeld }) => isHeld)
  const byCause = [...Map.groupBy(waiting, ({ cause }) => cause)].map(([cause, rows]) => ({ cause, ...groupOf(rows) }))
  const present = new Set(all.map(({ cause }) => cause))
  const groups: readonly Group[] = [...byCause.toSorted(worstFirst), ...(held.length === 0 ? [] : [groupOf(held)])]
  const shown = bounded(groups)
  return {
    now,
    waiting,
    groups: shown.filter((group): group is CauseGroup => 'cause' in group),
    held: shown.find((group) => !('cause' in group)),
    total: all.length,
    causes: causes.filter((cause) => present.has(cause)),
    isSearched: Object.values(search).some((value) => value !== undefined),
  }
}

function match(rows: readonly Row[], { namespace, cause, workload = '' }: Search): readonly Row[] {
  const inNamespace = exactOrPart(rows, ({ pod }) => pod.namespace, namespace)
  const ofCause = exactOrPart(inNamespace, (row) => row.cause, cause)
  return ofCause.filter(({ pod }) => workloadText(pod).includes(workload))
}

function groupOf(rows: readonly Row[]): Group {
  const overThreshold = rows.filter(({ isOver }) => isOver).length
  return { rows, pods: rows.length, overThreshold, oldestSeconds: rows[0]?.ageSeconds ?? 0 }
}

function worstFirst(a: CauseGroup, b: CauseGroup): number {
  return (
    b.overThreshold - a.overThreshold ||
    b.oldestSeconds - a.oldestSeconds ||
    causes.indexOf(a.cause) - causes.indexOf(b.cause)
  )
}

function bounded(groups: readonly Group[]): readonly Group[] {
  const counts = share(
    groups.map(({ pods }) => pods),
    mostRows,
  )
  return groups.map((group, i) => ({ ...group, rows: group.rows.slice(0, counts[i]) }))
}
