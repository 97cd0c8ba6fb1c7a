// SPDX-License-Identifier: Apache-2.0
import type { ClusterView } from '../view.ts'
import { createDiskStalls, type DiskStalls } from './disk-stalls.ts'
import type { HashRounds } from './hash-rounds.ts'
import { createLeaderHistory, type LeaderHistory } from './leader-history.ts'
import { createQuotaForecast, type QuotaForecast } from './quota-forecast.ts'

/** What verdicts need to remember of one cluster, bounded in size. */
export interface ClusterMemory {
  /** Takes a look at the cluster, each second; `now` in monotonic seconds. */
  add(now: number, view: ClusterView): void
  readonly leaders: LeaderHistory
  readonly stalls: DiskStalls
  readonly quota: QuotaForecast
}

/** Made once for each cluster that is watched. */
export function createClusterMemory(): ClusterMemory {
  const parts = { leaders: createLeaderHistory(), stalls: createDiskStalls(), quota: createQuotaForecast() }
  return {
    ...parts,
    add(now, view) {
      for (const part of Object.values(parts)) part.add(now, view)
    },
  }
}

/** A cluster as verdicts see it. */
export interface JudgedCluster {
  readonly view: ClusterView
  readonly memory: ClusterMemory
  /** Undefined when hashes are not to be compared. */
  readonly hashes: HashRounds | undefined
}
