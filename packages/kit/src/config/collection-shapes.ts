// SPDX-License-Identifier: Apache-2.0
import { type ConfigNode, type Entry, Noted } from './document.ts'
import { nearest } from './nearest.ts'
import type { Infer, Shape } from './shape.ts'

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
