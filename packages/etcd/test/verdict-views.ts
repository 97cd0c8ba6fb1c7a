// SPDX-License-Identifier: Apache-2.0
// Views of clusters as the soundings would give them, for tests of verdicts.

import type { MemberMetricsView } from '../src/member-metrics/view.ts'
import type { Op, Result } from '../src/ops.ts'
import type { StatusReply } from '../src/rpc/member-rpc.ts'
import type { ClusterView, Finished, MemberView, SoundingView } from '../src/view.ts'

/** A sounding of which one ended each second for the last ten, the newest half a second ago. */
export function steady(durationSeconds: number, result: Result = 'success', count = 10): SoundingView {
  return sounding(
    Array.from({ length: count }, (_, i) => ended(result, count - 1 - i + 0.5, durationSeconds)),
    undefined,
  )
}

export function sounding(recent: readonly Finished[], inFlightSeconds?: number): SoundingView {
  return {
    inFlightSeconds,
    recent,
    lastSuccessAt: recent.some(({ result }) => result === 'success') ? 1 : undefined,
    durations: { buckets: [], sum: 0, count: 0 },
    totals: new Map(),
    skipped: 0,
  }
}

export function ended(result: Result, endedAgo: number, durationSeconds = 0.002): Finished {
  return { result, endedAgo, begunAgo: endedAgo + durationSeconds }
}

export function reply(more: Partial<StatusReply> = {}): StatusReply {
  return {
    clusterId: 'c1',
    memberId: 'a1',
    revision: 100,
    raftTerm: 2,
    version: '3.7.3',
    dbSizeBytes: 1_000_000,
    dbSizeInUseBytes: 900_000,
    leaderId: 'a1',
    raftIndex: 100,
    raftAppliedIndex: 100,
    isLearner: false,
    errors: [],
    storageVersion: '3.7.0',
    quotaBytes: undefined,
    downgradeEnabled: false,
    ...more,
  }
}

export interface MemberParts {
  readonly label: string
  /** Undefined for a member that has never answered. */
  readonly status?: Partial<StatusReply> | undefined
  readonly ago?: number
  readonly soundings?: Partial<Record<Op, SoundingView>>
  readonly own?: Partial<MemberMetricsView>
  readonly isLearner?: boolean
  readonly flagQuotaBytes?: number
}

/** A member whose ID is its label. */
export function member(parts: MemberParts): MemberView {
  const { label, ago = 0.5, soundings = {}, isLearner = false, own, flagQuotaBytes } = parts
  const status =
    'status' in parts && parts.status === undefined ? undefined : reply({ memberId: label, ...parts.status })
  return {
    label,
    id: label,
    name: label,
    endpoint: `http://${label}:2379`,
    isLearner,
    status: status && { reply: status, ago },
    soundings,
    own: own && { ...noPage, ...own },
    timing: undefined,
    flagQuotaBytes,
  }
}

const noPage: MemberMetricsView = {
  ago: 1,
  isCurrent: true,
  clockOffsetSeconds: undefined,
  walFsync: undefined,
  walFsyncStillSeconds: undefined,
  backendCommit: undefined,
  quotaBytes: undefined,
  isDefragmenting: false,
}

/** A cluster of these members, whose voters are all that are listed. */
export function cluster(members: readonly MemberParts[], more: Partial<ClusterView> = {}): ClusterView {
  return {
    name: 'main',
    members: members.map(member),
    listedVoters: members.filter(({ isLearner }) => !isLearner).length,
    assumedTiming: { heartbeatSeconds: 0.1, electionSeconds: 1 },
    assumedQuotaBytes: undefined,
    ...more,
  }
}
