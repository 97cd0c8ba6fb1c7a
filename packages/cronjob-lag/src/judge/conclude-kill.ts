// SPDX-License-Identifier: Apache-2.0
import { isHeld, type Run } from './run.ts'
import type { Kill } from './verdict.ts'

/** What is known around a run that someone may have ended. */
export interface KillContext {
  /** Whether the CronJob controller deletes runs for newer ones, and had a newer one to start at that time. */
  readonly isReplaced: boolean
  readonly settleSeconds: number
}

/**
 * Who ended a run, as of `now`; undefined while nobody is known to have. What a pod or Job tells itself counts at once; a
 * deletion without a reason only when what could explain it has had the time to be seen.
 */
export function concludeKill(run: Run, context: KillContext, now: number): Kill | undefined {
  if (run.clusterKill !== undefined) return { by: 'cluster', reason: run.clusterKill }
  const { end, podTakenAt } = run
  const isOverdue = run.isOverdue || (end?.result === 'failed' && end.reason === 'DeadlineExceeded')
  if (isOverdue) return { by: 'policy', reason: 'DeadlineExceeded' }
  if (end?.result === 'deleted') {
    if (now < end.seenAt + context.settleSeconds || run.heldSince !== undefined) return undefined
    return { by: context.isReplaced ? 'replace' : 'hand', reason: undefined }
  }
  if (podTakenAt === undefined || now < podTakenAt + context.settleSeconds) return undefined
  const isExplained = end !== undefined || run.isEnding || run.isSuspended || isHeld(run)
  return isExplained ? undefined : { by: 'hand', reason: undefined }
}
