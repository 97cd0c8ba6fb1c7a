// SPDX-License-Identifier: Apache-2.0
// What the exporter knows at one moment. Soundings and watchers keep state; at a scrape it is read into these plain
// values, and verdicts and collectors are functions of them.
import type { HistogramValue } from '@leadline/kit'
import type { MemberMetricsView } from './member-metrics/view.ts'
import type { Op, Result } from './ops.ts'
import type { StatusReply } from './rpc/member-rpc.ts'

/** One finished sounding. */
export interface Finished {
  readonly result: Result
  /** Seconds ago that it began. */
  readonly begunAgo: number
  /** Seconds ago that it ended. */
  readonly endedAgo: number
}

/** The soundings of one kind at one member. */
export interface SoundingView {
  /** Age of the one that is under way, in seconds, without what the exporter itself held it up; undefined when none is. */
  readonly inFlightSeconds: number | undefined
  /** Those of the last minute, oldest first. */
  readonly recent: readonly Finished[]
  /** Unix time of the last success; undefined before the first. */
  readonly lastSuccessAt: number | undefined
  /** Durations of the successful ones since the member was first seen. */
  readonly durations: HistogramValue
  /** How many ended in which way since the member was first seen. */
  readonly totals: ReadonlyMap<Result, number>
  /** Times that one was due while the last was still under way, or while the exporter was held up. */
  readonly skipped: number
}

/** Timings that decide on elections, in seconds. */
export interface Timing {
  readonly heartbeatSeconds: number
  readonly electionSeconds: number
}

/** One member as it is watched. */
export interface MemberView {
  /** The `member` label: its name, or its ID or endpoint where that is not known or not unique. */
  readonly label: string
  /** Hexadecimal; undefined until the member list or the member itself has told. */
  readonly id: string | undefined
  /** Empty until it is known. */
  readonly name: string
  /** The client URL that is sounded. */
  readonly endpoint: string
  readonly isLearner: boolean
  /** The last good Status; `ago` in seconds. */
  readonly status: { readonly reply: StatusReply; readonly ago: number } | undefined
  /** Absent ops are switched off, as `put` with `canary: off`. */
  readonly soundings: Readonly<Partial<Record<Op, SoundingView>>>
  /** What its own metrics page says; undefined until it was read, or when it is not to be read. */
  readonly own: MemberMetricsView | undefined
  /** From its command line; undefined where that can't be seen. */
  readonly timing: Timing | undefined
  /** From its command line; undefined where that can't be seen. */
  readonly flagQuotaBytes: number | undefined
}

/** One etcd cluster as it is watched. */
export interface ClusterView {
  /** The `etcd_cluster` label. */
  readonly name: string
  /** In the order of their labels. */
  readonly members: readonly MemberView[]
  /** Voters by the last member list, sounded or not; undefined before the first list. */
  readonly listedVoters: number | undefined
  /** Timings to go by where members don't tell theirs. */
  readonly assumedTiming: Timing
  /** Quota to go by where members don't tell theirs; undefined when none is configured. */
  readonly assumedQuotaBytes: number | undefined
}
