// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { createSecureContext, DEFAULT_CIPHERS, type TlsOptions } from 'node:tls'
import type { TlsServerConfig } from './config.ts'
import { cipherSuites, curves, tlsVersions } from './tls-names.ts'

/** TLS 1.3 suites can't be chosen in Go, and Node would turn TLS 1.3 off without them. */
const tls13Suites = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']

/** Files that a TLS config reads. */
export function tlsFiles({ cert_file, key_file, client_ca_file }: TlsServerConfig): string[] {
  return [cert_file, key_file, client_ca_file].filter((path) => path !== '')
}

/** Options of a TLS server. Throws with the file's name or OpenSSL's reason when a certificate or key can't be used. */
export function tlsServerOptions(config: TlsServerConfig, alpn: readonly string[]): TlsOptions {
  const ca = pem(config, 'client_ca')
  const policy = config.client_auth_type ?? 'NoClientCert'
  const options: TlsOptions = {
    cert: pem(config, 'cert'),
    key: pem(config, 'key'),
    ...(ca !== '' && { ca }),
    minVersion: tlsVersions[config.min_version],
    maxVersion: tlsVersions[config.max_version],
    ciphers: ciphersOf(config),
    honorCipherOrder: config.prefer_server_cipher_suites,
    requestCert: policy !== 'NoClientCert',
    rejectUnauthorized: policy === 'RequireAndVerifyClientCert',
    ALPNProtocols: [...alpn],
    handshakeTimeout: 10_000,
  }
  if (config.curve_preferences.length > 0) {
    options.ecdhCurve = config.curve_preferences.map((curve) => curves[curve]).join(':')
  }
  try {
    createSecureContext(options)
  } catch (error) {
    throw new Error(`failed to load the certificate and key of tls_server_config: ${(error as Error).message}`, {
      cause: error,
    })
  }
  return options
}

function pem(config: TlsServerConfig, key: 'cert' | 'key' | 'client_ca'): string {
  const path = config[`${key}_file`]
  if (path === '') return config[key]
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`failed to read ${key}_file: ${(error as Error).message}`, { cause: error })
  }
}

function ciphersOf({ cipher_suites: chosen, min_version }: TlsServerConfig): string {
  const suites =
    chosen.length === 0
      ? DEFAULT_CIPHERS
      : [...new Set([...tls13Suites, ...chosen.map((suite) => cipherSuites[suite])])].join(':')
  // OpenSSL 3 allows TLS 1.0 and 1.1 at security level 0 only.
  return min_version === 'TLS10' || min_version === 'TLS11' ? `${suites}:@SECLEVEL=0` : suites
}
