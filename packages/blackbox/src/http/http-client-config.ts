// SPDX-License-Identifier: Apache-2.0
import {
  bool,
  type Infer,
  type InferFields,
  mapped,
  type ObjectNode,
  object,
  optional,
  secret,
  text,
} from '@leadline/kit'
import { tlsConfig } from '../tls/config.ts'
import { httpHeaders } from './headers-config.ts'
import { checkOauth2, count, oauth2Config } from './oauth2-config.ts'
import { checkProxy, proxyFields } from './proxy-config.ts'

const noManager = 'Its name in a secret manager, which there is none of: such a probe fails.'

const basicAuth = object('User and password for HTTP Basic authentication.', {
  username: text('Name of the user.'),
  username_file: text('File that holds the name.'),
  username_ref: text(noManager),
  password: secret('The password.'),
  password_file: text('File that holds the password.'),
  password_ref: text(noManager),
})

/** User and password for HTTP Basic authentication. */
export type BasicAuth = Infer<typeof basicAuth>

const authorizationBlock = object('Credentials for the Authorization header.', {
  type: text('The scheme.', { absent: 'Bearer' }),
  credentials: secret('What follows the scheme.'),
  credentials_file: text('File that holds what follows the scheme.'),
  credentials_ref: text(noManager),
})

/** Credentials for the Authorization header. */
export type AuthorizationConfig = Infer<typeof authorizationBlock>

const authorization = mapped(authorizationBlock, {
  absent: authorizationBlock.absent,
  to: (value) => ({ ...value, type: value.type.trim() || 'Bearer' }),
  from: (value) => value,
})

/** Fields of prometheus/common's http_client_config as they are written. */
export const httpClientFields = {
  basic_auth: optional(basicAuth),
  authorization: optional(authorization),
  oauth2: optional(oauth2Config),
  bearer_token: secret('Old spelling of authorization.credentials.'),
  bearer_token_file: text('Old spelling of authorization.credentials_file.'),
  tls_config: tlsConfig,
  follow_redirects: bool('Whether redirects are followed.', true),
  enable_http2: bool('Whether HTTP/2 is offered to https targets.', true),
  ...proxyFields,
  http_headers: httpHeaders,
}

type Written = InferFields<typeof httpClientFields>

/** Settings of an HTTP client, old spellings already moved to the new ones. */
export type HttpClientConfig = Omit<Written, 'bearer_token' | 'bearer_token_file'>

/** Notes settings that contradict each other, in the peer's words and order. */
export function checkHttpClient(config: Written, node: ObjectNode): void {
  checkBearer(config, node)
  checkBasicAuth(config, node)
  checkAuthorization(config, node)
  if (config.oauth2 !== undefined && config.basic_auth !== undefined)
    node.at('oauth2').fail('at most one of basic_auth, oauth2 & authorization must be configured')
  if (config.oauth2 !== undefined) checkOauth2(config.oauth2, node)
  checkProxy(config, node)
}

function checkBearer(config: Written, node: ObjectNode): void {
  const { bearer_token, bearer_token_file, basic_auth, oauth2 } = config
  const place = node.at(bearer_token === '' ? 'bearer_token_file' : 'bearer_token')
  const bearers = count(bearer_token, bearer_token_file)
  if (bearers > 1) place.fail('at most one of bearer_token & bearer_token_file must be configured')
  if (bearers > 0 && (basic_auth !== undefined || oauth2 !== undefined))
    place.fail('at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured')
}

function checkBasicAuth({ basic_auth }: Written, node: ObjectNode): void {
  if (basic_auth === undefined) return
  const { username, username_file, username_ref, password, password_file, password_ref } = basic_auth
  const place = node.at('basic_auth')
  if (count(username, username_file, username_ref) > 1)
    place.fail('at most one of basic_auth username, username_file & username_ref must be configured')
  if (count(password, password_file, password_ref) > 1)
    place.fail('at most one of basic_auth password, password_file & password_ref must be configured')
}

function checkAuthorization(config: Written, node: ObjectNode): void {
  if (config.authorization === undefined) return
  const place = node.at('authorization')
  const { type, credentials, credentials_file, credentials_ref } = config.authorization
  if (count(config.bearer_token, config.bearer_token_file) > 0)
    place.fail('authorization is not compatible with bearer_token & bearer_token_file')
  if (count(credentials, credentials_file, credentials_ref) > 1)
    place.fail('at most one of authorization credentials & credentials_file must be configured')
  if (type.toLowerCase() === 'basic')
    place.fail('authorization type cannot be set to "basic", use "basic_auth" instead')
  if (config.basic_auth !== undefined || config.oauth2 !== undefined)
    place.fail('at most one of basic_auth, oauth2 & authorization must be configured')
}

/** Moves the old bearer_token fields to where they belong now. */
export function settleBearer<W extends Pick<Written, 'bearer_token' | 'bearer_token_file' | 'authorization'>>(
  written: W,
): Omit<W, 'bearer_token' | 'bearer_token_file'> {
  const { bearer_token, bearer_token_file, ...config } = written
  if (bearer_token === '' && bearer_token_file === '') return config
  const credentials = { credentials: bearer_token, credentials_file: bearer_token_file }
  return { ...config, authorization: { ...authorization.absent, ...credentials } }
}
