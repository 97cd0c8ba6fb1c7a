// SPDX-License-Identifier: Apache-2.0
import { utcText } from '../schedule/local-time.ts'
import { type Finding, findingLine } from './finding.ts'
import { histogram } from './histogram.ts'
import type { Linted, LintOptions } from './lint.ts'
import { rules, type Severity } from './rules.ts'
import type { Starts } from './starts.ts'

/** How findings are written. */
export const formats = ['text', 'json', 'github'] as const

/** One of `formats`. */
export type Format = (typeof formats)[number]

/** What is to be written, and how. */
export interface ReportOptions extends LintOptions {
  readonly format: Format
  /** Whether the text ends with the runs of each minute. */
  readonly histogram: boolean
}

/** What lint prints. */
export function report(linted: Linted, options: ReportOptions): string {
  if (options.format === 'json') return `${JSON.stringify(jsonOf(linted), undefined, 2)}\n`
  const write = options.format === 'github' ? githubLine : findingLine
  const lines = linted.findings.map((finding) => `${write(finding)}\n`).join('')
  if (options.format === 'github' || !options.histogram) return lines
  return lines + histogram(linted.starts, options.mostStarts)
}

function jsonOf({ findings, starts }: Linted): unknown {
  return {
    findings: findings.map(({ rule, place, message }) => ({ ...place, severity: rules[rule].severity, rule, message })),
    starts: startsOf(starts),
  }
}

function startsOf({ window, perMinute, unplaced }: Starts): unknown {
  const minutes = perMinute.flatMap((runs, minute) =>
    runs === 0 ? [] : [{ at: utcText(window.fromSeconds + minute * 60), runs }],
  )
  return { from: utcText(window.fromSeconds), window_seconds: window.minutes * 60, minutes, every: unplaced }
}

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

/** A finding as a workflow command of GitHub Actions. */
function githubLine({ rule, place: { file, line, column }, message }: Finding): string {
  const command = commands[rules[rule].severity]
  return `::${command} file=${property(file)},line=${line},col=${column},title=${property(rule)}::${escaped(message)}`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
