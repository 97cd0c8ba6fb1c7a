// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, type RunSignal } from '@leadline/kit'
import { type BodyRules, type BodyVerdict, hasCel, judgeBody, passed } from '../match/body-rules.ts'
import type { CelProgram } from '../match/cel.ts'
import { judgeInThread } from '../match/judges.ts'
import type { HeaderRule, HttpConfig } from './config.ts'

export type { BodyVerdict } from '../match/body-rules.ts'

/** Why a response is no good. */
export interface RuleFailure {
  readonly reason: string
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * The first header rule that a response breaks, or undefined. The names in `headers` are lower-case; each value counts,
 * so that one that matches is enough to break a rule of `fail_if_header_matches` and to keep one of
 * `fail_if_header_not_matches`.
 */
export function checkHeaders(
  config: Pick<HttpConfig, 'fail_if_header_matches' | 'fail_if_header_not_matches'>,
  headers: Pick<ReadonlyMap<string, readonly string[]>, 'get'>,
): RuleFailure | undefined {
  for (const rule of config.fail_if_header_matches) {
    const failure = checkHeader(rule, headers, true, 'Header matched regular expression')
    if (failure !== undefined) return failure
  }
  for (const rule of config.fail_if_header_not_matches) {
    const failure = checkHeader(rule, headers, false, 'Header did not match regular expression')
    if (failure !== undefined) return failure
  }
  return undefined
}

function checkHeader(
  { header, regexp, allow_missing }: HeaderRule,
  headers: Pick<ReadonlyMap<string, readonly string[]>, 'get'>,
  unwanted: boolean,
  reason: string,
): RuleFailure | undefined {
  const values = headers.get(header.toLowerCase()) ?? []
  if (values.length === 0) return allow_missing ? undefined : { reason: 'Missing required header', fields: { header } }
  const matched = values.some((value) => regexp?.matchesText(value))
  if (matched !== unwanted) return undefined
  return { reason, fields: { header, regexp: regexp?.source, value_count: values.length } }
}

/** Whether any rule looks at the body. */
export function needsBody(rules: BodyRules): boolean {
  return (
    rules.fail_if_body_matches_regexp.length > 0 || rules.fail_if_body_not_matches_regexp.length > 0 || hasCel(rules)
  )
}

/**
 * Judges a body by the rules of a config. What might take more than a few milliseconds is done in a thread.
 * Rejects with the signal's reason when it aborts; throws CheckFailed when the body is more than a thread can hold.
 */
export async function checkBody(rules: BodyRules, body: Buffer, signal: RunSignal): Promise<BodyVerdict> {
  if (!needsBody(rules)) return passed
  if (effort(rules, body) <= inlineEffort) return judgeBody(rules, body)
  try {
    return await judgeInThread({ rules: ruleTexts(rules), body }, signal)
  } catch (error) {
    if (signal.aborted) throw error
    throw new CheckFailed('Body could not be checked', { body_bytes: body.length }, { cause: error })
  }
}

/** Steps that the event loop may be held up for; they were measured at 1 to 8 ns each, so this is 16 ms at the worst. */
const inlineEffort = 2_000_000

/** An upper bound of the steps that the rules take on a body. */
function effort(rules: BodyRules, body: Buffer): number {
  let perByte = 0
  for (const regexp of rules.fail_if_body_matches_regexp) perByte += regexp.effort
  for (const regexp of rules.fail_if_body_not_matches_regexp) perByte += regexp.effort
  for (const cel of [rules.fail_if_body_json_matches_cel, rules.fail_if_body_json_not_matches_cel])
    if (cel !== undefined) perByte += celEffort(cel, body)
  return perByte * body.length
}

/** Steps for each byte: what a function may do with it, as often as all the loops go round. */
function celEffort({ depth, usesRegexp }: CelProgram, body: Buffer): number {
  const once = usesRegexp ? 100 : 10
  // Counting is not worth it where the length alone is too much.
  if (depth === 0 || body.length * once > inlineEffort) return once
  return once * mostElements(body) ** depth
}

/** A list or a map has one element more than commas. */
function mostElements(body: Buffer): number {
  let elements = 1
  for (const byte of body) if (byte === 0x2c) elements++
  return elements
}

function ruleTexts(rules: BodyRules) {
  return {
    matches: rules.fail_if_body_matches_regexp.map(({ source }) => source),
    notMatches: rules.fail_if_body_not_matches_regexp.map(({ source }) => source),
    celMatches: rules.fail_if_body_json_matches_cel?.source,
    celNotMatches: rules.fail_if_body_json_not_matches_cel?.source,
  }
}
