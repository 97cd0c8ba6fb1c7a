// SPDX-License-Identifier: Apache-2.0
import { ConfigError, ConfigNode, Noted, type Problem, problemLine } from '@leadline/kit'
import type { Declared } from '../declared.ts'
import type { Finding } from '../lint/finding.ts'
import type { SourceText } from './files.ts'
import { declaredByJob } from './from-job.ts'
import { declaredByManifest, nodeAt, textOf } from './from-manifest.ts'

/** What texts declare, in their order, and the mistakes that kept more from being read. */
export interface Declarations {
  readonly declared: readonly Declared[]
  readonly findings: readonly Finding[]
}

/** Most mistakes that are told of a text that is no YAML: each is mostly a consequence of the one before. */
const mostBroken = 3

/** Reads jobs and CronJobs out of texts. A mapping with a `kind` is a manifest, every other one a job. */
export function readDeclarations(texts: readonly SourceText[]): Declarations {
  const declared: Declared[] = []
  const findings: Finding[] = []
  for (const text of texts) {
    const read = readText(text)
    declared.push(...read.declared)
    findings.push(...read.findings)
  }
  return { declared, findings }
}

function readText({ file, text }: SourceText): Declarations {
  try {
    const declared: Declared[] = []
    const findings: Finding[] = []
    for (const { top, problems } of ConfigNode.parseAll(text, file)) {
      const isManifest = isObject(top)
      declared.push(...(isManifest ? readManifest(top) : readJobs(top)))
      findings.push(...problems.map((problem) => findingOf(isManifest ? 'manifest' : 'job-file', problem)))
    }
    return { declared, findings }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const lines = text.split('\n')
    const problems = error.problems.slice(0, mostBroken).map((problem) => mended(problem, lines))
    const byText = new Map(problems.map((problem) => [problemLine(problem), problem]))
    return { declared: [], findings: Array.from(byText.values(), (problem) => findingOf('yaml', problem)) }
  }
}

function findingOf(rule: Finding['rule'], { message, ...place }: Problem): Finding {
  return { rule, place, message }
}

function isObject(node: ConfigNode): boolean {
  return attempt(() => nodeAt(node, 'kind') ?? nodeAt(node, 'apiVersion')) !== undefined
}

function readJobs(top: ConfigNode): Declared[] {
  if (top.isNull) return []
  const jobs = attempt(() => top.items()) ?? [top]
  return jobs.flatMap((node) => {
    if (node.isNull) return []
    return attempt(() => declaredByJob(node)) ?? []
  })
}

/** The CronJobs of an object: itself, or those of a list. Other kinds are passed over. */
function readManifest(top: ConfigNode): Declared[] {
  const items = /^(CronJob)?List$/.test(kindOf(top)) ? attempt(() => nodeAt(top, 'items')?.items()) : [top]
  const cronJobs = (items ?? []).filter((item) => kindOf(item) === 'CronJob')
  return cronJobs.flatMap((item) => attempt(() => readCronJob(item)) ?? [])
}

function kindOf(node: ConfigNode): string {
  return attempt(() => textOf(node, 'kind')) ?? ''
}

function readCronJob(node: ConfigNode): Declared[] {
  const version = textOf(node, 'apiVersion') ?? ''
  if (version !== '' && !version.startsWith('batch/')) return []
  if (version !== 'batch/v1') {
    const place = nodeAt(node, 'apiVersion') ?? node
    place.note('CronJobs are of apiVersion batch/v1, and of no other since Kubernetes 1.25')
  }
  return [declaredByManifest(node)]
}

/** Gives undefined where a mistake was noted. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Noted) return undefined
    throw error
  }
}

/** A schedule that begins with `*` is an alias to YAML, and one with `@` nothing; it says so in words that help nobody. */
function mended(problem: Problem, lines: readonly string[]): Problem {
  const [, before = '', schedule] = /^(.*schedule:\s+)([*@].*?)\s*$/.exec(lines[problem.line - 1] ?? '') ?? []
  if (schedule === undefined) return problem
  const message = `a text that begins with ${schedule[0]} must be in quotes: schedule: ${JSON.stringify(schedule)}`
  return { ...problem, column: before.length + 1, message }
}
