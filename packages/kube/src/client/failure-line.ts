// SPDX-License-Identifier: Apache-2.0
import { messageOf } from '@leadline/kit'
import { accessText } from './access-text.ts'
import { ApiError, codeOf, failureOfStatus, failureOfThrown } from './failure.ts'

/** What was asked for, as far as an error needs it. */
export interface Asked {
  readonly method: string
  /** Path of the API, without the server's own prefix. */
  readonly path: string
  readonly isWatch: boolean
  /** URL of the API server. */
  readonly server: string
}

/** The kind `Status` of the API, as far as it is read. */
interface Status {
  readonly message?: unknown
  readonly details?: { readonly retryAfterSeconds?: unknown }
}

/** Bytes of a server's text that go into an error. */
const longestText = 300

/** What OpenSSL and Node.js say of handshakes, in plain words with how to mend it. */
const tlsTexts: readonly (readonly [says: RegExp, text: string])[] = [
  [
    /UNABLE_TO_VERIFY_LEAF|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER/,
    "the API server's certificate is of an authority that is not trusted; check certificate-authority in the kubeconfig",
  ],
  [/CERT_HAS_EXPIRED/, "the API server's certificate has expired"],
  [/CERT_NOT_YET_VALID/, "the API server's certificate is not valid yet; compare the clocks"],
  [
    /ALTNAME_INVALID/,
    "the API server's certificate is not for the host in its URL; set tls-server-name in the kubeconfig",
  ],
  [/WRONG_VERSION_NUMBER/, 'the server does not speak TLS; write http:// in its URL'],
]

/** The error of an answer that is no success; `body` is its text, a Status object if the API server wrote it. */
export function errorOfAnswer(asked: Asked, status: number, body: string, retryAfter?: string): ApiError {
  const told = statusOf(body)
  const failure = failureOfStatus(status)
  const said = oneLine(typeof told.message === 'string' ? told.message : body) || `status ${status}`
  const seconds = Number(retryAfter ?? told.details?.retryAfterSeconds ?? Number.NaN)
  return new ApiError(failure, `${at(asked)}: ${textOf(failure, asked, said)}`, {
    status,
    retryAfterSeconds: seconds >= 0 ? seconds : undefined,
  })
}

/** The error of a request that got no answer. */
export function errorOfThrown(asked: Asked, error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const failure = failureOfThrown(error)
  const code = codeOf(error)
  const text = tlsTexts.find(([says]) => says.test(code))?.[1] ?? oneLine(messageOf(innermost(error)))
  return new ApiError(failure, `${at(asked)}: ${text || code}`, { cause: error })
}

/** The error of a deadline that passed. */
export function errorOfDeadline(asked: Asked, seconds: number): ApiError {
  return new ApiError('deadline', `${at(asked)}: no whole answer within ${Number(seconds.toFixed(1))} s`)
}

function textOf(failure: string, asked: Asked, said: string): string {
  if (failure === 'unauthorized') return `the API server does not know who we are (${said}); check the credentials`
  if (failure !== 'forbidden') return said
  const user = /User "([^"]+)"/.exec(said)?.[1]
  return `forbidden: needs ${accessText(asked)}${user === undefined ? '' : ` for ${user}`}`
}

function at({ method, server, path }: Asked): string {
  return `${method} ${server}${path}`
}

function statusOf(body: string): Status {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

/** Happy eyeballs put the errors of all addresses into one without a message. */
function innermost(error: unknown): unknown {
  return error instanceof AggregateError && error.message === '' ? error.errors[0] : error
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > longestText ? `${line.slice(0, longestText)}...` : line
}
