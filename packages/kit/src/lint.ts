// SPDX-License-Identifier: Apache-2.0

import { type LintRule, rules } from './lint-rules.ts'
import type { MetricSpec, MetricTable } from './module.ts'

/** A mistake in a metric table. */
export interface LintProblem {
  /** Full metric name. */
  readonly metric: string
  /** `collision`: two metrics give the same series name. `exception`: an exception that nothing needs. */
  readonly rule: LintRule | 'collision' | 'exception'
  readonly message: string
}

/** Metric name to the rules that it may break, each with the reason. */
export type LintExceptions = Readonly<Record<string, Readonly<Partial<Record<LintRule, string>>>>>

/** Every rule that a table of metrics or instruments breaks, in the order of the table; an idle exception is a mistake too. */
export function lint(table: MetricTable, exceptions: LintExceptions = {}): LintProblem[] {
  const problems = Object.entries(table).flatMap(([metric, spec]) => brokenRules(metric, spec))
  const excused = ({ metric, rule }: LintProblem): boolean => isExcused(exceptions, metric, rule)
  return [
    ...problems.filter((problem) => !excused(problem)),
    ...collisions(table),
    ...idleExceptions(exceptions, problems),
  ]
}

function brokenRules(metric: string, spec: MetricSpec): LintProblem[] {
  const problems: LintProblem[] = []
  for (const [rule, check] of Object.entries(rules)) {
    const message = check(metric, spec)
    if (message !== undefined) problems.push({ metric, rule: rule as LintRule, message })
  }
  return problems
}

function isExcused(exceptions: LintExceptions, metric: string, rule: string): boolean {
  return Object.hasOwn(exceptions, metric) && Object.hasOwn(exceptions[metric] ?? {}, rule)
}

function idleExceptions(exceptions: LintExceptions, problems: readonly LintProblem[]): LintProblem[] {
  return Object.entries(exceptions).flatMap(([metric, reasons]) =>
    Object.keys(reasons)
      .filter((rule) => !problems.some((problem) => problem.metric === metric && problem.rule === rule))
      .map((rule) => ({ metric, rule: 'exception' as const, message: `nothing here breaks the rule ${rule}` })),
  )
}

function collisions(table: MetricTable): LintProblem[] {
  const owners = new Map<string, string>()
  const problems: LintProblem[] = []
  for (const [metric, spec] of Object.entries(table)) {
    for (const name of namesOf(metric, spec)) {
      const owner = owners.get(name)
      if (owner === undefined) owners.set(name, metric)
      else problems.push({ metric, rule: 'collision', message: `${owner} has the name ${name} too in some format` })
    }
  }
  return problems
}

/** The names that a metric takes: of its family in each format, and of its series. */
function namesOf(metric: string, { type }: MetricSpec): readonly string[] {
  if (type === 'counter' && metric.endsWith('_total')) return [metric, metric.slice(0, -'_total'.length)]
  return type === 'histogram' ? [metric, `${metric}_bucket`, `${metric}_sum`, `${metric}_count`] : [metric]
}
