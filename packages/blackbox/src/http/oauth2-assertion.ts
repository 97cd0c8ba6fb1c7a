// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto'
import { CheckFailed, systemClock } from '@leadline/kit'
import type { Oauth2Config } from './oauth2-config.ts'

/** Seconds that an assertion is valid for, as with the peer. */
const lifetime = 600

const digests: Readonly<Record<string, string>> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' }

/** The signed assertion of a jwt-bearer grant (RFC 7523 section 3). Throws CheckFailed when the key is no RSA key in PEM. */
export function signAssertion(config: Oauth2Config, pem: string): string {
  const alg = config.signature_algorithm || 'RS256'
  const kid = config.client_certificate_key_id
  const header = { alg, ...(kid !== '' && { kid }), typ: 'JWT' }
  const signed = `${encode(header)}.${encode(claims(config))}`
  const signature = sign(digests[alg], Buffer.from(signed), rsaKey(pem))
  return `${signed}.${signature.toString('base64url')}`
}

function claims(config: Oauth2Config): Record<string, unknown> {
  const now = Math.floor(systemClock.unix())
  const scope = config.scopes.join(' ')
  return {
    iss: config.iss || config.client_id,
    sub: config.client_id,
    jti: randomUUID(),
    aud: config.audience || config.token_url,
    iat: now,
    exp: now + lifetime,
    ...(scope !== '' && { scope }),
    ...Object.fromEntries(config.claims),
  }
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function rsaKey(pem: string): KeyObject {
  const err = 'client_certificate_key is not an RSA key in PEM'
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // What OpenSSL says of a broken key may quote it.
  }
  throw new CheckFailed('An OAuth 2.0 token can not be had', { err })
}
