// SPDX-License-Identifier: Apache-2.0
import type { ClusterView, MemberView } from '../view.ts'
import { hangingSeconds } from './attempts.ts'
import { isFresh, ownMembers } from './fresh.ts'
import { stuckSeconds } from './thresholds.ts'

/**
 * The voters whose disk hangs so that even Status does, with since when, in monotonic seconds; given those of the look
 * before. A commit of the backend holds a lock while it waits for the disk, and Status waits for that, in 3.4 to 3.7 alike.
 * Their metrics page goes on, and shows no fsync come to its end while the other members' do.
 */
export function silentStalls(
  now: number,
  view: ClusterView,
  before: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const voters = ownMembers(view).filter(({ isLearner }) => !isLearner)
  const stalled = voters.filter(
    (member) => isSilent(member) && voters.some((other) => other !== member && isServed(other, member)),
  )
  return new Map(
    stalled.map(({ label, soundings }) => [label, before.get(label) ?? now - hangingSeconds(soundings.status)]),
  )
}

function isSilent(member: MemberView): boolean {
  const { own, soundings } = member
  if (own?.isCurrent !== true || own.isDefragmenting || isFresh(member)) return false
  const seconds = hangingSeconds(soundings.status)
  // A page from before it hung is all that is left of a process that stopped.
  return seconds >= stuckSeconds && own.ago < seconds
}

/** Whether another member has completed fsyncs since the last one of this member. */
function isServed({ own: other }: MemberView, { own }: MemberView): boolean {
  const [there, here] = [other?.walFsyncStillSeconds, own?.walFsyncStillSeconds]
  return other?.isCurrent === true && there !== undefined && here !== undefined && there + stuckSeconds <= here
}
