// SPDX-License-Identifier: Apache-2.0
import { nearest } from '@leadline/kit'
import type { FieldRule } from './field-rules.ts'

const longNames: Readonly<Record<string, string>> = {
  january: 'jan',
  february: 'feb',
  march: 'mar',
  april: 'apr',
  june: 'jun',
  july: 'jul',
  august: 'aug',
  september: 'sep',
  october: 'oct',
  november: 'nov',
  december: 'dec',
  sunday: 'sun',
  monday: 'mon',
  tuesday: 'tue',
  wednesday: 'wed',
  thursday: 'thu',
  friday: 'fri',
  saturday: 'sat',
}

/** The name that a longer or mistyped one was meant to be: `mon` for `Monday`, `sep` for `Sept`. */
export function mendedName({ names }: FieldRule, text: string): string | undefined {
  const word = text.toLowerCase()
  if (!/^[a-z]{4,}$/.test(word)) return undefined
  const long = Object.keys(longNames).filter((name) => names.includes(longNames[name] as string))
  const meant = long.find((name) => name.startsWith(word)) ?? nearest(word, long)
  return meant === undefined ? undefined : longNames[meant]
}

/** 0 for the value after the last of a field that counts from 0: 7 for Sunday, 24 for midnight, 60 for the full hour. */
export function mendedValue({ min, max }: FieldRule, value: number): string | undefined {
  return min === 0 && value === max + 1 ? '0' : undefined
}

/** A range that runs over the end of its field, as two that do not: `22-23,0-1` for `22-1`, `5-6,0` for `5-7`. */
export function mendedRange({ min, max }: FieldRule, from: number, to: number): string | undefined {
  if (from < min || from > max) return undefined
  if (from > to && to >= min) return `${range(from, max)},${range(min, to)}`
  if (min !== 0 || to !== max + 1) return undefined
  return from <= 1 ? range(min, max) : `${range(from, max)},0`
}

function range(from: number, to: number): string {
  return from === to ? String(from) : `${from}-${to}`
}
