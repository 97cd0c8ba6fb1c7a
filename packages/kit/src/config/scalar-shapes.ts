// SPDX-License-Identifier: Apache-2.0
import type { ConfigNode } from './document.ts'
import { formatDuration, parseDuration } from './duration.ts'
import { nearest } from './nearest.ts'
import { hiddenSecret, type JsonSchema, type Shape } from './shape.ts'

interface ScalarOptions<T> {
  readonly absent: T
  readonly schema: JsonSchema
  readonly read: (text: string, node: ConfigNode) => T
  readonly print: (value: T) => unknown
}

/** A shape over one scalar; null means absent, as in Go's yaml.v3. */
function scalar<T>({ absent, schema, read, print }: ScalarOptions<T>): Shape<T> {
  return {
    absent,
    schema,
    print,
    read(node) {
      if (node.isNull) return absent
      const bytes = node.scalar()
      if (bytes === undefined) return node.fail(`wants ${String(schema['title'] ?? schema['type'])}, not ${node.kind}`)
      return read(bytes.toString('utf8'), node)
    },
  }
}

/** Any scalar as text. `check` gives the mistake in a text, or undefined. */
export function text(
  description: string,
  {
    absent = '',
    check,
    schema = {},
  }: { absent?: string; check?: (value: string) => string | undefined; schema?: JsonSchema } = {},
): Shape<string> {
  return scalar({
    absent,
    schema: { title: 'text', description, type: ['string', 'number', 'boolean'], default: absent, ...schema },
    print: (value) => (value === '' ? undefined : value),
    read(value, node) {
      const mistake = check?.(value)
      return mistake === undefined ? value : node.fail(mistake)
    },
  })
}

/** Text that is never printed. */
export function secret(description: string): Shape<string> {
  const shape = text(description)
  return { ...shape, print: (value) => (value === '' ? undefined : hiddenSecret) }
}

/** Text or `!!binary`, as bytes; undefined when absent. */
export function binary(description: string): Shape<Buffer | undefined> {
  return {
    absent: undefined,
    schema: { title: 'text or !!binary', description, type: ['string', 'number', 'boolean'] },
    print: (value) => (value === undefined ? undefined : isUtf8(value) ? value.toString('utf8') : value),
    read(node) {
      if (node.isNull) return undefined
      return node.scalar() ?? node.fail(`wants text, not ${node.kind}`)
    },
  }
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes)
}

/** One of a few words. */
export function oneOf<const W extends string>(description: string, words: readonly W[], absent: W): Shape<W> {
  return scalar<W>({
    absent,
    schema: { title: `one of ${words.join(', ')}`, description, enum: words, default: absent },
    print: (value) => (value === '' ? undefined : value),
    read(value, node) {
      const word = words.find((candidate) => candidate === value)
      if (word !== undefined) return word
      const near = nearest(value, words)
      return node.fail(
        `"${value}" is not one of ${words.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
      )
    },
  })
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  y: true,
  yes: true,
  on: true,
  false: false,
  n: false,
  no: false,
  off: false,
}

/** A boolean, in YAML 1.1 spelling too (`yes`, `On`), since Go's yaml.v3 takes that for boolean fields. */
export function bool(description: string, absent = false): Shape<boolean> {
  const spellings = Object.keys(truths).flatMap((word) => [
    word,
    word[0]?.toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ])
  return scalar({
    absent,
    schema: { title: 'true or false', description, enum: [true, false, ...new Set(spellings)], default: absent },
    print: (value) => value,
    read: (value, node) =>
      spellings.includes(value)
        ? (truths[value.toLowerCase()] as boolean)
        : node.fail(`wants true or false, not "${value}"`),
  })
}

/** A whole number between `least` and `most`. */
export function integer(
  description: string,
  { absent = 0, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = {},
): Shape<number> {
  return scalar({
    absent,
    schema: { title: 'a whole number', description, type: 'integer', minimum: least, maximum: most, default: absent },
    print: (value) => value,
    read(value, node) {
      const number =
        /^[-+]?(\d[\d_]*|0x[\da-fA-F_]+|0o?[0-7_]+)$/.test(value) && node.isPlain ? wholeNumber(value) : Number.NaN
      if (!Number.isSafeInteger(number)) return node.fail(`wants a whole number, not "${value}"`)
      if (number < least || number > most) return node.fail(`${number} is out of range: least ${least}, most ${most}`)
      return number
    },
  })
}

function wholeNumber(value: string): number {
  const digits = value.replaceAll('_', '').replace(/^[-+]/, '')
  const number = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  return value.startsWith('-') ? -number : number
}

/** A number. */
export function float(description: string, absent = 0): Shape<number> {
  return scalar({
    absent,
    schema: { title: 'a number', description, type: 'number', default: absent },
    print: (value) => value,
    read(value, node) {
      const number = value.trim() === '' || !node.isPlain ? Number.NaN : Number(value)
      return Number.isFinite(number) ? number : node.fail(`wants a number, not "${value}"`)
    },
  })
}

/** A Go duration, in seconds. */
export function duration(description: string, absent = 0): Shape<number> {
  return scalar({
    absent,
    schema: {
      title: 'a duration such as 5s or 1m30s',
      description,
      type: 'string',
      pattern: '^[+-]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)$',
      default: formatDuration(absent),
    },
    print: (value) => (value === 0 ? undefined : formatDuration(value)),
    read(value, node) {
      // A bare number, 0 included, is an integer to Go's YAML reader and no duration.
      const seconds = node.isPlain && /^[-+]?\d+$/.test(value) ? undefined : parseDuration(value)
      if (seconds !== undefined) return seconds
      const mend = /^\d+(\.\d+)?$/.test(value)
        ? `; write ${value}s for ${value} seconds`
        : '; units are ns, us, ms, s, m, h, as in 1m30s'
      return node.fail(`"${value}" is not a duration${mend}`)
    },
  })
}
