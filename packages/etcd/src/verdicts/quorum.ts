// SPDX-License-Identifier: Apache-2.0
import type { ClusterView, SoundingView } from '../view.ts'
import { telling } from './attempts.ts'
import { freshVoters, ownMembers, quorumSize } from './fresh.ts'
import { quorumPatienceSeconds, stuckSeconds } from './thresholds.ts'

/**
 * Whether the cluster can read linearizably and commit, as seen from here: whether any such sounding at any voter has
 * succeeded lately. While none of them says anything, as without permission, a quorum of voters that name one leader will
 * do. Undefined before the first member list and when there is no evidence.
 */
export function quorumAvailable(view: ClusterView): boolean | undefined {
  if (view.listedVoters === undefined) return undefined
  const voters = quorumSoundings(view)
  const soundings = voters.flat()
  const successAgo = lastSuccessAgo(soundings)
  if (successAgo <= quorumPatienceSeconds) return true
  if (voters.some(isUncontested)) return true
  if (soundings.some((sounding) => hasFailedSince(sounding, successAgo))) return false
  return successAgo < Number.POSITIVE_INFINITY ? true : agreementOnLeader(view)
}

/**
 * How many more voters may be lost before the quorum is, by those that answer Status; negative when too few answer.
 * Undefined before the first member list.
 */
export function quorumMargin(view: ClusterView): number | undefined {
  const size = quorumSize(view)
  return size === undefined ? undefined : freshVoters(view).length - size
}

/** Of each voter, those that need a quorum. */
function quorumSoundings(view: ClusterView): readonly (readonly SoundingView[])[] {
  const voters = ownMembers(view).filter(({ isLearner }) => !isLearner)
  return voters.map(({ soundings: { linearizable_read, put } }) =>
    [linearizable_read, put].filter((one) => one !== undefined),
  )
}

function lastSuccessAgo(soundings: readonly SoundingView[]): number {
  return Math.min(
    ...soundings.flatMap(({ recent }) => recent.findLast(({ result }) => result === 'success')?.endedAgo ?? []),
  )
}

/** Whether a voter's last call has succeeded and none has failed since: made too seldom, others' failures don't undo that. */
function isUncontested(own: readonly SoundingView[]): boolean {
  const successAgo = lastSuccessAgo(own)
  return (
    own.some(({ recent }) => recent.at(-1)?.result === 'success') &&
    !own.some((sounding) => hasFailedSince(sounding, successAgo))
  )
}

function hasFailedSince(sounding: SoundingView, successAgo: number): boolean {
  if ((sounding.inFlightSeconds ?? 0) >= stuckSeconds) return true
  return telling(sounding).some(({ result, endedAgo }) => result !== 'success' && endedAgo < successAgo)
}

/** True when a majority names one leader; what less says, nobody knows. */
function agreementOnLeader(view: ClusterView): boolean | undefined {
  const size = quorumSize(view) ?? Number.POSITIVE_INFINITY
  const named = freshVoters(view).map(({ reply }) => reply.leaderId)
  const agree = named.some((id) => id !== undefined && named.filter((other) => other === id).length >= size)
  return agree ? true : undefined
}
