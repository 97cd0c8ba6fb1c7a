// SPDX-License-Identifier: Apache-2.0
import { type ConfigNode, type Entry, Noted } from './document.ts'
import { formatDuration, parseDuration } from './duration.ts'
import { nearest } from './nearest.ts'

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = { readonly [key: string]: unknown }

/**
 * What a part of a config looks like: read from YAML, described as JSON Schema, and printed again without its secrets.
 * One declaration gives all three, so that they can't drift.
 */
export interface Shape<T> {
  /** The checked value. Notes each mistake on its node and throws Noted when no value can be given. */
  read(node: ConfigNode): T
  /** What `read` gives for an absent key. */
  readonly absent: T
  readonly schema: JsonSchema
  /** Plain data for a YAML printer; undefined leaves the key out. Secrets become `<secret>`. */
  print(value: T): unknown
}

/** The value that a shape reads to. */
export type Infer<S> = S extends Shape<infer T> ? T : never

/** What secrets are printed as. */
export const hiddenSecret = '<secret>'

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

/** A list of one shape; absent is empty. */
export function list<T>(description: string, item: Shape<T>): Shape<readonly T[]> {
  return {
    absent: [],
    schema: { title: 'a list', description, type: ['array', 'null'], items: item.schema, default: [] },
    print: (value) => (value.length === 0 ? undefined : value.map((entry) => item.print(entry) ?? '')),
    read(node) {
      if (node.isNull) return []
      const items = node.items()
      if (items === undefined) return node.fail(`wants a list, not ${node.kind}`)
      return goOn(items, (entry) => item.read(entry))
    },
  }
}

/** A mapping from free names to one shape; absent is empty. `checkName` gives the mistake in a name, or undefined. */
export function mapOf<T>(
  description: string,
  item: Shape<T>,
  { checkName }: { checkName?: (name: string) => string | undefined } = {},
): Shape<ReadonlyMap<string, T>> {
  return {
    absent: new Map(),
    schema: {
      title: 'a mapping',
      description,
      type: ['object', 'null'],
      additionalProperties: item.schema,
      default: {},
    },
    print(value) {
      if (value.size === 0) return undefined
      const names = [...value.keys()].toSorted()
      return Object.fromEntries(names.map((name) => [name, item.print(value.get(name) as T)]))
    },
    read(node) {
      if (node.isNull) return new Map()
      const entries = node.entries()
      if (entries === undefined) return node.fail(`wants a mapping, not ${node.kind}`)
      return new Map(
        goOn(entries, ({ key, keyNode, value }) => {
          const mistake = checkName?.(key)
          if (mistake !== undefined) keyNode.fail(mistake)
          return [key, item.read(value)] as const
        }),
      )
    },
  }
}

/** Reads all entries, so that every mistake is told at once; gives up afterwards if there was one. */
function goOn<N, T>(nodes: readonly N[], read: (node: N) => T): T[] {
  const values: T[] = []
  let noted: Noted | undefined
  for (const node of nodes) {
    try {
      values.push(read(node))
    } catch (error) {
      if (!(error instanceof Noted)) throw error
      noted = error
    }
  }
  if (noted !== undefined) throw noted
  return values
}

/** Keys of an object shape. */
export type Fields = Readonly<Record<string, Shape<unknown>>>

/** The value of an object shape. */
export type InferFields<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> }

/** The nodes of an object's present keys, for checks across fields. */
export interface ObjectNode {
  /** The object itself. */
  readonly self: ConfigNode
  /** Node of a key's value; the object itself when the key is absent. */
  at(key: string): ConfigNode
  has(key: string): boolean
}

/** Options of an object shape. */
export interface ObjectOptions<V> {
  /** Checks across fields; notes mistakes with `node.at(key).fail(...)`. */
  readonly check?: (value: V, node: ObjectNode) => void
  /** Keys that must be there. */
  readonly required?: readonly (keyof V & string)[]
  /** Old spellings: key to what takes its place, told as the mend. They are refused like unknown keys. */
  readonly removed?: Readonly<Record<string, string>>
}

/** A mapping with known keys; any other key is a mistake. */
export function object<const F extends Fields>(
  description: string,
  fields: F,
  { check, required = [], removed = {} }: ObjectOptions<InferFields<F>> = {},
): Shape<InferFields<F>> {
  type V = InferFields<F>
  const keys = Object.keys(fields)
  const absent = Object.fromEntries(keys.map((key) => [key, fields[key]?.absent])) as V
  return {
    absent,
    schema: {
      title: 'a mapping',
      description,
      type: ['object', 'null'],
      properties: Object.fromEntries(keys.map((key) => [key, fields[key]?.schema])),
      additionalProperties: false,
      ...(required.length > 0 && { required }),
    },
    print(value) {
      const printed = keys.map((key) => [key, fields[key]?.print(value[key])] as const)
      const present = printed.filter(([, field]) => field !== undefined)
      return present.length === 0 ? undefined : Object.fromEntries(present)
    },
    read(node) {
      // Go's yaml.v3 hands a null to no check either.
      if (node.isNull) return absent
      const entries = node.entries()
      if (entries === undefined) return node.fail(`wants a mapping, not ${node.kind}`)
      const found = new Map(entries.map((entry) => [entry.key, entry]))
      const read = goOn(entries, (entry) => [entry.key, readField(fields, entry, removed)] as const)
      for (const key of required) if (!found.has(key)) node.fail(`${key} must be set`)
      const value = { ...absent, ...Object.fromEntries(read) } as V
      check?.(value, { self: node, at: (key) => found.get(key)?.value ?? node, has: (key) => found.has(key) })
      return value
    },
  }
}

function readField(fields: Fields, { key, keyNode, value }: Entry, removed: Readonly<Record<string, string>>): unknown {
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined
  if (field !== undefined) return field.read(value)
  const instead = removed[key]
  if (instead !== undefined) return keyNode.fail(`field ${key} is not known any more: ${instead}`)
  const allowed = Object.keys(fields)
  const near = nearest(key, allowed)
  const mend = near === undefined ? '.' : `; did you mean ${near}?`
  return keyNode.fail(`field ${key} not found${mend} Allowed here: ${allowed.join(', ')}`)
}

/** A block that may be absent: undefined then, and not its defaults. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return {
    absent: undefined,
    schema: shape.schema,
    print: (value) => (value === undefined ? undefined : shape.print(value)),
    read: (node) => (node.isNull ? undefined : shape.read(node)),
  }
}

/** A shape whose value is made from another's: `to` gives the value or fails on the node, `from` goes back for printing. */
export function mapped<A, B>(
  shape: Shape<A>,
  { absent, to, from }: { absent: B; to: (value: A, node: ConfigNode) => B; from: (value: B) => A },
): Shape<B> {
  return {
    absent,
    schema: shape.schema,
    print: (value) => shape.print(from(value)),
    read: (node) => (node.isNull ? absent : to(shape.read(node), node)),
  }
}
