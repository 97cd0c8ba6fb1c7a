// SPDX-License-Identifier: Apache-2.0
import { bool, type Infer, type ObjectNode, object, type Shape, secret, text } from '@leadline/kit'

/** TLS versions as configs name them, oldest first, with OpenSSL's names. */
export const tlsVersions = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const

const version = (description: string): Shape<string> =>
  text(description, {
    check: (value) =>
      Object.hasOwn(tlsVersions, value)
        ? undefined
        : `unknown TLS version: ${value}; write one of ${Object.keys(tlsVersions).join(', ')}`,
    schema: { type: 'string', enum: ['', ...Object.keys(tlsVersions)] },
  })

const noSecretManager = 'Accepted as the peer accepts it, but fails each probe: there is no secret manager to ask.'

const fields = {
  ca: text('Certificates to trust instead of the system roots, as PEM text.'),
  cert: text('Client certificate with its chain, as PEM text.'),
  key: secret('Key of the client certificate, as PEM text.'),
  ca_file: text('PEM file with the certificates to trust instead of the system roots.'),
  cert_file: text('PEM file with the client certificate and its chain.'),
  key_file: text('PEM file with the key of the client certificate.'),
  ca_ref: text(noSecretManager),
  cert_ref: text(noSecretManager),
  key_ref: text(noSecretManager),
  server_name: text('Name that is sent as SNI and that the certificate must be valid for.'),
  insecure_skip_verify: bool('Take any certificate.'),
  min_version: version('Oldest TLS version to speak; TLS12 when absent.'),
  max_version: version('Newest TLS version to speak; the newest there is when absent.'),
}

/** The `tls_config` block, read by every prober that can speak TLS (Prometheus common, TLSConfig). */
export const tlsConfig = object('How to speak TLS to the target.', fields, { check: checkSources })

/** A read `tls_config` block. */
export type TlsConfig = Infer<typeof tlsConfig>

function checkSources(config: { readonly [K in keyof typeof fields]: Infer<(typeof fields)[K]> }, node: ObjectNode) {
  const { ca, ca_file, ca_ref, cert, cert_file, cert_ref, key, key_file, key_ref } = config
  const certs = count(cert, cert_file, cert_ref)
  const keys = count(key, key_file, key_ref)
  if (count(ca, ca_file, ca_ref) > 1) node.self.fail('at most one of ca, ca_file & ca_ref must be configured')
  if (certs > 1) node.self.fail('at most one of cert, cert_file & cert_ref must be configured')
  if (keys > 1) node.self.fail('at most one of key and key_file must be configured')
  if (certs > keys) {
    node.self.fail('exactly one of key or key_file must be configured when a client certificate is configured')
  }
  if (keys > certs) {
    node.self.fail('exactly one of cert or cert_file must be configured when a client key is configured')
  }
}

function count(...values: string[]): number {
  return values.filter((value) => value !== '').length
}
