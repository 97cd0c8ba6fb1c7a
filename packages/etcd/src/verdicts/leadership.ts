// SPDX-License-Identifier: Apache-2.0
import type { ClusterView } from '../view.ts'
import { type FreshMember, freshMembers, freshVoters } from './fresh.ts'

/** A leader and the raft term that it was elected for; a term never has two. */
export interface Leader {
  /** Hexadecimal member ID. */
  readonly id: string
  readonly term: number
}

/** The voters that say, in a recent Status, that they lead. More than one: all but that of the highest term are stale. */
export function leaderClaims(view: ClusterView): readonly FreshMember[] {
  return freshVoters(view).filter(claimsToLead)
}

/** Whether a member says that it leads. */
export function claimsToLead({ reply }: FreshMember): boolean {
  return reply.leaderId === reply.memberId
}

/**
 * The leader of the highest term that any voter names; `none` when more than half of those that answer name none; undefined
 * when no voter answers. A deposed leader that has not noticed has the lower term. A voter that is cut off and goes through
 * terms alone, as 3.4 does, names none and is outvoted.
 */
export function currentLeader(view: ClusterView): Leader | 'none' | undefined {
  const voters = freshVoters(view)
  if (voters.length === 0) return undefined
  const named = voters.flatMap(({ reply: { leaderId: id, raftTerm: term } }) =>
    id === undefined ? [] : [{ id, term }],
  )
  if (named.length * 2 < voters.length) return 'none'
  return named.reduce<Leader | 'none'>((a, b) => (a === 'none' || b.term > a.term ? b : a), 'none')
}

/** Whether a member leads by its own word while another leader of a higher term is named. */
export function isStaleClaim(one: FreshMember, leader: Leader | 'none' | undefined): boolean {
  return claimsToLead(one) && typeof leader === 'object' && leader.term > one.reply.raftTerm
}

/** Highest minus lowest raft term of the members that answer; undefined when none does. */
export function termSpread(view: ClusterView): number | undefined {
  return spread(freshMembers(view).map(({ reply }) => reply.raftTerm))
}

/** Highest minus lowest revision of the members that answer; undefined when none does. */
export function revisionSpread(view: ClusterView): number | undefined {
  return spread(freshMembers(view).map(({ reply }) => reply.revision))
}

function spread(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values) - Math.min(...values)
}
