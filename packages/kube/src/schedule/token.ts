// SPDX-License-Identifier: Apache-2.0

/** A piece of a schedule's text. */
export interface Token {
  readonly text: string
  /** Where it begins in the whole text, from 1. */
  readonly column: number
}

/** A mistake in a piece of a schedule's text. */
export interface Mistake {
  readonly column: number
  readonly message: string
  /** What to write in the place of `wrong`, which stands at the column; undefined when it can't be told. */
  readonly mending?: { readonly wrong: string; readonly right: string } | undefined
}

/** The mistake of a token, with what to write in its place if that can be told. */
export function mistake({ text: wrong, column }: Token, message: string, right?: string): Mistake {
  return { column, message, mending: right === undefined ? undefined : { wrong, right } }
}

/** What Go's unicode.IsSpace takes: other than JavaScript's \s it has U+0085 and lacks U+FEFF. */
const blanks = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const word = new RegExp(`[^${blanks}]+`, 'g')
const leading = new RegExp(`^[${blanks}]+`)
const trailing = new RegExp(`[${blanks}]+$`)

/** The pieces between blanks. */
export function words(token: Token): readonly Token[] {
  return pieces(token, word)
}

/** The pieces between commas; empty ones are no pieces. */
export function listItems(token: Token): readonly Token[] {
  return pieces(token, /[^,]+/g)
}

/** The token without blanks around it. */
export function trimmed(token: Token): Token {
  const text = token.text.replace(leading, '')
  return { text: text.replace(trailing, ''), column: token.column + token.text.length - text.length }
}

function pieces(token: Token, pattern: RegExp): readonly Token[] {
  return Array.from(token.text.matchAll(pattern), ({ 0: text, index }) => ({ text, column: token.column + index }))
}
