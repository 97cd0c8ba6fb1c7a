// SPDX-License-Identifier: Apache-2.0
import type { Cluster, ClusterClock, LeaseState } from '@leadline/kube'
import type { PendingPodConfig } from '../config.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import type { LeftTally } from '../left-tally.ts'
import { startLooking } from './look-up.ts'
import type { PendingWatch } from './pending-watch.ts'
import { isSandboxFirst } from './sandbox-order.ts'

/** What a replica needs to tell of waiting pods. */
export interface TermOptions {
  readonly cluster: Cluster
  readonly clusterClock: ClusterClock
  readonly watch: PendingWatch
  /** Where what leaves is counted, in this term and all others. */
  readonly tally: LeftTally
  readonly config: () => PendingPodConfig
}

/** What this replica knows: something while it is the active one, nothing while another is. */
export interface Term {
  /** Takes what became of the election. */
  take(state: LeaseState): void
  /** Undefined while there is no term, and before its first sight. */
  ledger(): Ledger | undefined
  /** How long a pod of a namespace may wait, in seconds. */
  thresholdSecondsOf(namespace: string): number
  /** Why what is told may be out of date, in one line; undefined when it is not. */
  blindness(): string | undefined
}

/** A replica that is not active yet. */
export function createTerm({ cluster, clusterClock, watch, tally, config }: TermOptions): Term {
  const thresholdSeconds = (namespace: string): number => watch.thresholds.of(namespace) ?? config().threshold
  let life: AbortController | undefined
  let ledger: Ledger | undefined

  async function begin({ signal }: AbortController): Promise<void> {
    await watch.synced
    const terms = {
      thresholdSeconds,
      mostStuck: () => config().stuck,
      isSandboxFirst: await isSandboxFirst(cluster, signal),
    }
    if (signal.aborted) return
    const made = createLedger(terms, (leaving) => tally.count(leaving))
    const looking = startLooking({ cluster, ledger: made, now: () => clusterClock.now(), signal })
    ledger = made
    watch.follow(made, () => looking.go())
  }

  function end(): void {
    life?.abort()
    life = undefined
    ledger = undefined
    watch.follow(undefined, () => undefined)
  }

  return {
    take(state) {
      if (state !== 'active') return end()
      if (life !== undefined) return
      life = new AbortController()
      // A watch that ends before its first set was there has been told of already.
      void begin(life).catch(() => undefined)
    },
    ledger: () => ledger,
    thresholdSecondsOf: thresholdSeconds,
    blindness: () => (life === undefined ? 'another replica is the active one' : watch.blindness()),
  }
}
