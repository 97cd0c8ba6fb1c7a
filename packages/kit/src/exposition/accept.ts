// SPDX-License-Identifier: Apache-2.0

/** One element of an Accept or Accept-Encoding header. */
export interface Preference {
  /** Media range or coding, in lower case. */
  readonly value: string
  /** Parameters other than the weight, names in lower case. */
  readonly params: ReadonlyMap<string, string>
  /** Weight from 0 (never) to 1; 1 when none was given. */
  readonly q: number
}

/** RFC 9110 section 12.4.2: at most three digits, at most 1. */
const weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

const rememberedHeaders = 64

/** The same function, which keeps its answers for the first few headers: a scraper repeats one header for ever. */
export function remembered<T>(compute: (header: string) => T): (header: string) => T {
  const answers = new Map<string, T>()
  return (header) => {
    let answer = answers.get(header)
    if (answer === undefined) {
      answer = compute(header)
      if (answers.size < rememberedHeaders) answers.set(header, answer)
    }
    return answer
  }
}

/** Elements of a list header in the order written (RFC 9110 section 5.6.1); an element with a bad weight is left out. */
export function parsePreferences(header: string): readonly Preference[] {
  const preferences: Preference[] = []
  for (const text of splitOutsideQuotes(header, ',')) {
    const preference = parseElement(text)
    if (preference !== undefined) preferences.push(preference)
  }
  return preferences
}

function parseElement(text: string): Preference | undefined {
  const [first = '', ...rest] = splitOutsideQuotes(text, ';')
  const value = first.trim().toLowerCase()
  if (value === '') return undefined
  const params = new Map<string, string>()
  for (const pair of rest) {
    const at = pair.indexOf('=')
    if (at !== -1) params.set(pair.slice(0, at).trim().toLowerCase(), unquote(pair.slice(at + 1).trim()))
  }
  const q = params.get('q') ?? '1'
  if (!weight.test(q)) return undefined
  params.delete('q')
  return { value, params, q: Number(q) }
}

/** One pass, because a regular expression for quoted strings is quadratic on a header full of open quotes. */
function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '"') quoted = !quoted
    else if (char === '\\' && quoted) i++
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

function unquote(text: string): string {
  const inner = /^"(.*)"$/s.exec(text)?.[1]
  return inner === undefined ? text : inner.replaceAll(/\\(.)/gs, '$1')
}
