// SPDX-License-Identifier: Apache-2.0
import { parentPort } from 'node:worker_threads'
import { type BodyRules, judgeBody } from './body-rules.ts'
import { CelProgram } from './cel.ts'
import { Pattern } from './re2.ts'

/** The texts of the rules, since compiled ones can't cross over to a thread. */
export interface RuleTexts {
  readonly matches: readonly string[]
  readonly notMatches: readonly string[]
  readonly celMatches: string | undefined
  readonly celNotMatches: string | undefined
}

/** What the thread is asked; it answers with a BodyVerdict. */
export interface JudgeTask {
  readonly rules: RuleTexts
  readonly body: Uint8Array
}

const compiled = new Map<string, BodyRules>()

function compile(texts: RuleTexts): BodyRules {
  const key = JSON.stringify(texts)
  const known = compiled.get(key)
  if (known !== undefined) return known
  // Reloads bring new rules; the old ones need not stay for ever.
  if (compiled.size >= 100) compiled.clear()
  const rules: BodyRules = {
    fail_if_body_matches_regexp: texts.matches.map((source) => Pattern.compile(source)),
    fail_if_body_not_matches_regexp: texts.notMatches.map((source) => Pattern.compile(source)),
    fail_if_body_json_matches_cel: compileCel(texts.celMatches),
    fail_if_body_json_not_matches_cel: compileCel(texts.celNotMatches),
  }
  compiled.set(key, rules)
  return rules
}

function compileCel(source: string | undefined): CelProgram | undefined {
  return source === undefined ? undefined : CelProgram.compile(source)
}

parentPort?.on('message', ({ rules, body }: JudgeTask) => {
  parentPort?.postMessage(judgeBody(compile(rules), Buffer.from(body.buffer, body.byteOffset, body.length)))
})
