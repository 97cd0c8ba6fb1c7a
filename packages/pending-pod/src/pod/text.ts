// SPDX-License-Identifier: Apache-2.0
import { textOf } from '@leadline/kube'

/** The text, cut at `length` characters; undefined when it is empty or none. */
export function shortTextOf(value: unknown, length: number): string | undefined {
  const text = textOf(value)
  // A slice of a string keeps the whole of it in memory; a copy does not.
  return text === undefined || text.length <= length ? text : Buffer.from(text.slice(0, length)).toString()
}
