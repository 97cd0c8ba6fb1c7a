// SPDX-License-Identifier: Apache-2.0

/** A change of the set, or word of how far it is known. */
export type ChangeEvent =
  | {
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
      readonly object: unknown
      readonly resourceVersion: string | undefined
    }
  | {
      readonly type: 'BOOKMARK'
      readonly resourceVersion: string
      /** Whether the initial set of a watch-list is complete with it. */
      readonly endsInitial: boolean
    }

/** Word of why a watch ends: a Status object. */
export interface EndEvent {
  readonly type: 'ERROR'
  readonly code: number
  readonly message: string
  readonly retryAfterSeconds: number | undefined
}

/** A line that is no watch event: from here on what is known of the kind may be wrong. */
export class MalformedLine extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MalformedLine'
  }
}

interface RawObject {
  readonly metadata?: { readonly resourceVersion?: unknown; readonly annotations?: Readonly<Record<string, string>> }
  readonly code?: unknown
  readonly message?: unknown
  readonly details?: { readonly retryAfterSeconds?: unknown }
}

/** Reads a line (apimachinery, WatchEvent). Throws MalformedLine, whose message never quotes the line. */
export function parseWatchEvent(line: Buffer): ChangeEvent | EndEvent {
  const { type, object } = parseLine(line)
  const resourceVersion = textOrNothing(object.metadata?.resourceVersion)
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object, resourceVersion }
    case 'BOOKMARK': {
      if (resourceVersion === undefined) throw new MalformedLine('a bookmark without a resource version')
      const endsInitial = object.metadata?.annotations?.['k8s.io/initial-events-end'] === 'true'
      return { type, resourceVersion, endsInitial }
    }
    case 'ERROR':
      return endEvent(object)
    default:
      throw new MalformedLine('an event of an unknown type')
  }
}

function parseLine(line: Buffer): { readonly type: unknown; readonly object: RawObject } {
  let parsed: unknown
  try {
    parsed = JSON.parse(line.toString('utf8'))
  } catch {
    throw new MalformedLine('a line that is not JSON')
  }
  const { type, object } = (parsed ?? {}) as { readonly type?: unknown; readonly object?: unknown }
  if (typeof object !== 'object' || object === null) throw new MalformedLine('an event without an object')
  return { type, object }
}

function endEvent({ code, message, details }: RawObject): EndEvent {
  const seconds = details?.retryAfterSeconds
  return {
    type: 'ERROR',
    code: typeof code === 'number' ? code : 500,
    message: textOrNothing(message) ?? 'no reason given',
    retryAfterSeconds: typeof seconds === 'number' ? seconds : undefined,
  }
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
