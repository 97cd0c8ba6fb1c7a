// SPDX-License-Identifier: Apache-2.0
import { unicodeClassName } from './unicode-names.ts'

/** An expression put into words that re2js takes. */
export interface Translation {
  readonly source: string
  /** Names that stood on a group before: the name that re2js gets instead, to the name that was written. */
  readonly renamed: ReadonlyMap<string, string>
}

// In turn: quoted text, a Unicode class, any other escape, a bracket expression, the start of a named group.
const tokens =
  /\\Q[^]*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\[^]|\[\^?\]?(?:\[:\w+:\]|\\[pP]\{[^}]*\}|\\[^]|[^\]\\])*\]?|\(\?P?<\w+>/gu
const unicodeClass = /(\\[pP]\{\^?)([^}^]*)\}/gu

/**
 * Translates what Go's regexp takes and re2js does not: names of Unicode classes in any case and in their long form
 * (since Go 1.25), and one name on several groups.
 */
export function translate(source: string): Translation {
  const renamed = new Map<string, string>()
  if (!/\\[pP]\{|\(\?P?</.test(source)) return { source, renamed }
  const seen = new Set<string>()
  const translated = source.replace(tokens, (token) => {
    if (token.startsWith('(')) return groupName(token, seen, renamed)
    if (token.startsWith('\\Q')) return token
    return token.replace(unicodeClass, (_, start: string, name: string) => `${start}${unicodeClassName(name)}}`)
  })
  return { source: translated, renamed }
}

function groupName(token: string, seen: Set<string>, renamed: Map<string, string>): string {
  const name = token.slice(token.indexOf('<') + 1, -1)
  if (!seen.has(name)) {
    seen.add(name)
    return token
  }
  const fresh = `${name}__${renamed.size + 2}`
  seen.add(fresh)
  renamed.set(fresh, name)
  return `(?P<${fresh}>`
}
