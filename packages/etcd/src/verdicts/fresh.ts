// SPDX-License-Identifier: Apache-2.0
import type { StatusReply } from '../rpc/member-rpc.ts'
import type { ClusterView, MemberView } from '../view.ts'
import { freshSeconds } from './thresholds.ts'

/** A member with what it says now. */
export interface FreshMember {
  readonly member: MemberView
  readonly reply: StatusReply
  /** Seconds ago that it said so. */
  readonly ago: number
}

/** The cluster ID that most members report, the first in case of a tie; undefined while none has answered. */
export function commonClusterId({ members }: ClusterView): string | undefined {
  const counts = new Map<string, number>()
  for (const { status } of members) {
    if (status !== undefined) counts.set(status.reply.clusterId, (counts.get(status.reply.clusterId) ?? 0) + 1)
  }
  return [...counts].reduce<readonly [string | undefined, number]>((a, b) => (b[1] > a[1] ? b : a), [undefined, 0])[0]
}

/** Whether a member belongs to another cluster than most; undefined before it has answered. */
export function isForeign(member: MemberView, view: ClusterView): boolean | undefined {
  return member.status && member.status.reply.clusterId !== commonClusterId(view)
}

/** The members without those that belong to another cluster, which have no say in this one. */
export function ownMembers(view: ClusterView): readonly MemberView[] {
  const id = commonClusterId(view)
  return view.members.filter(({ status }) => status === undefined || status.reply.clusterId === id)
}

/** The members of this cluster whose last Status is recent. */
export function freshMembers(view: ClusterView): readonly FreshMember[] {
  return ownMembers(view).flatMap((member) => {
    const { status } = member
    return status !== undefined && isFresh(member) ? [{ member, ...status }] : []
  })
}

/**
 * Whether the last Status of a member says what it believes now. An old one does too while none has failed since, as with a
 * long interval or an exporter that was held up.
 */
export function isFresh({ status, soundings }: MemberView): boolean {
  if (status === undefined) return false
  if (status.ago <= freshSeconds) return true
  const last = soundings.status?.recent.findLast(({ result }) => result !== 'lagged')
  return last?.result === 'success' && (soundings.status?.inFlightSeconds ?? 0) <= freshSeconds
}

/** Those of them that vote. */
export function freshVoters(view: ClusterView): readonly FreshMember[] {
  return freshMembers(view).filter(({ member, reply }) => !member.isLearner && !reply.isLearner)
}

/** Voters that make a majority; undefined before the first member list. */
export function quorumSize({ listedVoters }: ClusterView): number | undefined {
  return listedVoters === undefined ? undefined : Math.floor(listedVoters / 2) + 1
}

/** Whether a member has answered anything since it was first seen. */
export function hasAnswered({ status, soundings }: MemberView): boolean {
  return status !== undefined || Object.values(soundings).some(({ lastSuccessAt }) => lastSuccessAt !== undefined)
}
