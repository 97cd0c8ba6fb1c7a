// SPDX-License-Identifier: Apache-2.0
import type { LogFields } from './log.ts'

/** A value that JSON can say. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue }

/** Keys of the line itself; a field of the same name is written with `logged_` before it, as Prometheus programs do. */
const reserved = new Set(['time', 'level', 'msg'])

/** A cycle ends here as well. */
const deepest = 4

/** Fields as plain data, undefined ones left out. Never throws, whatever the values do when they are read. */
export function plainFields(fields: LogFields): Record<string, PlainValue> {
  const plain: Record<string, PlainValue> = {}
  for (const key of Object.keys(fields)) {
    const value = readQuietly(() => fields[key])
    if (value !== undefined) plain[reserved.has(key) ? `logged_${key}` : key] = plainValue(value, 0)
  }
  return plain
}

function readQuietly(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return '<unreadable>'
  }
}

function plainValue(value: unknown, depth: number): PlainValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'object':
      return value === null ? null : (readQuietly(() => plainObject(value, depth)) as PlainValue)
    default:
      return String(value)
  }
}

function plainObject(value: object, depth: number): PlainValue {
  if (value instanceof Error) return errorText(value, 0)
  if (value instanceof Date) return value.toJSON() ?? 'invalid date'
  if (value instanceof URL) return value.href
  if (value instanceof Uint8Array) return bytesText(value)
  if (depth === deepest) return '...'
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1))
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [String(key), plainValue(item, depth + 1)]))
}

/** The text of a plain value, nested ones as JSON. */
export function textOf(value: PlainValue): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Message and causes, outermost first, as Go joins wrapped errors; a cause that the message already tells isn't repeated. */
function errorText(error: Error, depth: number): string {
  const message = error.message === '' ? error.name : error.message
  const { cause } = error
  if (cause === undefined || depth === deepest) return message
  const reason = cause instanceof Error ? errorText(cause, depth + 1) : textOf(plainValue(cause, 0))
  return message.includes(reason) ? message : `${message}: ${reason}`
}

function bytesText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  return Buffer.from(text).equals(buffer) ? text : buffer.toString('hex')
}
