// SPDX-License-Identifier: Apache-2.0
import type { CauseContext } from '../cause/cause-of.ts'

/** How a ledger reckons. */
export interface LedgerOptions extends CauseContext {
  /** How long a pod of this namespace may wait, in seconds; 300 when not given. */
  readonly thresholdSeconds?: (namespace: string) => number
  /** How long a cause must not have been seen before another takes its place; 10 when not given. */
  readonly holdSeconds?: number
  /** How many pods can wait for a look-up at a time; 1,000 when not given. */
  readonly mostLookUps?: number
  /** How many of the pods over their threshold a summary names; 10 when not given. */
  readonly mostStuck?: () => number
}

/** Options as they hold. */
export interface LedgerTerms extends CauseContext {
  readonly thresholdSeconds: (namespace: string) => number
  readonly holdSeconds: number
  readonly mostLookUps: number
  readonly mostStuck: () => number
}

/** Fills in what was not given. */
export function ledgerTerms(options: LedgerOptions): LedgerTerms {
  return { thresholdSeconds: () => 300, holdSeconds: 10, mostLookUps: 1000, mostStuck: () => 10, ...options }
}
