// SPDX-License-Identifier: Apache-2.0
import type { MemberView } from '../view.ts'
import { durationOf } from './attempts.ts'
import { medianWindowSeconds, slowCommitSeconds } from './thresholds.ts'

/** A put waits for two fsyncs of the log at most, the one under way and its own, and for one commit of the backend. */
const fsyncsOfPut = 2

/**
 * Whether a member's own page clears its disk of slow puts: one of the last seconds that took much longer than
 * `readSeconds` had ended when the page was asked for, so that each fsync and commit that it waited for is on the page, and
 * none there was slow. That holds until the next page, which has the fsyncs since.
 */
export function isDiskCleared({ own, soundings: { put } }: MemberView, readSeconds: number): boolean {
  const { walFsync, backendCommit } = own ?? {}
  if (own?.isCurrent !== true || walFsync?.longest === undefined || backendCommit?.longest === undefined) return false
  if (fsyncsOfPut * walFsync.longest + backendCommit.longest > slowCommitSeconds) return false
  const windowAgo = own.ago + walFsync.seconds
  return (
    put?.recent.some(
      (one) =>
        one.result === 'success' &&
        one.endedAgo >= own.ago &&
        one.endedAgo <= medianWindowSeconds &&
        one.begunAgo <= windowAgo &&
        durationOf(one) - readSeconds > slowCommitSeconds,
    ) ?? false
  )
}
