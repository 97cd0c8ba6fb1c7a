// SPDX-License-Identifier: Apache-2.0
import { silent, systemClock } from '@leadline/kit'
import type { Test } from 'tap'
import { type CredentialsConfig, noCredentials, type TlsConfig } from '../src/rpc/config.ts'
import { openCredentials } from '../src/rpc/credentials.ts'
import { openMember } from '../src/rpc/grpc-member.ts'
import { type MemberRpc, RpcError } from '../src/rpc/member-rpc.ts'
import type { Certificate, Certificates } from './servers/certificates.ts'

/** Who calls; nobody in particular by default. */
export type Caller = Partial<Omit<CredentialsConfig, 'tls_config'>> & { readonly tls_config?: Partial<TlsConfig> }

/** Opens the calls to a member until the test ends. */
export function openFor(t: Test, endpoint: string, { tls_config, ...caller }: Caller = {}): MemberRpc {
  const tls = { ...noCredentials.tls_config, ...tls_config }
  const credentials = openCredentials({ ...noCredentials, ...caller, tls_config: tls }, silent)
  const member = openMember({ endpoint, credentials, clock: systemClock })
  t.teardown(() => member.close())
  return member
}

/** A `tls_config` by which a cluster with TLS lets in. */
export function tlsOf({ authority, client }: Certificates, own: Certificate = client): Partial<TlsConfig> {
  return { ca_file: authority.certificateFile, cert_file: own.certificateFile, key_file: own.keyFile }
}

/** The failure of a call that must fail, and how long it took, in seconds. Throws when it succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<RpcError & { readonly tookSeconds: number }> {
  const begin = systemClock.now()
  try {
    await call
  } catch (error) {
    if (error instanceof RpcError) return Object.assign(error, { tookSeconds: systemClock.now() - begin })
    throw error
  }
  throw new Error('the call succeeded')
}
