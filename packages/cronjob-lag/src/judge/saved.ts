// SPDX-License-Identifier: Apache-2.0
import type { Run } from './run.ts'
import { createSeries, type Series } from './series.ts'
import type { OpenTick } from './tick.ts'

/** What outlives a restart, as JSON: what was counted, what is judged, and what the API can't tell a second time. */
export interface SavedJudge {
  readonly version: 1
  /** Up to when everything had been seen, in unix seconds; null before. */
  readonly horizon: number | null
  readonly cronJobs: readonly SavedSeries[]
}

/** One CronJob of a saved state. */
export interface SavedSeries {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly dueBy?: string
  readonly generation?: number
  readonly sightAt: number
  readonly next?: number
  readonly open?: readonly OpenTick[]
  readonly runs?: readonly SavedRun[]
}

/** A run without its pods, which the API tells anew. */
export type SavedRun = Omit<Run, 'pods' | 'isSettled'>

/** What is to be saved of a CronJob; undefined while its first ticks have not been gone through. */
export function saveSeries(series: Series): SavedSeries | undefined {
  if (!series.isBegun || series.deletedAt !== undefined) return undefined
  const { uid, namespace, name, dueBy, generation, sightAt, next, open } = series
  const ticks = new Set(open.map(({ tick }) => tick))
  const runs = [...series.runs.values()].filter((run) => isWorthSaving(run, ticks)).map(savedRun)
  return {
    uid,
    namespace,
    name,
    sightAt,
    ...(dueBy === undefined ? {} : { dueBy }),
    ...(generation === undefined ? {} : { generation }),
    ...(next === undefined ? {} : { next }),
    ...(open.length === 0 ? {} : { open: open.map((tick) => ({ ...tick })) }),
    ...(runs.length === 0 ? {} : { runs }),
  }
}

/** The CronJob of a saved state, until the API tells the rest. */
export function restoreSeries(saved: SavedSeries): Series {
  const { uid, namespace, name, dueBy, generation, sightAt, next, open = [], runs = [] } = saved
  const series = createSeries(uid, namespace, name)
  series.sightAt = sightAt
  series.isBegun = true
  if (dueBy !== undefined) series.dueBy = dueBy
  if (generation !== undefined) series.generation = generation
  if (next !== undefined) series.next = next
  series.open = open.map((tick) => ({ ...tick }))
  for (const run of runs) series.runs.set(run.jobUid, { ...run, pods: new Map() })
  return series
}

function savedRun({ pods: _pods, isSettled: _isSettled, ...run }: Run): SavedRun {
  return run
}

/** Those that wait for a verdict, and those that have a kill verdict or a deletion behind them that no pod tells. */
function isWorthSaving(run: Run, open: ReadonlySet<number>): boolean {
  const hasKill = run.clusterKill !== undefined || run.isOverdue === true || run.podTakenAt !== undefined
  return open.has(run.tick) || run.isKillJudged === true || hasKill || (run.isGone === true && !run.isSettled)
}
