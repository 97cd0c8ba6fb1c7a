// SPDX-License-Identifier: Apache-2.0

/** A part of an object from the Kubernetes API, of which nothing is known yet. */
export type Raw = Readonly<Record<string, unknown>>

/** An object from the API server lacks what every object of its kind has. */
export class ObjectError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ObjectError'
  }
}

const nothing: Raw = {}

/** The value as an object; an empty one when it is none. */
export function rawOf(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : nothing
}

/** The objects of a list; an empty list when the value is none. */
export function listOf(value: unknown): readonly Raw[] {
  return Array.isArray(value) ? value.map(rawOf) : []
}

/** The text; undefined when it is empty or none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The finite number; undefined when the value is none. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** The unix seconds of an RFC 3339 time; undefined when the value is none, or Go's zero time. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !rfc3339.test(value)) return undefined
  const seconds = Date.parse(value) / 1000
  return seconds > 0 ? seconds : undefined
}
