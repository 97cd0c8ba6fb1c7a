// SPDX-License-Identifier: Apache-2.0

/** A tick that is due and has no verdict, and what is known of it beside its Job. Times in unix seconds. */
export interface OpenTick {
  readonly tick: number
  /** Whether it was due before the CronJob was first seen. */
  readonly isBefore?: true
  /** Whether a Job for it may have come and gone while nobody watched. */
  isBlind?: true
  /** Whether it may not have been due, since the CronJob was changed while nobody watched. */
  mayBeUndue?: true
  /** Since when it is known that a newer tick was started, or that a newer one has passed of a suspended CronJob. */
  passedAt?: number
  /** Since when `lastScheduleTime` names it. */
  recordedAt?: number
  /** Up to when a run before it blocked it under Forbid. */
  blockedUntil?: number
  /** Whether another object has the name that its Job would get. */
  isClashing?: true
  /** When the API server was last heard to refuse its Job. */
  refusedAt?: number
  /** When the schedule was changed or suspended so that it is due no more, and whether it had been due for long by then. */
  withdrawn?: { readonly at: number; readonly isLost: boolean }
}
