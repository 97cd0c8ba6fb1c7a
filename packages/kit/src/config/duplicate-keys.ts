// SPDX-License-Identifier: Apache-2.0
import { type Document, isScalar, visit } from 'yaml'

/** Offsets of the keys that their mapping had before. yaml's own check compares each key with all others, which takes a
 * minute for a megabyte of keys. */
export function duplicateKeys(document: Document): number[] {
  const duplicates: number[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) duplicates.push(key.range?.[0] ?? 0)
        seen.add(key.value)
      }
    },
  })
  return duplicates
}
