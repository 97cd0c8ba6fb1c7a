// SPDX-License-Identifier: Apache-2.0
import type { Summary } from '../ledger/summary.ts'
import type { LeftTally } from '../left-tally.ts'

/** Where the collectors take what they tell; asked at each scrape. */
export interface Known {
  /** What waits now; undefined before the first sight, while it may be out of date, and in a replica that is not active. */
  summary(): Summary | undefined
  /** Undefined in a replica that is not active. */
  tally(): LeftTally | undefined
  /** Names of namespaces whose threshold says nothing. */
  thresholdMistakes(): readonly string[]
  /** Messages of the scheduler that were not wholly understood, since the exporter began. */
  unclassifiedMessages(): number
  /** Pods that are to be looked up. */
  lookUps(): number
}
