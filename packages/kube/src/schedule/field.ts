// SPDX-License-Identifier: Apache-2.0
import type { FieldRule } from './field-rules.ts'
import { mendedName, mendedRange, mendedValue } from './mend.ts'
import type { FieldSet } from './schedule.ts'
import { listItems, type Mistake, mistake, type Token } from './token.ts'

/** The values `from`, `from + step`, ... up to `to`. */
interface Progression {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly star: boolean
}

/** Largest number that Go's strconv.Atoi takes. */
const largest = 2n ** 63n - 1n

/** Reads one field: a list of `*`, `?`, values, ranges, each with or without a step. */
export function readField(rule: FieldRule, field: Token): FieldSet | Mistake {
  const values = new Set<number>()
  let star = false
  for (const item of listItems(field)) {
    const read = readItem(rule, item)
    if ('message' in read) return read
    star ||= read.star
    for (let value = read.from; value <= read.to; value += read.step) values.add(value)
  }
  return Object.freeze({ values: Object.freeze(Array.from(values).toSorted((a, b) => a - b)), star })
}

function readItem(rule: FieldRule, item: Token): Progression | Mistake {
  const [range = '', stepText, ...more] = item.text.split('/')
  if (more.length > 0) return mistake(item, `"${item.text}" has more than one "/"`)
  const span = readRange(rule, { text: range, column: item.column }, stepText !== undefined)
  if ('message' in span) return span
  if (stepText === undefined) return { ...span, step: 1 }
  const step = readNumber(stepText)
  if (step !== undefined && step > 0) return { ...span, step, star: span.star && step === 1 }
  const place = { text: stepText, column: item.column + range.length + 1 }
  return mistake(place, `step "${stepText}" of ${rule.name} is not a whole number above 0`)
}

function readRange(rule: FieldRule, range: Token, hasStep: boolean): Omit<Progression, 'step'> | Mistake {
  const [low = '', high, ...more] = range.text.split('-')
  // Whatever follows the hyphen of a star is never looked at: `*-5` is `*`.
  if (low === '*' || low === '?') return { from: rule.min, to: rule.max, star: true }
  if (more.length > 0) return mistake(range, `"${range.text}" has more than one "-"`)
  const from = readValue(rule, { text: low, column: range.column })
  if (typeof from !== 'number') return from
  if (high === undefined) {
    return wrongBounds(rule, range, from, from, hasStep) ?? { from, to: hasStep ? rule.max : from, star: false }
  }
  const to = readValue(rule, { text: high, column: range.column + low.length + 1 })
  if (typeof to !== 'number') return to
  return wrongBounds(rule, range, from, to, hasStep) ?? { from, to, star: false }
}

function readValue(rule: FieldRule, value: Token): number | Mistake {
  const named = rule.names.indexOf(value.text.toLowerCase())
  if (named !== -1) return rule.min + named
  const number = readNumber(value.text)
  if (number !== undefined) return number
  const names = rule.names.length === 0 ? '' : ` or a name from ${rule.names[0]} to ${rule.names.at(-1)}`
  const message = `${rule.name} "${value.text}" is not a number from ${rule.min} to ${rule.max}${names}`
  return mistake(value, message, mendedName(rule, value.text))
}

/** What is wrong with `from` and `to`, if anything. With a step no other range has the same values, so none is named. */
function wrongBounds(rule: FieldRule, range: Token, from: number, to: number, hasStep: boolean): Mistake | undefined {
  const { name, min, max } = rule
  const right = from === to ? mendedValue(rule, from) : mendedRange(rule, from, to)
  const wrong = (what: string): Mistake => mistake(range, what, hasStep ? undefined : right)
  if (from < min) return wrong(`${name} ${from} is below ${min}`)
  if (Math.max(from, to) > max) return wrong(`${name} ${Math.max(from, to)} is above ${max}`)
  if (from > to) return wrong(`range "${range.text}" of ${name} runs backwards: split it in two`)
  return undefined
}

function readNumber(text: string): number | undefined {
  return /^\+?\d+$/.test(text) && BigInt(text.replace('+', '')) <= largest ? Number(text) : undefined
}
