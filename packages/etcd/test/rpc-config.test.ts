// SPDX-License-Identifier: Apache-2.0
import { object, printConfig, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { checkCredentials, credentialsFields, noCredentials } from '../src/rpc/config.ts'

const shape = object('A cluster.', credentialsFields, { check: checkCredentials })

test('credentials are read, and printed without the password', (t) => {
  const config = readConfig(shape, 'username: sounder\npassword: hidden\ntls_config: {ca_file: /ca.crt}\n', 'c.yml')
  t.match(config, { username: 'sounder', password: 'hidden', tls_config: { ca_file: '/ca.crt' } })
  const printed = printConfig(shape, config, 2)
  t.match(printed, 'password: <secret>')
  t.notMatch(printed, 'hidden')
  t.strictSame(readConfig(shape, '{}', 'c.yml'), noCredentials)
  t.end()
})

const mistakes: readonly (readonly [yaml: string, message: string])[] = [
  ['tls_config: {cert_file: a.crt}', 'c.yml:1:13: tls_config: cert_file needs key_file'],
  ['tls_config: {key_file: a.key}', 'c.yml:1:13: tls_config: key_file needs cert_file'],
  ['{username: u, password: p, password_file: f}', 'c.yml:1:43: password_file: password is set, too; drop one of them'],
  ['username: u', 'c.yml:1:11: username: needs password or password_file'],
  ['password_file: f', 'c.yml:1:1: a password needs a username'],
  [
    'tls_config: {ca: text}',
    'c.yml:1:14: tls_config: field ca not found. Allowed here: ca_file, cert_file, key_file, server_name, insecure_skip_verify',
  ],
]

for (const [yaml, message] of mistakes) {
  test(`refused: ${yaml}`, (t) => {
    t.throws(() => readConfig(shape, yaml, 'c.yml'), new Error(message))
    t.end()
  })
}
