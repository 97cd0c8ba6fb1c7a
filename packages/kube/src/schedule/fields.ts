// SPDX-License-Identifier: Apache-2.0
import { readField } from './field.ts'
import { fieldRules } from './field-rules.ts'
import type { FieldSchedule, FieldSet } from './schedule.ts'
import { type Mistake, mistake, type Token, words } from './token.ts'

type FieldName = keyof typeof fieldRules

/** What all five fields take. */
export type Fields = Pick<FieldSchedule, FieldName>

const fieldNames = Object.keys(fieldRules) as readonly FieldName[]

/** Reads the five fields of a schedule. */
export function readFields(body: Token): Fields | Mistake {
  const fields = words(body)
  if (fields.length !== fieldNames.length) return wrongCount(body, fields)
  const sets: Partial<Record<FieldName, FieldSet>> = {}
  for (const [index, name] of fieldNames.entries()) {
    const read = readField(fieldRules[name], fields[index] as Token)
    if ('message' in read) return read
    sets[name] = read
  }
  return sets as Fields
}

function wrongCount(body: Token, fields: readonly Token[]): Mistake {
  const [first] = fields
  if (first === undefined) return mistake(body, 'the schedule is empty: write five fields, such as "0 3 * * *"')
  if (first.text.startsWith('@')) return mistake(body, 'a descriptor has no blanks before it', body.text.trim())
  const count = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`
  const message = `the schedule has ${count}, not 5: minute, hour, day of month, month, day of week`
  return mistake(body, message, withoutSixth(fields))
}

/** Five of six fields: without seconds in front or without a year behind, where only one of the two can be meant. */
function withoutSixth(fields: readonly Token[]): string | undefined {
  if (fields.length !== fieldNames.length + 1) return undefined
  const texts = fields.map(({ text }) => text)
  const seconds = /^\d+$/.test(texts[0] as string)
  const year = /^(?:\*|\d{4})$/.test(texts.at(-1) as string)
  if (seconds === year) return undefined
  return (seconds ? texts.slice(1) : texts.slice(0, -1)).join(' ')
}
