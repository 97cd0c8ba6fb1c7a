// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'
import type { Cluster } from './cluster.ts'

/** The measured skew moves within about a second by itself; a difference beyond it is one. */
const noiseSeconds = 1

/** The API server's clock, which is that of the times in objects. */
export interface ClusterClock {
  /** Unix seconds of now. */
  now(): number
  /** Unix seconds by it of a time by ours. */
  at(ownUnix: number): number
}

/** The API server's clock, as far as its answers tell; ours before the first answer. */
export function clusterClock(cluster: Pick<Cluster, 'skewSeconds'>, clock: Clock): ClusterClock {
  let taken = 0
  const skew = (): number => {
    const measured = cluster.skewSeconds()
    if (measured !== undefined && Math.abs(measured - taken) > noiseSeconds) taken = measured
    return taken
  }
  return { now: () => clock.unix() + skew(), at: (ownUnix) => ownUnix + skew() }
}
