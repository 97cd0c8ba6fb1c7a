// SPDX-License-Identifier: Apache-2.0
import type { RunSignal } from '@leadline/kit'
import { canonicalHeaderName } from './headers-config.ts'
import type { AuthorizationConfig, BasicAuth, HttpClientConfig } from './http-client-config.ts'
import { fetchToken } from './oauth2.ts'
import { readSecret, readSecretFile } from './secret-source.ts'
import type { Field } from './wire.ts'

/** What asking for credentials needs. */
export interface CredentialsOptions {
  /** Ends a token request. */
  readonly signal: RunSignal
  /** What the token endpoint sees of us. */
  readonly userAgent: string
}

/**
 * The value of the Authorization header that a config asks for, undefined for none. Files are read and tokens fetched
 * for each call. Throws CheckFailed when a secret or a token can't be had.
 */
export async function authorizationFor(
  { basic_auth, authorization, oauth2 }: Pick<HttpClientConfig, 'basic_auth' | 'authorization' | 'oauth2'>,
  options: CredentialsOptions,
): Promise<string | undefined> {
  if (basic_auth !== undefined) return basic(basic_auth)
  if (authorization !== undefined) return scheme(authorization)
  return oauth2 && fetchToken(oauth2, options)
}

async function basic(config: BasicAuth): Promise<string> {
  const { username, username_file, username_ref, password, password_file, password_ref } = config
  const name = await readSecret('username', { inline: username, file: username_file, ref: username_ref })
  const word = await readSecret('password', { inline: password, file: password_file, ref: password_ref })
  return `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`
}

async function scheme({ type, credentials, credentials_file, credentials_ref }: AuthorizationConfig): Promise<string> {
  const source = { inline: credentials, file: credentials_file, ref: credentials_ref }
  return `${type} ${await readSecret('credentials', source)}`.trimEnd()
}

/** The fields of `http_headers`: of each name first the values, then secrets, then files. Throws CheckFailed for a file that can't be read. */
export async function extraHeaders({
  http_headers,
}: Pick<HttpClientConfig, 'http_headers'>): Promise<readonly Field[]> {
  const read = Array.from(http_headers, async ([name, { values, secrets, files }]): Promise<Field[]> => {
    const canonical = canonicalHeaderName(name)
    const fromFiles = await Promise.all(files.map((file) => readSecretFile(canonical, file)))
    return [...values, ...secrets, ...fromFiles].map((value) => [canonical, value])
  })
  return (await Promise.all(read)).flat()
}
