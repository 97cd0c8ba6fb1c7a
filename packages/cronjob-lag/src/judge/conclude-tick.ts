// SPDX-License-Identifier: Apache-2.0
import { nextAfter } from './due-ticks.ts'
import type { Series } from './series.ts'
import type { OpenTick } from './tick.ts'
import type { Conclusion, LostReason } from './verdict.ts'

/**
 * The verdict of a tick for which no Job is known, as of `now`; undefined while one may still come, `withdrawn` when it was
 * not due after all.
 */
export function concludeTick(
  series: Series,
  open: OpenTick,
  settleSeconds: number,
  now: number,
): Conclusion | 'withdrawn' | undefined {
  const over = endOf(series, open)
  if (over === undefined || now < over.at + settleSeconds) return undefined
  if (over.by === 'withdrawn' && open.withdrawn?.isLost !== true) return 'withdrawn'
  if (over.by === 'recorded') return { verdict: 'unknown', reason: undefined }
  return concludeOver(series, open, over.by === 'withdrawn' ? 'superseded' : over.by, settleSeconds)
}

/** The verdict of a tick that has no Job and can get none any more, for the reason `by` where it is lost. */
export function concludeOver(series: Series, open: OpenTick, by: LostReason, settleSeconds: number): Conclusion {
  if (isSkipped(series, open, settleSeconds)) return { verdict: 'skipped', reason: 'forbid' }
  const isUnproved = open.mayBeUndue || (open.isBlind && !provesLoss(series, open.tick))
  return isUnproved ? { verdict: 'unknown', reason: undefined } : lostTick(open, by)
}

/** The verdict of a tick that was lost; what barred it says more than how it ended. */
function lostTick(open: OpenTick, by: LostReason): Conclusion {
  if (open.isClashing) return { verdict: 'lost', reason: 'name_clash' }
  return { verdict: 'lost', reason: open.refusedAt === undefined ? by : 'create_refused' }
}

/** Up to when Jobs before a tick have blocked it under Forbid, as of `now`; undefined when none has. */
export function blockedUntil(
  { cronJob, runs }: Series,
  tick: number,
  isUnfinished: (jobUid: string) => boolean,
  now: number,
): number | undefined {
  if (cronJob?.policy !== 'Forbid') return undefined
  const active = new Set(cronJob.activeJobs)
  let until = Number.NEGATIVE_INFINITY
  for (const run of runs.values()) {
    const isActive = active.delete(run.jobUid)
    if (run.tick > tick) continue
    if (run.end === undefined) until = isActive ? now : until
    // Of one that vanished nobody knows up to when it was there.
    else if (run.end.result !== 'vanished' && (run.wasActive || run.isBlind)) until = Math.max(until, run.end.at)
  }
  // Jobs that were not made by the schedule count as well, when the controller counts them.
  if ([...active].some(isUnfinished)) until = now
  return until > tick ? until : undefined
}

interface End {
  readonly by: 'recorded' | 'withdrawn' | 'superseded' | 'deadline'
  readonly at: number
}

/** Whether a tick without a Job could still be started at `at`. */
export function isStartableAt(series: Series, open: OpenTick, at: number): boolean {
  return (endOf(series, open)?.at ?? Number.POSITIVE_INFINITY) > at
}

/** When and why a tick could no longer start; undefined while it can. */
function endOf(series: Series, open: OpenTick): End | undefined {
  const { tick, recordedAt, withdrawn, passedAt } = open
  if (recordedAt !== undefined) return { by: 'recorded', at: recordedAt }
  const ends: End[] = []
  if (withdrawn !== undefined) ends.push({ by: 'withdrawn', at: withdrawn.at })
  if (passedAt !== undefined) ends.push({ by: 'superseded', at: passedAt })
  const deadline = series.cronJob?.startingDeadlineSeconds
  if (deadline !== undefined) ends.push({ by: 'deadline', at: tick + deadline })
  const following = open.blockedUntil === undefined ? undefined : nextAfter(series, tick)
  // Blocked until the next tick came, it was never the newest one while it could have been started.
  if (following !== undefined && (open.blockedUntil ?? 0) >= following) ends.push({ by: 'superseded', at: following })
  return ends.toSorted((a, b) => a.at - b.at)[0]
}

/** Whether a tick was blocked for as long as it could have been started. */
function isSkipped(series: Series, open: OpenTick, settleSeconds: number): boolean {
  const { tick, blockedUntil: until, withdrawn } = open
  if (until === undefined) return false
  const deadline = tick + (series.cronJob?.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY)
  const following = nextAfter(series, tick) ?? Number.POSITIVE_INFINITY
  const ends = [deadline, following, series.deletedAt ?? following, withdrawn?.at ?? following]
  return until >= Math.min(...ends) - settleSeconds
}

/** Whether a Job for the tick, and one that blocked it, would be known, although Jobs may have come and gone unseen. */
function provesLoss(series: Series, tick: number): boolean {
  const { cronJob } = series
  if (cronJob === undefined || (cronJob.policy === 'Forbid' && mayHaveBeenBlocked(series, tick))) return false
  if ((cronJob.lastScheduledAt ?? 0) < tick) return true
  if (cronJob.policy === 'Replace' || cronJob.ttlSeconds !== undefined) return false
  const newer = [...series.runs.values()].filter((run) => run.tick > tick && !run.isGone)
  const count = (result: string): number => newer.filter(({ end }) => end?.result === result).length
  // The controller deletes the oldest beyond each limit, so one that is not reached by newer Jobs has cost none.
  return count('complete') < cronJob.keeps.succeeded && count('failed') < cronJob.keeps.failed
}

function mayHaveBeenBlocked({ cronJob, runs }: Series, tick: number): boolean {
  const earlier = [...runs.values()].filter((run) => run.tick < tick)
  const last = cronJob?.lastScheduledAt
  const isLastKnown = last === undefined || last >= tick || earlier.some((run) => run.tick === last)
  return !isLastKnown || earlier.some(({ end }) => end?.result === 'vanished')
}
