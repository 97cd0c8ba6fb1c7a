// SPDX-License-Identifier: Apache-2.0
import type { Killer, LostReason, Outcome, Verdict } from '../judge/verdict.ts'

/** What is counted of the runs of a CronJob or of a namespace. */
export type CountKey = `verdict ${Verdict}` | `lost ${LostReason}` | `killed ${Killer}` | `cluster ${string}`

/** How often each has happened; what is absent never has. */
export type Counts = Map<CountKey, number>

/** What an outcome counts as. */
export function countKeys(outcome: Outcome): readonly CountKey[] {
  if (outcome.type === 'tick') {
    const { verdict, reason } = outcome
    const isLost = verdict === 'lost' && reason !== undefined && reason !== 'forbid'
    return [`verdict ${verdict}`, ...(isLost ? [`lost ${reason}` as const] : [])]
  }
  const { by, reason } = outcome
  return [`killed ${by}`, ...(by === 'cluster' ? [`cluster ${reason ?? 'other'}` as const] : [])]
}

/** Adds one to each. */
export function addTo(counts: Counts, keys: readonly CountKey[]): void {
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
}
