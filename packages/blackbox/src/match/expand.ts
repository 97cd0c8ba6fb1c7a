// SPDX-License-Identifier: Apache-2.0

const dollar = 0x24
const openBrace = 0x7b
const closeBrace = 0x7d

/** What a template is filled from. */
export interface Groups {
  readonly input: Uint8Array
  /** Start and end offset of each group in turn, the whole match first; -1 where a group took no part. */
  readonly offsets: readonly number[]
  /** Numbers of the groups of a name, in their order. */
  readonly names: ReadonlyMap<string, readonly number[]>
}

/** Fills a template from the groups of a match by the rules of Go's Regexp.Expand. */
export function expandTemplate(template: Uint8Array | string, groups: Groups): Buffer {
  const bytes = Buffer.from(template as Uint8Array)
  const parts: Uint8Array[] = []
  let at = 0
  for (let next = bytes.indexOf(dollar); next >= 0; next = bytes.indexOf(dollar, at)) {
    const { name, end } = readReference(bytes, next)
    parts.push(bytes.subarray(at, next), name === undefined ? bytes.subarray(next, next + 1) : groupOf(name, groups))
    at = end
  }
  return Buffer.concat([...parts, bytes.subarray(at)])
}

/** Reads the reference whose dollar is at `at`. Without a name the dollar stands for itself: `$$`, or not well formed. */
function readReference(template: Buffer, at: number): { readonly name: string | undefined; readonly end: number } {
  if (template[at + 1] === dollar) return { name: undefined, end: at + 2 }
  const inBraces = template[at + 1] === openBrace
  const start = inBraces ? at + 2 : at + 1
  const name = /^[\p{L}\p{Nd}_]+/u.exec(template.toString('utf8', start))?.[0]
  if (name === undefined) return { name: undefined, end: at + 1 }
  const end = start + Buffer.byteLength(name)
  if (!inBraces) return { name, end }
  return template[end] === closeBrace ? { name, end: end + 1 } : { name: undefined, end: at + 1 }
}

const nothing = Buffer.alloc(0)

function groupOf(name: string, { input, offsets, names }: Groups): Uint8Array {
  const numbers = /^(?:0|[1-9]\d*)$/.test(name) ? [Number(name)] : (names.get(name) ?? [])
  for (const number of numbers) {
    const start = offsets[2 * number] ?? -1
    if (start >= 0) return input.subarray(start, offsets[2 * number + 1])
  }
  return nothing
}
