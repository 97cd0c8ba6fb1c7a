// SPDX-License-Identifier: Apache-2.0

/** Why a request to the API server failed. */
export const requestFailures = [
  'unreachable',
  'tls',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'gone',
  'throttled',
  'deadline',
  'server_error',
  'other',
] as const
export type RequestFailure = (typeof requestFailures)[number]

/** What an answer other than a success tells beside its text. */
export interface ApiErrorDetails {
  /** HTTP status, or the code of a Status object in a watch; undefined when there was no answer. */
  readonly status?: number | undefined
  /** Seconds that the server asks to wait for. */
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/** A request that failed; the message is one line that says where, what and, where that is known, how to mend it. */
export class ApiError extends Error {
  readonly failure: RequestFailure
  readonly status: number | undefined
  readonly retryAfterSeconds: number | undefined
  constructor(failure: RequestFailure, message: string, { status, retryAfterSeconds, cause }: ApiErrorDetails = {}) {
    super(message, { cause })
    this.name = 'ApiError'
    this.failure = failure
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The class of an HTTP status, or of the code of a Status object, that is no success. */
export function failureOfStatus(status: number): RequestFailure {
  if (status >= 500) return 'server_error'
  return byStatus.get(status) ?? 'other'
}

const byStatus: ReadonlyMap<number, RequestFailure> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [409, 'conflict'],
  [410, 'gone'],
  [429, 'throttled'],
])

/** The class of what Node.js or undici threw before there was an answer. */
export function failureOfThrown(error: unknown): RequestFailure {
  const code = codeOf(error)
  if (/^(?:UND_ERR_(?:HEADERS|BODY)_TIMEOUT)$/.test(code)) return 'deadline'
  if (/CERT|^ERR_(?:TLS|SSL|OSSL)_|^EPROTO$|UNABLE_TO_|^HOSTNAME_MISMATCH$/.test(code)) return 'tls'
  return code === '' ? 'other' : 'unreachable'
}

/** The code of an error of Node.js, OpenSSL or undici; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
