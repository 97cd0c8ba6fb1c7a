// SPDX-License-Identifier: Apache-2.0
import { buildInfo, CheckFailed } from '@leadline/kit'
import type { HttpConfig } from './config.ts'
import { canonicalHeaderName, isToken } from './headers-config.ts'
import type { Field } from './wire.ts'

/** What targets see of us. The peer's name, since allow-lists in the field know it; the version is ours. */
export const userAgent = `Blackbox-Exporter/${buildInfo.version}`

/** What a config makes of each of its requests, worked out once. */
export interface RequestPlan {
  readonly method: string
  /** The Host header that the config asks for. */
  readonly host: string | undefined
  /** All configured header fields but Host, and User-Agent unless the config took it away. Names as Go spells them. */
  readonly fields: readonly Field[]
  readonly body: Buffer | undefined
  /** Path of a file that is sent as the body; empty when there is none. */
  readonly bodyFile: string
  readonly hasBody: boolean
  /** Whether the config has credentials or `http_headers`, which each request asks for anew. */
  readonly hasCredentials: boolean
  /** What no request can be made of: the reason, or undefined. */
  readonly mistake: string | undefined
}

const plans = new WeakMap<HttpConfig, RequestPlan>()

/** The plan of a config. */
export function requestPlan(config: HttpConfig): RequestPlan {
  let plan = plans.get(config)
  if (plan === undefined) plans.set(config, (plan = makePlan(config)))
  return plan
}

/** Fields that come from the message itself, or first. */
const ownFields = new Set(['Host', 'User-Agent', 'Content-Length', 'Transfer-Encoding', 'Trailer'])

function makePlan(config: HttpConfig): RequestPlan {
  const configured = new Map([...config.headers].map(([name, value]) => [canonicalHeaderName(name), value]))
  const agent = configured.get('User-Agent') ?? userAgent
  const others = [...configured].filter(([name]) => !ownFields.has(name)).toSorted(byName)
  const fields: Field[] = agent === '' ? others : [['User-Agent', agent], ...others]
  const host = configured.get('Host')
  return {
    method: config.method || 'GET',
    host,
    fields,
    body: config.body,
    bodyFile: config.body_file,
    hasBody: config.body !== undefined || config.body_file !== '',
    hasCredentials:
      config.http_headers.size > 0 ||
      [config.basic_auth, config.authorization, config.oauth2].some((block) => block !== undefined),
    mistake: fieldMistake(host === undefined ? fields : [['Host', host], ...fields]),
  }
}

function byName([a]: Field, [b]: Field): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Why fields can't be sent, or undefined. A line break in one would let whoever wrote it add fields and requests. */
export function fieldMistake(fields: readonly Field[]): string | undefined {
  for (const [name, value] of fields) {
    if (!isToken(name)) return `header name ${JSON.stringify(name)} is not an HTTP token`
    // oxlint-disable-next-line no-control-regex -- controls are what is looked for
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return `the value of header ${name} holds a control character`
  }
  return undefined
}

/** Throws CheckFailed when fields can't be sent. */
export function checkFields(fields: readonly Field[]): void {
  const mistake = fieldMistake(fields)
  if (mistake !== undefined) throw new CheckFailed('The request can not be sent', { err: mistake })
}

/** One request, ready to be written. */
export interface Request {
  readonly method: string
  /** The Host header, `:authority` in HTTP/2. */
  readonly host: string
  /** Path and query. */
  readonly path: string
  /** Absolute URL for the request line instead of the path, as proxies want it; undefined for origins. */
  readonly absolute: string | undefined
  /** In the order they are sent, without Host, lengths and Connection. */
  readonly fields: readonly Field[]
  readonly body: Buffer | undefined
  /** Path of a file to send as the body. */
  readonly bodyFile: string
  /** Its head in HTTP/1.1, once it was written: some requests are made again and again. */
  bytes?: Buffer
}

/** Methods whose requests say so when they have no body, since servers wait for one otherwise. */
const bodyMethods = new Set(['POST', 'PUT', 'PATCH'])

/** Content-Length of a request as Go sends it; undefined for none. */
export function announcedLength({ method, body, bodyFile }: Request): number | undefined {
  if (body !== undefined) return body.length
  return bodyFile === '' && bodyMethods.has(method) ? 0 : undefined
}
