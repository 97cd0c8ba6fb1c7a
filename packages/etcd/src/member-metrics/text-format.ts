// SPDX-License-Identifier: Apache-2.0

/** One line of a metrics page. */
export interface ParsedSample {
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

/** Full name of a line, with `_bucket`, `_sum` or `_count` of a histogram, to its samples as they stand on the page. */
export type ParsedMetrics = ReadonlyMap<string, readonly ParsedSample[]>

/** Bounds on a page; etcd's own have 1,500 to 3,000 lines, of which some hundreds are kept. */
const maxLines = 100_000
const maxKeptSamples = 5000
const maxLineLength = 8192

const hash = '#'.charCodeAt(0)

const anyName = /[ \t]*(?:[a-zA-Z_:][a-zA-Z0-9_:]*|(?=[{#\n]))/y
const anyLabel =
  /[ \t]*(?<name>[a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"(?<value>(?:[^"\\\n]|\\[\\n"])*)"[ \t]*(?:,|(?=\}))/y
const opening = /[ \t]*\{/y
const closing = /[ \t]*\}/y
const valueAndTime = /[ \t]*(?<value>[^ \t\n]+)(?:[ \t]+-?\d+)?[ \t]*\n/y
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const infinity = /^(?<sign>[+-]?)inf(?:inity)?$/i

/**
 * The samples of the wanted names on a page in Prometheus' text format 0.0.4. Lines of other names are passed over with no
 * look at what follows the name. Throws Error, with the number of the line, for a line that is not in the format, for a
 * page that was cut off, and for one beyond any bound.
 */
export function parseMetrics(page: string, wanted: ReadonlySet<string>): ParsedMetrics {
  const metrics = new Map<string, ParsedSample[]>()
  let kept = 0
  let line = 0
  for (let at = 0; at < page.length; ) {
    line += 1
    const next = page.indexOf('\n', at) + 1
    if (next === 0) throw new Error(`line ${line}: the page ends within it`)
    if (line > maxLines) throw new Error(`the page has more than ${maxLines} lines`)
    if (page.charCodeAt(at) === hash) {
      at = next
      continue
    }
    const nameEnd = skip(anyName, page, at)
    if (nameEnd === undefined) throw new Error(`line ${line}: no metric name, so this is no metrics page`)
    const name = page.slice(at, nameEnd).trimStart()
    if (wanted.has(name)) {
      kept += 1
      if (kept > maxKeptSamples) throw new Error(`more than ${maxKeptSamples} samples of known metrics`)
      if (next - at > maxLineLength) throw new Error(`line ${line}: longer than ${maxLineLength} characters`)
      const sample = readSample(page, nameEnd)
      if (sample === undefined) throw new Error(`line ${line}: ${name} is not followed by labels and a number`)
      const samples = metrics.get(name)
      if (samples === undefined) metrics.set(name, [sample])
      else samples.push(sample)
    }
    at = next
  }
  return metrics
}

function readSample(page: string, nameEnd: number): ParsedSample | undefined {
  const labels = new Map<string, string>()
  let at = nameEnd
  const open = skip(opening, page, at)
  if (open !== undefined) {
    at = open
    for (let label = match(anyLabel, page, at); label !== undefined; label = match(anyLabel, page, at)) {
      const { name = '', value = '' } = label
      if (labels.has(name)) return undefined
      labels.set(name, unescape(value))
      at = anyLabel.lastIndex
    }
    const close = skip(closing, page, at)
    if (close === undefined) return undefined
    at = close
  }
  const rest = match(valueAndTime, page, at)
  const value = rest?.['value'] === undefined ? undefined : readNumber(rest['value'])
  return value === undefined ? undefined : { labels, value }
}

/** A number as Go's strconv.ParseFloat takes it, but for hexadecimal ones and underscores; undefined for anything else. */
export function readNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text)
  if (/^nan$/i.test(text)) return Number.NaN
  const sign = infinity.exec(text)?.groups?.['sign']
  if (sign === undefined) return undefined
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
}

/** Where the match of a sticky pattern at this place ends. */
function skip(sticky: RegExp, text: string, at: number): number | undefined {
  sticky.lastIndex = at
  return sticky.test(text) ? sticky.lastIndex : undefined
}

function match(sticky: RegExp, text: string, at: number): Partial<Record<string, string>> | undefined {
  sticky.lastIndex = at
  return sticky.exec(text)?.groups
}
