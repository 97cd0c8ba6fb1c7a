// SPDX-License-Identifier: Apache-2.0
import type { ConfigNode, Shape } from '@leadline/kit'

/** Anything that YAML and JSON both have. */
export type FreeValue = null | boolean | number | string | readonly FreeValue[] | { readonly [key: string]: FreeValue }

/** A value of any form, by YAML's core schema; null when absent. */
export function freeValue(description: string): Shape<FreeValue> {
  return { absent: null, schema: { title: 'anything', description }, print: (value) => value, read }
}

function read(node: ConfigNode): FreeValue {
  const items = node.items()
  if (items !== undefined) return items.map(read)
  const entries = node.entries()
  if (entries !== undefined) return Object.fromEntries(entries.map(({ key, value }) => [key, read(value)]))
  return node.isNull ? null : readScalar(node)
}

function readScalar(node: ConfigNode): FreeValue {
  const written = node.scalar()?.toString('utf8') ?? ''
  if (!node.isPlain) return written
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(written)) return /^t/i.test(written)
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(written) ? Number(written) : written
}
