// SPDX-License-Identifier: Apache-2.0
import { Histogram } from '@leadline/kit'
import type { Leaving, Outcome } from './ledger/leaving.ts'

/** Until when a wait is measured. */
export const waitStages = ['scheduled', 'started'] as const

/** One of `waitStages`. */
export type WaitStage = (typeof waitStages)[number]

/** Upper bounds of a wait, in seconds; 300 is the usual threshold. */
export const waitBounds = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600] as const

/** What has been counted of the pods that wait no longer. */
export interface LeftTally {
  count(leaving: Leaving): void
  /** A namespace that is gone has no counts any more; else those of every one that ever was would stay. */
  forget(namespace: string): void
  /** By namespace. */
  readonly left: ReadonlyMap<string, ReadonlyMap<Outcome, number>>
  readonly waits: ReadonlyMap<WaitStage, Histogram>
}

/** Nothing counted. */
export function createLeftTally(): LeftTally {
  const left = new Map<string, Map<Outcome, number>>()
  const waits = new Map(waitStages.map((stage) => [stage, new Histogram(waitBounds)]))
  return {
    count({ namespace, outcome, scheduledSeconds, startedSeconds }) {
      const counts = left.get(namespace) ?? new Map<Outcome, number>()
      left.set(namespace, counts.set(outcome, (counts.get(outcome) ?? 0) + 1))
      if (scheduledSeconds !== undefined) waits.get('scheduled')?.observe(scheduledSeconds)
      if (startedSeconds !== undefined) waits.get('started')?.observe(startedSeconds)
    },
    forget: (namespace) => void left.delete(namespace),
    left,
    waits,
  }
}
