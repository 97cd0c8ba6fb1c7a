// SPDX-License-Identifier: Apache-2.0
import { NoopPolicy } from 'cockatiel'
import { Etcd3, Range } from 'etcd3'
import type { Certificates } from './certificates.ts'

const deadlineSeconds = 20

/** A name and its password. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** The users of a cluster with authentication. */
export const logins = {
  root: { username: 'root', password: 'root-secret' },
  /** May read and write below the cluster's one prefix, and nothing else. */
  sounder: { username: 'sounder', password: 'sounder-secret' },
  /** Has no role. */
  nobody: { username: 'nobody', password: 'nobody-secret' },
} as const satisfies Record<string, Login>

/** What it takes to be let in. */
export interface Access {
  readonly certificates: Certificates | undefined
  readonly login: Login | undefined
}

/** A client of one member that tries each call once, with 20 s of time. */
export function connect(url: string, { certificates, login }: Access): Etcd3 {
  return new Etcd3({
    hosts: url,
    ...(certificates && {
      credentials: {
        rootCertificate: Buffer.from(certificates.authority.certificate),
        certChain: Buffer.from(certificates.client.certificate),
        privateKey: Buffer.from(certificates.client.key),
      },
    }),
    ...(login && { auth: login }),
    // Retries would write twice, and the breaker would stay open when a member is back.
    faultHandling: { host: () => new NoopPolicy(), global: new NoopPolicy() },
    defaultCallOptions: () => ({ deadline: Date.now() + deadlineSeconds * 1000 }),
    grpcOptions: {
      // Without it the address goes out as the server name, which Node 26 refuses; the certificate has both.
      'grpc.ssl_target_name_override': 'localhost',
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 100,
    },
  })
}

/** Switches authentication on, with all `logins`. */
export async function enableAuth(client: Etcd3, prefix: string): Promise<void> {
  for (const { username, password } of Object.values(logins)) await client.user(username).create(password)
  await client.role('root').create()
  await client.user(logins.root.username).addRole('root')
  await client.role('soundings').create()
  await client.role('soundings').grant({ permission: 'Readwrite', range: Range.prefix(prefix) })
  await client.user(logins.sounder.username).addRole('soundings')
  await client.auth.authEnable()
}

/** A member's ID as etcd3 wants it, from the hexadecimal that etcdctl prints. */
export function decimalId(id: string): string {
  return BigInt(`0x${id}`).toString()
}

/** A member's ID as etcdctl prints it. */
export function hexId(decimal: string): string {
  return BigInt(decimal).toString(16)
}
