// SPDX-License-Identifier: Apache-2.0
import type { ClusterView } from '../view.ts'
import { commonClusterId, freshVoters, quorumSize } from './fresh.ts'
import { currentLeader } from './leadership.ts'
import { blindGapSeconds, flapping } from './thresholds.ts'

/** What the looks at a cluster so far come to. */
export interface LeaderHistory {
  /** Takes a look at the cluster; `now` in monotonic seconds. */
  add(now: number, view: ClusterView): void
  /** Times that a leader of a higher term was seen; undefined before the first leader. */
  readonly changes: number | undefined
  /** By how much the highest raft term has risen, elections that nobody won included; undefined as above. */
  readonly termRises: number | undefined
  /** Seconds in which voters answered and knew no leader. */
  readonly leaderlessSeconds: number
  /** When another leader was last seen, in monotonic seconds; minus infinity while it is the first one. */
  readonly changedAt: number
  /** Whether the leader has changed often of late. */
  isFlapping(now: number): boolean
}

/** The highest term of each kind, for one cluster ID. */
interface Terms {
  readonly clusterId: string | undefined
  readonly leader: number
  readonly highest: number
}

/**
 * Counts leaders by their terms, which outlive a member's restart as etcd's own counter does not. The terms start anew with
 * another cluster ID, or when a majority reports lower ones: both happen only when a cluster is made anew.
 */
export function createLeaderHistory(): LeaderHistory {
  let terms: Terms | undefined
  let changes = 0
  let termRises = 0
  let leaderlessSeconds = 0
  let changesAt: readonly number[] = []
  let before: { readonly now: number; readonly isLeaderless: boolean } | undefined

  function addTerms(now: number, view: ClusterView, leaderTerm: number | undefined): void {
    const clusterId = commonClusterId(view)
    const highest = Math.max(...freshVoters(view).map(({ reply }) => reply.raftTerm))
    if (terms === undefined || isNewCluster(terms, view)) {
      if (leaderTerm !== undefined) terms = { clusterId, leader: leaderTerm, highest }
      return
    }
    if (highest > terms.highest) termRises += highest - terms.highest
    if (leaderTerm !== undefined && leaderTerm > terms.leader) {
      changes += 1
      changesAt = [...changesAt, now].slice(-flapping.changes)
    }
    terms = {
      clusterId,
      leader: Math.max(terms.leader, leaderTerm ?? 0),
      highest: Math.max(terms.highest, highest),
    }
  }

  return {
    add(now, view) {
      const leader = currentLeader(view)
      const gap = before === undefined ? 0 : now - before.now
      if (before?.isLeaderless && leader !== undefined && gap <= blindGapSeconds) leaderlessSeconds += gap
      before = { now, isLeaderless: leader === 'none' }
      if (leader !== undefined) addTerms(now, view, leader === 'none' ? undefined : leader.term)
    },
    get changes() {
      return terms && changes
    },
    get termRises() {
      return terms && termRises
    },
    get leaderlessSeconds() {
      return leaderlessSeconds
    },
    get changedAt() {
      return changesAt.at(-1) ?? Number.NEGATIVE_INFINITY
    },
    isFlapping(now) {
      const recent = changesAt.filter((at) => now - at <= flapping.withinSeconds)
      return recent.length >= flapping.changes
    },
  }
}

function isNewCluster(terms: Terms, view: ClusterView): boolean {
  if (commonClusterId(view) !== terms.clusterId) return true
  const voters = freshVoters(view)
  // Any majority has a voter of the last election that was won, so its highest term can't be lower than that leader's.
  const isMajority = voters.length >= (quorumSize(view) ?? Number.POSITIVE_INFINITY)
  return isMajority && voters.every(({ reply }) => reply.raftTerm < terms.leader)
}
