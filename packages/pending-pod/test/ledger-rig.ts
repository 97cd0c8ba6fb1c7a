// SPDX-License-Identifier: Apache-2.0
import type { Leaving } from '../src/ledger/leaving.ts'
import { createLedger, type Ledger } from '../src/ledger/ledger.ts'
import type { LedgerOptions } from '../src/ledger/options.ts'

/** A ledger and what it has told of pods that left. */
export interface LedgerRig {
  readonly ledger: Ledger
  readonly leavings: Leaving[]
  /** The group of one namespace and cause at `now`, as `pods oldest over`. */
  readonly group: (cause: string, now: number, namespace?: string) => string | undefined
  /** What became of each pod, as `name outcome`. */
  readonly outcomes: () => readonly string[]
}

/** A ledger for a test. */
export function ledgerRig(options: LedgerOptions = {}): LedgerRig {
  const leavings: Leaving[] = []
  const ledger = createLedger(options, (leaving) => leavings.push(leaving))
  return {
    ledger,
    leavings,
    group(cause, now, namespace = 'shop') {
      const found = ledger.summarise(now).groups.find((one) => one.cause === cause && one.namespace === namespace)
      return found && `${found.pods} ${found.oldestSeconds} ${found.overThreshold}`
    },
    outcomes: () => leavings.map(({ name, outcome }) => `${name} ${outcome}`),
  }
}
