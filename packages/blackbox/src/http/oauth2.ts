// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, messageOf } from '@leadline/kit'
import type { CredentialsOptions } from './authorization.ts'
import { signAssertion } from './oauth2-assertion.ts'
import { jwtBearer, type Oauth2Config } from './oauth2-config.ts'
import { readSecret } from './secret-source.ts'
import { postForm, type TokenResponse } from './token-endpoint.ts'

const failure = 'An OAuth 2.0 token can not be had'

/** A token, or why there is none. */
type Answer = { readonly authorization: string } | { readonly refusal: Readonly<Record<string, unknown>> }

/**
 * Fetches a new token and gives the value of the Authorization header for it (RFC 6749 section 4.4, RFC 7523).
 * The secret goes in a Basic header first and, when that is refused, among the parameters, as golang.org/x/oauth2 does.
 * Throws CheckFailed, without secrets in it, when there is no token to be had; rejects with the signal's reason.
 */
export async function fetchToken(config: Oauth2Config, options: CredentialsOptions): Promise<string> {
  const answer =
    config.grant_type === jwtBearer ? await byAssertion(config, options) : await byClientSecret(config, options)
  if ('authorization' in answer) return answer.authorization
  throw new CheckFailed(failure, { token_url: shownUrl(config), ...answer.refusal })
}

async function byClientSecret(config: Oauth2Config, options: CredentialsOptions): Promise<Answer> {
  const { client_id: id, client_secret: inline, client_secret_file: file, client_secret_ref: ref } = config
  const secret = await readSecret('client_secret', { inline, file, ref })
  const form = parameters(config, { grant_type: 'client_credentials' })
  const basic = Buffer.from(`${queryEscape(id)}:${queryEscape(secret)}`).toString('base64')
  const inHeader = await ask(config, form, { ...options, authorization: `Basic ${basic}` })
  if ('authorization' in inHeader) return inHeader
  form.set('client_id', id)
  if (secret !== '') form.set('client_secret', secret)
  return ask(config, form, options)
}

async function byAssertion(config: Oauth2Config, options: CredentialsOptions): Promise<Answer> {
  const { client_certificate_key: inline, client_certificate_key_file: file, client_certificate_key_ref: ref } = config
  const assertion = signAssertion(config, await readSecret('client_certificate_key', { inline, file, ref }))
  return ask(config, parameters(config, { grant_type: jwtBearer, assertion }), options)
}

/** The parameters of a grant with the scopes and those of the config, which may take the place of grant_type alone. */
function parameters(config: Oauth2Config, grant: Readonly<Record<string, string>>): URLSearchParams {
  const form = new URLSearchParams(grant)
  if (config.scopes.length > 0) form.set('scope', config.scopes.join(' '))
  for (const [name, value] of config.endpoint_params) {
    if (form.has(name) && name !== 'grant_type')
      throw new CheckFailed(failure, { err: `endpoint_params can not replace parameter "${name}"` })
    form.set(name, value)
  }
  return form
}

/** As Go's url.QueryEscape, since not every endpoint undoes it as RFC 6749 section 2.3.1 says. */
function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

async function ask(
  config: Oauth2Config,
  form: URLSearchParams,
  { signal, userAgent, authorization }: CredentialsOptions & { readonly authorization?: string },
): Promise<Answer> {
  const headers = { 'user-agent': userAgent, ...(authorization !== undefined && { authorization }) }
  try {
    return readAnswer(await postForm(config, form, headers, signal))
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof CheckFailed) throw error
    return { refusal: { err: messageOf(error) } }
  }
}

function readAnswer({ status, mediaType, text }: TokenResponse): Answer {
  const isForm = mediaType === 'application/x-www-form-urlencoded' || mediaType === 'text/plain'
  const { access_token, token_type, error } = isForm ? Object.fromEntries(new URLSearchParams(text)) : parseObject(text)
  if (status < 200 || status > 299 || isText(error))
    return { refusal: { status_code: status, ...(isErrorCode(error) && { error }) } }
  if (!isText(access_token)) return { refusal: { err: 'the answer has no access_token' } }
  return { authorization: `${tokenType(isText(token_type) ? token_type : '')} ${access_token}` }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** A code of RFC 6749 section 5.2. Anything else that an endpoint says may repeat what it was sent. */
function isErrorCode(value: unknown): boolean {
  return isText(value) && /^[a-z_]{1,40}$/.test(value)
}

/** Go spells the known types, whatever the endpoint does. */
function tokenType(written: string): string {
  const known = ['Bearer', 'MAC', 'Basic'].find((type) => type.toLowerCase() === written.toLowerCase())
  return known ?? (written || 'Bearer')
}

function shownUrl({ token_url }: Oauth2Config): string {
  const { origin, pathname } = new URL(token_url)
  return origin + pathname
}
