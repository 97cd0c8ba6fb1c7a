// SPDX-License-Identifier: Apache-2.0
import { encode, type Family, formats } from '@leadline/kit'

const head =
  /^# (?:HELP [a-zA-Z_:][a-zA-Z0-9_:]* (?:[^\\]|\\[\\n"])*|TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (?:gauge|counter)|EOF)$/
const value = String.raw`(?:NaN|[+-]?Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]\d+)?)`
const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\n"])*"`
const sample = new RegExp(String.raw`^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{${label}(?:,${label})*\})?) ${value}$`)

/** One format of each syntax and version; probers have no names that the ways of escaping would tell apart. */
const checked = formats.filter(({ escaping }) => escaping === 'underscores')

/** Whether the page of these families is an exposition in each format: each line by the grammar, no series twice. */
export function isExposition(families: readonly Family[]): boolean {
  return checked.every((format) => {
    const page = encode(families, format)
    if (page !== '' && !page.endsWith('\n')) return false
    const series = new Set<string>()
    return page
      .split('\n')
      .slice(0, -1)
      .every((line) => head.test(line) || isNew(series, sample.exec(line)?.[1]))
  })
}

function isNew(known: Set<string>, series: string | undefined): boolean {
  if (series === undefined || known.has(series)) return false
  known.add(series)
  return true
}
