// SPDX-License-Identifier: Apache-2.0
import type { ClusterView, MemberView, SoundingView } from '../view.ts'
import { begunWithin, longestDuration } from './attempts.ts'
import { freshVoters } from './fresh.ts'
import { currentLeader } from './leadership.ts'
import { maximumWindowSeconds } from './thresholds.ts'

/**
 * How near a voter would be to losing an election if it led: its slowest recent put or linearizable read over the election
 * timeout, or the 99th percentile of its recent fsyncs over two heartbeat intervals, whichever is more. From 1 on heartbeats are
 * late and followers may stand for election. Undefined when neither is known.
 */
function memberElectionRisk(member: MemberView, view: ClusterView, ledSeconds: number): number | undefined {
  const { heartbeatSeconds, electionSeconds } = member.timing ?? view.assumedTiming
  const { put, linearizable_read } = member.soundings
  const longest = (one: SoundingView | undefined) => longestDuration(begunWithin(one, ledSeconds), maximumWindowSeconds)
  const [write, read, fsync] = [longest(put), longest(linearizable_read), recentFsyncP99(member)]
  // The page's window is a minute, and a put holds an fsync: one that is longer than all recent puts is over.
  const fsyncNow = fsync && Math.min(fsync, write ?? Number.POSITIVE_INFINITY)
  const shares = [
    write && write / electionSeconds,
    read && read / electionSeconds,
    fsyncNow && fsyncNow / (2 * heartbeatSeconds),
  ].filter((share) => share !== undefined)
  return shares.length === 0 ? undefined : Math.max(...shares)
}

/** The voters that answer, with their shares of the risk; the leader has led for `ledSeconds` at least. */
export function electionRisks(view: ClusterView, ledSeconds: number): ReadonlyMap<MemberView, number> {
  const risks = freshVoters(view).map(({ member }) => [member, memberElectionRisk(member, view, ledSeconds)] as const)
  return new Map(risks.filter((entry): entry is [MemberView, number] => entry[1] !== undefined))
}

/**
 * The risk of the leader, since only its disk and its network hold heartbeats up: a slow or stopped follower makes none.
 * The highest of all voters when no leader is known; undefined when nothing is.
 */
export function clusterElectionRisk(view: ClusterView, ledSeconds: number): number | undefined {
  const risks = electionRisks(view, ledSeconds)
  const leader = currentLeader(view)
  const leading = typeof leader === 'object' && [...risks].find(([{ status }]) => status?.reply.memberId === leader.id)
  if (leading) return leading[1]
  return risks.size === 0 ? undefined : Math.max(...risks.values())
}

function recentFsyncP99({ own }: MemberView): number | undefined {
  return own?.isCurrent === true ? own.walFsync?.p99 : undefined
}
