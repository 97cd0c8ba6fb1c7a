// SPDX-License-Identifier: Apache-2.0
import type { Place } from '@leadline/kit'
import { type RuleName, rules } from './rules.ts'

/** Something to be mended, or to be known, and where. */
export interface Finding {
  readonly rule: RuleName
  readonly place: Place
  /** What is wrong; how to mend it. */
  readonly message: string
}

/** A finding as one line: `file:line:column: severity: what; how to mend (rule)`. */
export function findingLine({ rule, place: { file, line, column }, message }: Finding): string {
  return `${file}:${line}:${column}: ${rules[rule].severity}: ${message} (${rule})`
}
