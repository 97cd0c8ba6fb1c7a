// SPDX-License-Identifier: Apache-2.0

/**
 * Cipher suites in OpenSSL's names, in the order in which Go's client offers them on a machine with AES instructions
 * (crypto/tls, cipherSuitesPreferenceOrder and defaultCipherSuitesTLS13). A server that leaves the choice to the client
 * then shows the same `probe_tls_cipher_info` as with blackbox_exporter.
 */
export const goCiphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
].join(':')
