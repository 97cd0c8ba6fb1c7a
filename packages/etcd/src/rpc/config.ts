// SPDX-License-Identifier: Apache-2.0
import { bool, type Infer, type InferFields, type ObjectNode, object, secret, text } from '@leadline/kit'

/** The `tls_config` block; its files are read again when they change. */
export const tlsConfig = object(
  'How to speak TLS to members whose URL begins with https.',
  {
    ca_file: text('PEM file with the certificates to trust; the well-known public ones when absent.'),
    cert_file: text('PEM file with the client certificate and its chain.'),
    key_file: text('PEM file with the key of the client certificate, not encrypted.'),
    server_name: text(
      'Name that is sent as SNI and that the certificates must be valid for; the host of the URL when absent.',
    ),
    insecure_skip_verify: bool('Take any certificate.'),
  },
  {
    check({ cert_file, key_file }, node) {
      if (cert_file !== '' && key_file === '') node.self.fail('cert_file needs key_file')
      if (key_file !== '' && cert_file === '') node.self.fail('key_file needs cert_file')
    },
  },
)

/** A read `tls_config` block. */
export type TlsConfig = Infer<typeof tlsConfig>

/** The keys by which a cluster's config says who the exporter is; spread them into its shape. */
export const credentialsFields = {
  tls_config: tlsConfig,
  username: text('etcd user; without one there is no login, and a client certificate may still name the user.'),
  password: secret('Password of the etcd user.'),
  password_file: text(
    'File with the password; white space at its end is dropped, and it is read again when it changes.',
  ),
}

/** What the keys of `credentialsFields` read to. */
export type CredentialsConfig = InferFields<typeof credentialsFields>

/** No TLS files and no user. */
export const noCredentials: CredentialsConfig = {
  tls_config: tlsConfig.absent,
  username: '',
  password: '',
  password_file: '',
}

/** The check across `credentialsFields`, for the object that they are spread into. */
export function checkCredentials({ username, password, password_file }: CredentialsConfig, node: ObjectNode): void {
  const hasPassword = password !== '' || password_file !== ''
  if (password !== '' && password_file !== '') node.at('password_file').fail('password is set, too; drop one of them')
  if (username !== '' && !hasPassword) node.at('username').fail('needs password or password_file')
  if (username === '' && hasPassword) node.self.fail('a password needs a username')
}
