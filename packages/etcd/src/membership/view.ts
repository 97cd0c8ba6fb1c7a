// SPDX-License-Identifier: Apache-2.0
import { failures } from '../ops.ts'
import type { Counts } from './roster.ts'
import { seedFailures } from './seeds.ts'

/**
 * Why who the members are could not be found out; a bound for labels. `wrong_cluster`: the lists that came are
 * another cluster's.
 */
export const membershipFailures = [...failures, ...seedFailures, 'wrong_cluster'] as const
export type MembershipFailure = (typeof membershipFailures)[number]

/** How finding the members of one cluster goes. */
export interface MembershipView {
  /** Of the last member list; undefined before the first. */
  readonly counts: Counts | undefined
  /** Unix time at which a member last told the list; undefined before the first. */
  readonly lastSuccessAt: number | undefined
  /** How often it failed since the start; every failure is there. */
  readonly failures: ReadonlyMap<MembershipFailure, number>
  /** Endpoints whose last reply came from another cluster; undefined before the first reply of any. */
  readonly foreignEndpoints: number | undefined
}
