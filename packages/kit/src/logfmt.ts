// SPDX-License-Identifier: Apache-2.0
import type { LogRecord } from './log.ts'
import { type PlainValue, plainFields, textOf } from './log-fields.ts'

/** One kept record as a logfmt line without its newline, as `--log.format=logfmt` writes it. */
export function formatRecord({ at, level, message, fields }: LogRecord): string {
  const head = { time: new Date(at * 1000).toISOString(), level: level.toUpperCase(), msg: message }
  return logfmt(fields === undefined ? head : { ...head, ...plainFields(fields) })
}

/** `key=value` pairs with the quoting rules of Go's slog text handler. */
export function logfmt(fields: Readonly<Record<string, PlainValue>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${quoteIfNeeded(key)}=${quoteIfNeeded(textOf(value))}`)
    .join(' ')
}

/** Printable as Go's unicode.IsPrint has it, without `=`, `"` and the replacement character. */
const bare = /^(?:(?![="\uFFFD])[\p{L}\p{M}\p{N}\p{P}\p{S}])+$/u

function quoteIfNeeded(text: string): string {
  return bare.test(text) ? text : `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escape)}"`
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** As Go's strconv.Quote: `\n`, `\x1b`, `\u200b`, `\U000e0001`; half a surrogate pair is U+FFFD. */
function escape(char: string): string {
  const short = shortEscapes[char]
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
