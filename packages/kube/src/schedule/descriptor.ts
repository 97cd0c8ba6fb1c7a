// SPDX-License-Identifier: Apache-2.0
import { nearest, parseDuration } from '@leadline/kit'
import { type Fields, readFields } from './fields.ts'
import { type Mistake, mistake, type Token } from './token.ts'

/** The five fields that each descriptor stands for. */
const descriptors: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
])

const every = '@every '

/** Reads a text that begins with `@`: the fields it stands for, or the whole seconds between the ticks of `@every`. */
export function readDescriptor(token: Token): Fields | { delaySeconds: number } | Mistake {
  const fields = descriptors.get(token.text)
  if (fields !== undefined) return readFields({ text: fields, column: token.column })
  if (token.text.startsWith(every)) return readDelay(token)
  const known = `the descriptors are ${Array.from(descriptors.keys()).join(', ')} and @every with a duration`
  return mistake(token, `"${token.text}" is not a descriptor: ${known}`, mendedDescriptor(token.text))
}

function readDelay(token: Token): { delaySeconds: number } | Mistake {
  const text = token.text.slice(every.length)
  const seconds = parseDuration(text)
  // 2.3 * 3600 is a hair below 8280 in floating point; half a nanosecond is less than any duration can tell.
  if (seconds !== undefined) return { delaySeconds: Math.max(1, Math.floor(seconds + 0.5e-9)) }
  const message = `"${text}" is not a Go duration such as 90s or 1h30m; its units are h, m, s, ms, us, ns`
  return mistake({ text, column: token.column + every.length }, message, mendedDuration(text))
}

function mendedDescriptor(text: string): string | undefined {
  const bare = text.trim().toLowerCase()
  const [, duration] = /^@every\s*(.*)$/.exec(bare) ?? []
  if (duration !== undefined) return duration === '' ? undefined : `${every}${duration}`
  return nearest(bare, descriptors.keys())
}

/** Without blanks and capitals, and with hours for days, which Go's durations don't have. */
function mendedDuration(text: string): string | undefined {
  const bare = text.replaceAll(/\s+/g, '').toLowerCase()
  const mended = bare.replace(/^(\d{1,5})d/, (_, days: string) => `${Number(days) * 24}h`)
  return mended === '' ? undefined : mended
}
