// SPDX-License-Identifier: Apache-2.0

import { list, mapOf, object } from '../config/collection-shapes.ts'
import { parseDuration } from '../config/duration.ts'
import { bool, integer, oneOf, secret, text } from '../config/scalar-shapes.ts'
import { type Infer, optional, type Shape } from '../config/shape.ts'
import { cipherSuites, clientAuthTypes, curves, namesOf, tlsVersions } from './tls-names.ts'

const versions = namesOf(tlsVersions)

const tlsServerConfig = object(
  'TLS of the server; without it the server speaks plain HTTP.',
  {
    cert: text('Certificate chain of the server, PEM.'),
    key: secret('Key of the server, PEM.'),
    client_ca: text('Certificates that client certificates are verified against, PEM.'),
    cert_file: text('File with the certificate chain of the server, PEM.'),
    key_file: text('File with the key of the server, PEM.'),
    client_ca_file: text('File with the certificates that client certificates are verified against, PEM.'),
    client_auth_type: optional(oneOf('What is asked of clients, by the names of Go.', clientAuthTypes, 'NoClientCert')),
    client_allowed_sans: list(
      'Subject alternative names (DNS, IP, e-mail, URI), one of which a client must have.',
      text('name'),
    ),
    min_version: oneOf('Oldest TLS version.', versions, 'TLS12'),
    max_version: oneOf('Newest TLS version.', versions, 'TLS13'),
    cipher_suites: list(
      'Cipher suites up to TLS 1.2, by the names of Go.',
      oneOf('suite', namesOf(cipherSuites), 'TLS_AES_128_GCM_SHA256'),
    ),
    curve_preferences: list(
      'Curves in order of preference, by the names of Go.',
      oneOf('curve', namesOf(curves), 'X25519'),
    ),
    prefer_server_cipher_suites: bool('Whether the order of the server counts and not that of the client.', true),
  },
  {
    check(tls, node) {
      if (!isTlsOn(tls)) return
      if (tls.cert === '' && tls.cert_file === '') node.self.fail('missing one of cert or cert_file')
      if (tls.key === '' && tls.key_file === '') node.self.fail('missing one of key or key_file')
      if (versions.indexOf(tls.max_version) < versions.indexOf(tls.min_version)) {
        node.at('max_version').fail(`${tls.max_version} is older than min_version ${tls.min_version}`)
      }
      const policy = tls.client_auth_type ?? 'NoClientCert'
      const ca = node.has('client_ca') ? 'client_ca' : 'client_ca_file'
      if (node.has(ca) && policy === 'NoClientCert')
        node.at(ca).fail('a client CA wants a client_auth_type that asks for certificates')
      if (node.has('client_allowed_sans') && !policy.startsWith('Require')) {
        node.at('client_allowed_sans').fail('wants client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert')
      }
    },
  },
)

/** The TLS part of a web config. */
export type TlsServerConfig = Infer<typeof tlsServerConfig>

/** Whether a web config asks for TLS, by the rule of exporter-toolkit: any of the keys that only TLS needs. */
export function isTlsOn(tls: TlsServerConfig): boolean {
  const { cert, key, client_ca, cert_file, key_file, client_ca_file, client_auth_type } = tls
  const texts = [cert, key, client_ca, cert_file, key_file, client_ca_file]
  return client_auth_type !== undefined || texts.some((value) => value !== '')
}

const headers = object('Headers that are added to every answer.', {
  'Strict-Transport-Security': text('See RFC 6797.'),
  'X-Content-Type-Options': optional(oneOf('See the Fetch standard.', ['nosniff'], 'nosniff')),
  'X-Frame-Options': optional(oneOf('See RFC 7034.', ['deny', 'sameorigin'], 'deny')),
  'X-XSS-Protection': text('For old browsers.'),
  'Content-Security-Policy': text('See the W3C recommendation.'),
})

const httpServerConfig = object('HTTP of the server.', {
  http2: bool('Whether HTTP/2 is offered; only with TLS, and fixed at the start.', true),
  headers,
})

const bcryptHash = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/

const passwordHash: Shape<string> = {
  ...secret('bcrypt hash of the password'),
  read(node) {
    const hash = secret('').read(node)
    // The message doesn't repeat the value, which may be the password itself.
    return bcryptHash.test(hash) ? hash : node.fail('is not a bcrypt hash ($2a$, $2b$ or $2y$ and 60 characters long)')
  },
}

const interval: Shape<number> = {
  absent: 0,
  schema: {
    title: 'a duration such as 1s, or 0',
    description: 'Time in which one more request is allowed; 0 is no limit.',
  },
  print: (value) => (value === 0 ? undefined : `${value}s`),
  read(node) {
    const seconds = parseDuration(text('').read(node))
    return seconds !== undefined && seconds >= 0 ? seconds : node.fail('wants a duration such as 1s or 100ms, or 0')
  },
}

const rateLimit = object(
  'Token bucket over all requests; more are answered with 429.',
  { interval, burst: integer('Requests that may come at once.', { least: 0 }) },
  {
    check({ interval: seconds, burst }, node) {
      // Go's limiter then refuses every request for ever.
      if (seconds > 0 && burst === 0) node.at('burst').fail('burst must be at least 1, or no request is ever allowed')
    },
  },
)

/** The file of `--web.config.file`, in the format of exporter-toolkit 0.19. */
export const webConfig = object(
  'Web config.',
  {
    tls_server_config: tlsServerConfig,
    http_server_config: httpServerConfig,
    basic_auth_users: mapOf('User names to bcrypt hashes of their passwords.', passwordHash),
    rate_limit: rateLimit,
  },
  {
    check({ tls_server_config: tls, http_server_config: http }, node) {
      if (!http.http2 || tls.min_version === 'TLS13' || tls.cipher_suites.length === 0) return
      // RFC 9113 section 9.2.2 makes it mandatory; Go's server refuses to start without it.
      if (tls.cipher_suites.some((suite) => /^TLS_ECDHE_(RSA|ECDSA)_WITH_AES_128_GCM_SHA256$/.test(suite))) return
      node
        .at('tls_server_config')
        .fail('cipher_suites wants TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or its ECDSA form for HTTP/2, or http2: false')
    },
  },
)

/** A web config. */
export type WebConfig = Infer<typeof webConfig>
