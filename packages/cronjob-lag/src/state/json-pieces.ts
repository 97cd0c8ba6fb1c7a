// SPDX-License-Identifier: Apache-2.0

/** Elements of an array that go into one piece: some milliseconds of work. */
const mostElements = 500

/** The text of JSON.stringify in pieces, so that long arrays, which may lie at any depth of plain objects, take no long step. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > mostElements) yield* arrayPieces(value)
  else if (isPlainObject(value) && hasLongArray(value)) yield* objectPieces(value)
  else yield JSON.stringify(value) ?? 'null'
}

function* arrayPieces(elements: readonly unknown[]): Generator<string> {
  for (let from = 0; from < elements.length; from += mostElements) {
    const text = JSON.stringify(elements.slice(from, from + mostElements))
    yield `${from === 0 ? '[' : ','}${text.slice(1, -1)}`
  }
  yield ']'
}

function* objectPieces(object: object): Generator<string> {
  let before = '{'
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue
    yield `${before}${JSON.stringify(key)}:`
    yield* jsonPieces(value)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}

function hasLongArray(object: object): boolean {
  return Object.values(object).some((value) =>
    Array.isArray(value) ? value.length > mostElements : isPlainObject(value) && hasLongArray(value),
  )
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value)
}
