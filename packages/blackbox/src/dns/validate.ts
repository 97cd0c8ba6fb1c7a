// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { CheckFailed, type MetricTable, type Run } from '@leadline/kit'
import type { Pattern } from '../match/pattern.ts'
import { responseCodeName, responseCodes } from './codes.ts'
import type { DnsConfig, RecordValidator } from './config.ts'
import type { Message, ResourceRecord } from './message.ts'
import { recordText } from './presentation.ts'

/** Seconds of matching after which other probes get their turn: a reply of 64 KiB can hold thousands of long names. */
const turnSeconds = 0.01

/** Characters of a record that a log line shows. */
const shownLength = 1000

type ValidatingRun = Pick<Run<DnsConfig, MetricTable>, 'config' | 'now' | 'signal'>

/** Judges the response code, NOERROR being valid when none is named. Throws CheckFailed. */
export function validateCode({ valid_rcodes: valid }: DnsConfig, { rcode }: Message): void {
  const isValid = valid.length === 0 ? rcode === 0 : valid.some((name) => responseCodes.get(name) === rcode)
  if (isValid) return
  throw new CheckFailed('Rcode is not one of the valid rcodes', {
    rcode: responseCodeName(rcode),
    valid_rcodes: valid.length === 0 ? ['NOERROR'] : valid,
  })
}

/** Judges the sections that have rules, in their order; undefined when none has. Rejects with CheckFailed. */
export function validateRecords(run: ValidatingRun, message: Message): Promise<void> | undefined {
  const { validate_answer_rrs, validate_authority_rrs, validate_additional_rrs } = run.config
  if (!hasRules(validate_answer_rrs) && !hasRules(validate_authority_rrs) && !hasRules(validate_additional_rrs)) {
    return undefined
  }
  return validateSections(run, message, [
    { name: 'Answer', records: message.answer, rules: validate_answer_rrs },
    { name: 'Authority', records: message.authority, rules: validate_authority_rrs },
    { name: 'Additional', records: message.additional, rules: validate_additional_rrs },
  ])
}

interface Section {
  readonly name: string
  readonly records: readonly ResourceRecord[]
  readonly rules: RecordValidator
}

function hasRules(validator: RecordValidator): boolean {
  return (
    validator.fail_if_matches_regexp.length > 0 ||
    validator.fail_if_all_match_regexp.length > 0 ||
    validator.fail_if_not_matches_regexp.length > 0 ||
    validator.fail_if_none_matches_regexp.length > 0
  )
}

async function validateSections(
  { now, signal }: ValidatingRun,
  message: Message,
  sections: readonly Section[],
): Promise<void> {
  let begin = now()
  for (const section of sections) {
    if (!hasRules(section.rules)) continue
    const verdict = new Verdict(section)
    for (const record of section.records) {
      verdict.judge(recordText(message, record))
      if (now() - begin < turnSeconds) continue
      await setImmediate()
      signal.throwIfAborted()
      begin = now()
    }
    verdict.end()
  }
}

/** What the records of one section did to its rules so far. */
class Verdict {
  readonly #section: Section
  #allMatch = true
  #anyMatch = false

  constructor(section: Section) {
    this.#section = section
  }

  judge(text: string): void {
    const { rules } = this.#section
    const bytes = Buffer.from(text, 'latin1')
    const matches = (pattern: Pattern): boolean => pattern.matches(bytes)
    const misses = (pattern: Pattern): boolean => !pattern.matches(bytes)
    const forbidden = rules.fail_if_matches_regexp.find(matches)
    if (forbidden !== undefined) this.#fail('at least one RR matched the regexp', forbidden, text)
    this.#allMatch &&= !rules.fail_if_all_match_regexp.some(misses)
    const missed = rules.fail_if_not_matches_regexp.find(misses)
    if (missed !== undefined) this.#fail('at least one RR did not match the regexp', missed, text)
    this.#anyMatch ||= rules.fail_if_none_matches_regexp.some(matches)
  }

  end(): void {
    const { rules, records } = this.#section
    if (records.length === 0 && rules.fail_if_not_matches_regexp.length > 0) {
      this.#fail('fail_if_not_matches_regexp is set, but there are no RRs')
    }
    if (records.length === 0 && rules.fail_if_none_matches_regexp.length > 0) {
      this.#fail('fail_if_none_matches_regexp is set, but there are no RRs')
    }
    // The name says the opposite; the peer and its own test have it this way, and configs are written for it.
    if (rules.fail_if_all_match_regexp.length > 0 && !this.#allMatch) this.#fail('not all RRs matched the regexps')
    if (rules.fail_if_none_matches_regexp.length > 0 && !this.#anyMatch) {
      this.#fail('none of the RRs matched any regexp')
    }
  }

  #fail(reason: string, pattern?: Pattern, text?: string): never {
    throw new CheckFailed(`${this.#section.name} RRs validation failed`, {
      reason,
      ...(pattern !== undefined && { regexp: pattern.source }),
      ...(text !== undefined && { rr: text.slice(0, shownLength) }),
    })
  }
}
