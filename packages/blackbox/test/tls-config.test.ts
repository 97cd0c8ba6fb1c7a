// SPDX-License-Identifier: Apache-2.0
import { printConfig, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { tlsConfig } from '../src/tls/config.ts'

const bad = {
  'ca and ca_file': ['{ca: x, ca_file: y}', 'at most one of ca, ca_file & ca_ref must be configured'],
  'ca_file and ca_ref': ['{ca_file: x, ca_ref: y}', 'at most one of ca, ca_file & ca_ref must be configured'],
  'cert and cert_file': [
    '{cert: x, cert_file: y, key: z}',
    'at most one of cert, cert_file & cert_ref must be configured',
  ],
  'key and key_file': ['{cert: x, key: y, key_file: z}', 'at most one of key and key_file must be configured'],
  'a certificate without a key': [
    '{cert_file: x}',
    'exactly one of key or key_file must be configured when a client certificate is configured',
  ],
  'a key without a certificate': [
    '{key_ref: x}',
    'exactly one of cert or cert_file must be configured when a client key is configured',
  ],
  'an unknown version': ['{min_version: TLS14}', /min_version: unknown TLS version: TLS14; write one of TLS10, /],
  'an empty version': ['{max_version: ""}', /max_version: unknown TLS version: /],
  'an unknown key': ['{servername: x}', /field servername not found; did you mean server_name\?/],
} as const

test('mistakes are told in the words of the peer', async (t) => {
  for (const [name, [yaml, message]] of Object.entries(bad)) {
    const expected = typeof message === 'string' ? `tls.yml:1:1: ${message}` : message
    t.throws(() => readConfig(tlsConfig, yaml, 'tls.yml'), { name: 'ConfigError', message: expected }, name)
  }
})

test('an absent block is the default', async (t) => {
  t.match(tlsConfig.absent, { ca: '', server_name: '', insecure_skip_verify: false, min_version: '', max_version: '' })
})

test('max below min loads, as with the peer', async (t) => {
  t.match(readConfig(tlsConfig, '{min_version: TLS13, max_version: TLS10}', 'tls.yml'), { max_version: 'TLS10' })
})

test('prints everything but the key', async (t) => {
  const yaml = [
    'ca: the ca',
    'cert: the certificate',
    'key: <secret>',
    'server_name: a.example',
    'insecure_skip_verify: true',
    'min_version: TLS11',
    'max_version: TLS12',
    '',
  ].join('\n')
  const config = readConfig(tlsConfig, yaml.replace('<secret>', 'hush'), 'tls.yml')
  t.equal(config.key, 'hush')
  t.equal(printConfig(tlsConfig, config, 2), yaml)
})
