// SPDX-License-Identifier: Apache-2.0
import type { Endpoint } from '../endpoint.ts'

/** How the members to sound are found beside the given endpoints. */
export const discoveryModes = ['members', 'seeds', 'off'] as const
export type DiscoveryMode = (typeof discoveryModes)[number]

/** The most members of one cluster that are sounded. etcd itself advises no more than seven. */
export const mostMembers = 64

/** One member that is to be sounded. With the same label but another ID it is another member. */
export interface DesiredMember {
  /** Never that of another member: its name, or its ID or its endpoint's `host:port` where that won't do. */
  readonly label: string
  /** Hexadecimal; undefined until the member has answered or is listed. */
  readonly id: string | undefined
  /** Empty until it is known, and when it is longer than a label may be. */
  readonly name: string
  /** As in `https://10.0.0.1:2379`. */
  readonly endpoint: string
  readonly isLearner: boolean
}

/** Why a listed member is not sounded. */
export const unsoundedReasons = ['never_started', 'no_usable_url', 'not_given', 'over_limit'] as const
export type UnsoundedReason = (typeof unsoundedReasons)[number]

/** What a member list comes to in numbers. */
export interface Counts {
  /** Those that have never started too, since they count for the quorum. */
  readonly voters: number
  readonly learners: number
  readonly unsounded: Readonly<Record<UnsoundedReason, number>>
}

/** Who the members are. */
export interface Roster {
  /** In the order of their labels; no endpoint twice. */
  readonly members: readonly DesiredMember[]
  /** Undefined before the first member list. */
  readonly counts: Counts | undefined
  /** Listed endpoints at which another member answers, and so nobody is sounded; worth asking, as that may change. */
  readonly doubtful: readonly Endpoint[]
}
