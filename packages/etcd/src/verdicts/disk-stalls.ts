// SPDX-License-Identifier: Apache-2.0
import type { StatusReply } from '../rpc/member-rpc.ts'
import type { ClusterView, MemberView } from '../view.ts'
import { hangingSeconds } from './attempts.ts'
import { type FreshMember, freshVoters, quorumSize } from './fresh.ts'
import { claimsToLead } from './leadership.ts'
import { silentStalls } from './silent-stalls.ts'
import { stuckSeconds } from './thresholds.ts'

/** Which members' disks hang, as the looks so far tell. */
export interface DiskStalls {
  /** Takes a look at the cluster; `now` in monotonic seconds. */
  add(now: number, view: ClusterView): void
  /** Seconds that the disk of the member of this label has hung, 0 when it does not; undefined when it can't be told. */
  stalledSeconds(label: string): number | undefined
}

/** What is kept of a member; times in monotonic seconds. */
interface Watched {
  /** Of the first Status that said what the last one said. */
  readonly unmovedSince: number
  readonly reply: StatusReply
  /** When the call that hangs was begun, while the disk is stalled. */
  readonly stalledSince: number | undefined
}

/**
 * Tells a hanging disk by what it does to a member: etcd saves its log in the same loop that keeps raft's time, so that a
 * member whose fsync hangs goes on answering Status, and goes on naming the same leader, long after a member that is cut
 * off would have given up its leader, while its term and index stand still and calls through it hang.
 */
export function createDiskStalls(): DiskStalls {
  let watched: ReadonlyMap<string, Watched> = new Map()
  let silent: ReadonlyMap<string, number> = new Map()
  let lastNow = 0
  return {
    add(now, view) {
      lastNow = now
      const voters = freshVoters(view)
      const isServed = voters.length >= (quorumSize(view) ?? 1)
      const entries = voters.map((one) => {
        const before = watched.get(one.member.label)
        const seen = { unmovedSince: unmovedSince(now, one, before), reply: one.reply }
        const since = isServed ? stalledSince(now, view, one, seen.unmovedSince, voters) : undefined
        const stalledBefore = since === undefined ? undefined : before?.stalledSince
        return [one.member.label, { ...seen, stalledSince: stalledBefore ?? since }] as const
      })
      watched = new Map(entries)
      silent = silentStalls(now, view, silent)
    },
    stalledSeconds(label) {
      const since = silent.get(label) ?? watched.get(label)?.stalledSince
      if (since !== undefined) return lastNow - since
      return watched.has(label) ? 0 : undefined
    },
  }
}

function unmovedSince(now: number, { reply, ago }: FreshMember, before: Watched | undefined): number {
  return before !== undefined && !hasMoved(before.reply, reply) ? before.unmovedSince : now - ago
}

function hasMoved(before: StatusReply, after: StatusReply): boolean {
  return (
    before.memberId !== after.memberId ||
    before.raftTerm !== after.raftTerm ||
    before.leaderId !== after.leaderId ||
    before.raftIndex !== after.raftIndex
  )
}

/** When the call began that hangs for the disk's sake; undefined when the disk is not to blame. */
function stalledSince(
  now: number,
  view: ClusterView,
  one: FreshMember,
  unmoved: number,
  voters: readonly FreshMember[],
): number | undefined {
  const { member, reply, ago } = one
  const hangingSince = now - callsHangSeconds(member)
  const stillFor = now - ago - Math.max(hangingSince, unmoved)
  if (reply.leaderId === undefined || stillFor < patience(member, view)) return undefined
  return claimsToLead(one) || isLeftBehind(reply, voters) ? hangingSince : undefined
}

/** A member that is only cut off from the others gives up its leader within two election timeouts. */
function patience(member: MemberView, view: ClusterView): number {
  return Math.max(stuckSeconds, 2 * (member.timing ?? view.assumedTiming).electionSeconds)
}

/**
 * For how long calls have hung that need the member's raft, in seconds. A linearizable read that was begun later and has
 * succeeded shows that raft goes on, and that a put was merely lost with the leader of its time.
 */
function callsHangSeconds({ soundings: { put, linearizable_read: read } }: MemberView): number {
  const seconds = Math.max(hangingSeconds(put), hangingSeconds(read))
  const hasRead = read?.recent.some(({ result, begunAgo }) => result === 'success' && begunAgo < seconds)
  return hasRead ? 0 : seconds
}

/** Whether another voter has a higher term, or a higher index, so that its own are not merely at rest. */
function isLeftBehind(reply: StatusReply, voters: readonly FreshMember[]): boolean {
  return voters.some(({ reply: other }) => other.raftTerm > reply.raftTerm || other.raftIndex > reply.raftIndex)
}
