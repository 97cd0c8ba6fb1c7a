// SPDX-License-Identifier: Apache-2.0
import { type Infer, list, mapOf, type ObjectNode, object, secret, text } from '@leadline/kit'
import { tlsConfig } from '../tls/config.ts'
import { freeValue } from './free-value.ts'
import { guarded } from './headers-config.ts'
import { checkProxy, proxyFields } from './proxy-config.ts'

/** The grant of RFC 7523 section 2.1. */
export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

const algorithms = ['RS256', 'RS384', 'RS512'] as const

/** The OAuth 2.0 client that fetches a token for each probe. */
export const oauth2Config = object(
  'An OAuth 2.0 client; it fetches a new token for each probe.',
  {
    client_id: text('Name of the client.'),
    client_secret: secret('Secret of the client.'),
    client_secret_file: text('File that holds the secret.'),
    client_secret_ref: text('Name of the secret in a secret manager, which there is none of: such a probe fails.'),
    client_certificate_key_id: text('`kid` of the assertion (jwt-bearer).'),
    client_certificate_key: secret('RSA key in PEM that signs the assertion (jwt-bearer).'),
    client_certificate_key_file: text('File that holds the key.'),
    client_certificate_key_ref: text('Name of the key in a secret manager, which there is none of.'),
    grant_type: text(`client_credentials (default) or ${jwtBearer}.`),
    signature_algorithm: text(`Signature of the assertion: ${algorithms.join(', ')}; RS256 when empty.`),
    iss: text('Issuer of the assertion; client_id when empty.'),
    audience: text('Audience of the assertion; token_url when empty.'),
    claims: mapOf('Further claims of the assertion.', freeValue('Value of a claim.')),
    scopes: list('Scopes to ask for.', text('A scope.')),
    token_url: text('Where tokens come from.', {
      check: (url) => (url === '' || isHttpUrl(url) ? undefined : `"${url}" is not an http or https URL`),
    }),
    endpoint_params: guarded(mapOf('Further parameters of the token request.', text('Value of a parameter.'))),
    tls_config: tlsConfig,
    ...proxyFields,
  },
  { check: checkProxy },
)

function isHttpUrl(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '')
}

/** An OAuth 2.0 client. */
export type Oauth2Config = Infer<typeof oauth2Config>

/** Notes what a client lacks or has too much of, in the peer's words. */
export function checkOauth2(config: Oauth2Config, block: ObjectNode): void {
  const node = block.at('oauth2')
  if (config.client_id === '') node.fail('oauth2 client_id must be configured')
  if (config.token_url === '') node.fail('oauth2 token_url must be configured')
  if (config.grant_type === jwtBearer) checkAssertion(config, node)
  else {
    if (config.grant_type !== '' && config.grant_type !== 'client_credentials')
      node.warn(`grant_type "${config.grant_type}" is not known; client_credentials is taken`)
    if (count(config.client_secret, config.client_secret_file, config.client_secret_ref) > 1)
      node.fail(
        'at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials',
      )
  }
}

function checkAssertion(config: Oauth2Config, node: ReturnType<ObjectNode['at']>): void {
  const { client_certificate_key, client_certificate_key_file, client_certificate_key_ref, signature_algorithm } =
    config
  if (count(client_certificate_key, client_certificate_key_file, client_certificate_key_ref) > 1)
    node.fail(
      `at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured using grant-type=${jwtBearer}`,
    )
  if (signature_algorithm !== '' && !algorithms.some((algorithm) => algorithm === signature_algorithm))
    node.fail('valid signature algorithms are RS256, RS384 and RS512')
}

/** How many of the texts are set. */
export function count(...texts: readonly string[]): number {
  return texts.filter((value) => value !== '').length
}
