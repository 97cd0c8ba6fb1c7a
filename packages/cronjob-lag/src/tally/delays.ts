// SPDX-License-Identifier: Apache-2.0
import type { TickOutcome } from '../judge/verdict.ts'

/** The stages of a run's start, in their order. */
export const stages = ['created', 'scheduled', 'pulled', 'started'] as const

/** One of `stages`. */
export type Stage = (typeof stages)[number]

/** Upper bounds of a stage, in seconds. */
export const stageBounds = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600] as const

/** Upper bounds of the whole delay, in seconds, with one at the objective. */
export function delayBounds(objectiveSeconds: number): readonly number[] {
  return [...new Set([...stageBounds, 7200, objectiveSeconds])].toSorted((a, b) => a - b)
}

/** How long each stage that the outcome tells of took, in seconds: the difference of two clocks may be below 0. */
export function stageSeconds({
  tick,
  createdAt,
  scheduledAt,
  pulledAt,
  startedAt,
}: TickOutcome): readonly [Stage, number][] {
  const marks: readonly [Stage, number | undefined, number | undefined][] = [
    ['created', tick, createdAt],
    ['scheduled', createdAt, scheduledAt],
    ['pulled', scheduledAt, pulledAt],
    ['started', pulledAt ?? scheduledAt, startedAt],
  ]
  return marks.flatMap(([stage, from, to]) => (from === undefined || to === undefined ? [] : [[stage, to - from]]))
}

/** Seconds from the tick of a run to its start; undefined when it was held, or never seen to start. */
export function startDelaySeconds({ verdict, tick, startedAt }: TickOutcome): number | undefined {
  return startedAt === undefined || (verdict !== 'on_time' && verdict !== 'late') ? undefined : startedAt - tick
}
