// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../cause/cause.ts'
import type { PendingPodFacts } from '../pod/pod.ts'

/** A pod that has waited longer than its namespace allows. */
export interface StuckPod {
  readonly pod: PendingPodFacts
  readonly cause: Cause
  readonly ageSeconds: number
}

/** Puts a pod into its place among the oldest, of which no more than `most` are kept, oldest first. */
export function keepOldest(oldest: StuckPod[], most: number, one: StuckPod): void {
  const last = oldest.at(-1)
  if (oldest.length >= most && (last === undefined || last.ageSeconds >= one.ageSeconds)) return
  const place = oldest.findIndex(({ ageSeconds }) => ageSeconds < one.ageSeconds)
  oldest.splice(place < 0 ? oldest.length : place, 0, one)
  if (oldest.length > most) oldest.pop()
}
