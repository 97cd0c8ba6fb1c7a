// SPDX-License-Identifier: Apache-2.0
import { type CelProgram, parseJson } from './cel.ts'
import type { Pattern } from './re2.ts'

/** What a body has to look like; the names are those of the http block. */
export interface BodyRules {
  readonly fail_if_body_matches_regexp: readonly Pattern[]
  readonly fail_if_body_not_matches_regexp: readonly Pattern[]
  readonly fail_if_body_json_matches_cel: CelProgram | undefined
  readonly fail_if_body_json_not_matches_cel: CelProgram | undefined
}

/** How a body fared. */
export interface BodyVerdict {
  readonly failedByRegex: boolean
  readonly failedByCel: boolean
  /** Why it failed; absent when it did not. */
  readonly reason?: string
  readonly fields?: Readonly<Record<string, unknown>>
}

/** The verdict on a body that every rule lets pass. */
export const passed: BodyVerdict = { failedByRegex: false, failedByCel: false }

/** Applies the rules in the peer's order, regular expressions before CEL; the first that fails decides. */
export function judgeBody(rules: BodyRules, body: Buffer): BodyVerdict {
  const unwanted = rules.fail_if_body_matches_regexp.find((regexp) => regexp.matches(body))
  if (unwanted !== undefined) return failedByRegex('Body matched regular expression', unwanted)
  const missed = rules.fail_if_body_not_matches_regexp.find((regexp) => !regexp.matches(body))
  if (missed !== undefined) return failedByRegex('Body did not match regular expression', missed)
  return hasCel(rules) ? judgeJson(rules, body) : passed
}

/** Whether the rules look at the body as JSON. */
export function hasCel(rules: BodyRules): boolean {
  return rules.fail_if_body_json_matches_cel !== undefined || rules.fail_if_body_json_not_matches_cel !== undefined
}

function judgeJson(rules: BodyRules, body: Buffer): BodyVerdict {
  let json: unknown
  try {
    json = parseJson(body.toString('utf8'))
  } catch (error) {
    return failedByCel('Body is not JSON', { err: (error as Error).message })
  }
  return (
    judgeCel(rules.fail_if_body_json_matches_cel, json, true, 'Body matched CEL expression') ??
    judgeCel(rules.fail_if_body_json_not_matches_cel, json, false, 'Body did not match CEL expression') ??
    passed
  )
}

function judgeCel(
  program: CelProgram | undefined,
  json: unknown,
  unwanted: boolean,
  reason: string,
): BodyVerdict | undefined {
  if (program === undefined) return undefined
  const { source: expression } = program
  try {
    return program.evaluate(json) === unwanted ? failedByCel(reason, { expression }) : undefined
  } catch (error) {
    // The first line says what; the rest draws the expression.
    const [err] = (error as Error).message.split('\n')
    return failedByCel('CEL expression has no boolean value', { expression, err })
  }
}

function failedByRegex(reason: string, { source }: Pattern): BodyVerdict {
  return { failedByRegex: true, failedByCel: false, reason, fields: { regexp: source } }
}

function failedByCel(reason: string, fields: Readonly<Record<string, unknown>>): BodyVerdict {
  return { failedByRegex: false, failedByCel: true, reason, fields }
}
