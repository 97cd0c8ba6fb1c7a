// SPDX-License-Identifier: Apache-2.0
import type { ConfigNode } from './document.ts'

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
