// SPDX-License-Identifier: Apache-2.0
import type { Declared } from '../declared.ts'
import type { Declarations } from '../input/declarations.ts'
import { checkLoad, comparePlaces } from './check-load.ts'
import { checkName, checkUnique } from './check-name.ts'
import { checkPolicy } from './check-policy.ts'
import { checkSchedule } from './check-schedule.ts'
import type { Finding } from './finding.ts'
import { countStarts, type Starts, type Window } from './starts.ts'

/** What lint goes by. */
export interface LintOptions {
  readonly window: Window
  /** Most runs that are to start in one minute. */
  readonly mostStarts: number
}

/** What lint found. */
export interface Linted {
  /** In the order of their places. */
  readonly findings: readonly Finding[]
  readonly starts: Starts
}

/** Everything that the rules find, in the files' own mistakes and in what they declare. */
export function lint({ declared, findings }: Declarations, { window, mostStarts }: LintOptions): Linted {
  const starts = countStarts(declared, window)
  const all = [...findings, ...checkDeclared(declared, window.fromSeconds), ...checkLoad(starts, mostStarts)]
  return { findings: inOrder(all), starts }
}

/** What the rules find that look at CronJobs, alone and beside one another, but not at the load. */
export function* checkDeclared(declared: readonly Declared[], nowSeconds: number): Generator<Finding> {
  for (const one of declared) {
    yield* checkName(one)
    yield* checkSchedule(one, nowSeconds)
    yield* checkPolicy(one)
  }
  yield* checkUnique(declared)
}

/** Findings by place, and at one place by rule. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) => comparePlaces(a.place, b.place) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  )
}
