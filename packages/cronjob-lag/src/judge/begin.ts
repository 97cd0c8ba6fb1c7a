// SPDX-License-Identifier: Apache-2.0
import { concludeRun } from './conclude-run.ts'
import { newestTick } from './due-ticks.ts'
import { type JudgedTick, runOf, type Series } from './series.ts'
import type { OpenTick } from './tick.ts'

/**
 * Goes through what was before the CronJob was first seen. What the Jobs prove is kept to be looked at, and not counted:
 * another exporter may have. What still waits to be started is open: runs whose Jobs are there, and the one tick that the
 * controller would start now.
 */
export function begin(series: Series, objectiveSeconds: number): void {
  series.isBegun = true
  const { sightAt } = series
  const past: JudgedTick[] = []
  for (const run of series.runs.values()) {
    if (run.tick > sightAt || runOf(series, run.tick) !== run) continue
    const provedAt = run.startedAt ?? run.end?.at
    const wasKilled = run.clusterKill !== undefined || run.isOverdue === true
    if (wasKilled || (run.end !== undefined && run.end.at <= sightAt)) run.isKillJudged = true
    if (provedAt === undefined || provedAt > sightAt) {
      series.open.push({ tick: run.tick, isBefore: true })
      continue
    }
    const conclusion = concludeRun(run.tick, run, { objectiveSeconds, settleSeconds: 0 }, Number.POSITIVE_INFINITY)
    if (conclusion !== undefined) past.push({ tick: run.tick, conclusion, run })
  }
  series.history.push(...past.toSorted((a, b) => a.tick - b.tick))
  series.open.push(...waitingTick(series))
  series.open.sort((a, b) => a.tick - b.tick)
}

function waitingTick(series: Series): readonly OpenTick[] {
  const { cronJob, sightAt } = series
  if (cronJob === undefined || cronJob.suspended) return []
  const last = cronJob.lastScheduledAt ?? cronJob.createdAt
  const startable = sightAt - (cronJob.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY)
  const tick = newestTick(series, Math.max(last, startable), sightAt)
  return tick === undefined || runOf(series, tick) !== undefined ? [] : [{ tick, isBefore: true }]
}
