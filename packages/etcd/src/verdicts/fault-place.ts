// SPDX-License-Identifier: Apache-2.0
import type { ClusterView, MemberView, SoundingView } from '../view.ts'
import { begunWithin, durationQuantile, hangingSeconds, telling } from './attempts.ts'
import { isDiskCleared } from './cleared-disk.ts'
import { ownMembers } from './fresh.ts'
import { currentLeader } from './leadership.ts'
import { fewestPuts, medianWindowSeconds, slowCommitSeconds, slowFsyncSeconds, slowHostSeconds } from './thresholds.ts'

/**
 * Where the slowness or failure of calls to a member lies. `host`: its process, its host, or the way to it. `defrag`: it is
 * being defragmented. `quorum`: the network between members, the other members, or a backlog. `fsync`: its own disk.
 * `unknown`: too little was measured, or nothing that was explains its slow puts.
 */
export const faultPlaces = ['none', 'host', 'defrag', 'quorum', 'fsync', 'unknown'] as const
export type FaultPlace = (typeof faultPlaces)[number]

/** Usual durations of the soundings of a member, in seconds; infinite where they fail, undefined where none was made. */
interface Tiers {
  /** Of Status and the serializable read the slower one. */
  readonly local: number | undefined
  readonly read: number | undefined
  readonly put: number | undefined
  /** A put, under whichever leader. */
  readonly anyPut: number | undefined
  /** A put of the slower quarter. */
  readonly slowPut: number | undefined
}

/** What is known of the cluster when a member is judged. */
interface Leading {
  readonly leader: MemberView | undefined
  /**
   * What a slow put takes at the leader, or where that is not known at the quickest voter; in seconds. Taken from the slower
   * quarter, it rises before the followers' medians and falls after them, so that they are not blamed in between.
   */
  readonly putSeconds: number
  /** Whether the leader commits slowly by itself, as with a slow disk. */
  readonly isSlow: boolean
}

/** What is remembered of the cluster. */
export interface Remembered {
  /** Whether the disk of the member of this label hangs. */
  readonly isStalled: (label: string) => boolean
  /** For how long the leader has led at least, in seconds. */
  readonly ledSeconds: number
}

/** The place of each member of the cluster. */
export function placeFaults(
  view: ClusterView,
  { isStalled, ledSeconds }: Remembered,
): ReadonlyMap<MemberView, FaultPlace> {
  const members = ownMembers(view)
  const tiers = new Map(members.map((member) => [member, tiersOf(member, ledSeconds)] as const))
  const leading = leadingOf(view, tiers, isStalled)
  return new Map(
    [...tiers].map(([member, own]) => [
      member,
      isStalled(member.label) ? 'fsync' : placeOf(member, own, leading, view),
    ]),
  )
}

function tiersOf({ soundings }: MemberView, ledSeconds: number): Tiers {
  const put = begunWithin(soundings.put, ledSeconds)
  return {
    local: slower(lately(soundings.status, 0.5), lately(soundings.serializable_read, 0.5)),
    // A read that meets an fsync of the leader waits for it; the quick ones tell of the network alone.
    read: lately(begunWithin(soundings.linearizable_read, ledSeconds), 0.25),
    put: lately(put, 0.5, fewestPuts),
    anyPut: lately(soundings.put, 0.5, fewestPuts),
    slowPut: lately(put, 0.75, fewestPuts),
  }
}

function lately(sounding: SoundingView | undefined, share: number, fewest?: number): number | undefined {
  return durationQuantile(sounding, share, medianWindowSeconds, fewest)
}

function slower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}

function leadingOf(
  view: ClusterView,
  tiers: ReadonlyMap<MemberView, Tiers>,
  isStalled: (label: string) => boolean,
): Leading {
  const current = currentLeader(view)
  const leader =
    typeof current === 'object' ? [...tiers.keys()].find((one) => one.status?.reply.memberId === current.id) : undefined
  const own = leader && tiers.get(leader)
  const quickest = Math.min(...[...tiers.values()].flatMap(({ slowPut }) => slowPut ?? []))
  const isSlow =
    leader !== undefined &&
    own !== undefined &&
    (isStalled(leader.label) ||
      hasSlowFsyncs(leader, own) ||
      (isSlowCommit(own) && !isHeldUpByOthers(leader, tiers, view)))
  const leaderPut = isUnreachable(leader) ? undefined : own?.slowPut
  return { leader, putSeconds: leaderPut ?? quickest, isSlow }
}

/** Whether too few of the others are quick for the leader to commit in time, so that its slow puts say nothing of it. */
function isHeldUpByOthers(leader: MemberView, tiers: ReadonlyMap<MemberView, Tiers>, view: ClusterView): boolean {
  const leaderPut = tiers.get(leader)?.slowPut ?? 0
  const others = [...tiers].filter(([member]) => member !== leader && !member.isLearner)
  const slow = others.filter(([member, own]) => hasSlowFsyncs(member, own) || isSlowerThan(leaderPut, own))
  const otherVoters = Math.max(others.length, (view.listedVoters ?? 0) - 1)
  return otherVoters - slow.length < Math.ceil(otherVoters / 2)
}

function placeOf(member: MemberView, own: Tiers, leading: Leading, view: ClusterView): FaultPlace {
  const { local, read, put } = own
  if (member.own?.isCurrent === true && member.own.isDefragmenting) return 'defrag'
  if (local === undefined) return 'unknown'
  // Before what only reads its own backend: Status too waits while a slow disk holds a commit of the backend up.
  if (hasSlowFsyncs(member, own) && !isUnreachable(member)) return 'fsync'
  if (local === Number.POSITIVE_INFINITY) return 'host'
  const isSlowDisk = isOwnDisk(member, own, leading, view)
  const isCleared = isSlowDisk && isClearedOf(member, own)
  if (isSlowDisk && !isCleared) return 'fsync'
  if (local > slowHostSeconds) return 'host'
  if (member.isLearner) return 'none'
  if (read !== undefined && isSlowRead(own, local, leading, member, view)) return 'quorum'
  if (read !== undefined) return isCleared ? 'unknown' : 'none'
  return put !== undefined && put - local > slowCommitSeconds ? 'unknown' : 'none'
}

/** A fsync that hangs is on no page, so that only puts that come to their end can be cleared of the disk. */
function isClearedOf(member: MemberView, { read = 0, put }: Tiers): boolean {
  return put !== Number.POSITIVE_INFINITY && isDiskCleared(member, read)
}

/** Whether nothing hears Status: unlike one that hangs, that has nothing to do with the disk. */
function isUnreachable(member: MemberView | undefined): boolean {
  const status = member?.soundings.status
  return (status && telling(status).at(-1)?.result) === 'unreachable'
}

/** A slow leader slows the puts of all alike, so that only what a follower adds to that is its own. */
function isOwnDisk(
  member: MemberView,
  own: Tiers,
  { leader, putSeconds, isSlow }: Leading,
  { members }: ClusterView,
): boolean {
  if (member === leader) return isSlow
  const isOvertaken = members.some((other) => hasOvertaken(other, member))
  // What hangs as the leader dies was lost with it.
  if (own.put === Number.POSITIVE_INFINITY && (isUnreachable(leader) || !isOvertaken)) return false
  return isSlowCommit(own) && isSlowerThan(putSeconds, own)
}

/** Whether a put through the other member has succeeded that was begun later than the one that hangs here. */
function hasOvertaken({ soundings: { put } }: MemberView, hanging: MemberView): boolean {
  const seconds = hangingSeconds(hanging.soundings.put)
  return put?.recent.some(({ result, begunAgo }) => result === 'success' && begunAgo < seconds) ?? false
}

/** Whether puts take longer than linearizable reads by what only a disk adds. */
function isSlowCommit({ read, put }: Tiers): boolean {
  return read !== undefined && put !== undefined && put - read > slowCommitSeconds
}

/** A put costs the follower that it goes through two fsyncs of its own, so that twice the leader's time is not noise. */
function isSlowerThan(leaderPut: number, { put = 0 }: Tiers): boolean {
  return put - leaderPut > Math.max(slowCommitSeconds, leaderPut)
}

/** The heartbeat interval is chosen for the round trip between members, so that an extra one on top of a read is slow. */
function isSlowRead(
  { read = 0 }: Tiers,
  local: number,
  leading: Leading,
  member: MemberView,
  view: ClusterView,
): boolean {
  const isFollowerOfSlow = leading.isSlow && member !== leading.leader && read < Number.POSITIVE_INFINITY
  const { heartbeatSeconds } = member.timing ?? view.assumedTiming
  return !isFollowerOfSlow && read - local > Math.max(slowCommitSeconds, heartbeatSeconds)
}

/**
 * Whether the member itself tells of slow fsyncs. Its page covers a minute: the percentile shows a new fault at once, the
 * mean keeps a hiccup from counting, and puts that are quick again count for more than both.
 */
function hasSlowFsyncs({ own }: MemberView, { anyPut = slowCommitSeconds }: Tiers): boolean {
  if (own?.isCurrent !== true || own.walFsync === undefined || anyPut < slowCommitSeconds) return false
  const { mean = 0, p99 = 0 } = own.walFsync
  return p99 > slowCommitSeconds && mean > slowFsyncSeconds
}
