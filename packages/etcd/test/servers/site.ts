// SPDX-License-Identifier: Apache-2.0

import { freePorts, ownAddress } from '../../../../test/servers/address.ts'
import type { ServerName } from '../../../../test/servers/find.ts'
import { type Folder, makeMemoryFolder } from '../../../../test/servers/folder.ts'
import { startProxy } from '../../../../test/servers/tcp-proxy.ts'
import { type CertificateOptions, type Certificates, makeCertificates } from './certificates.ts'
import type { MemberPlan } from './member.ts'
import type { PeerNetwork } from './peer-network.ts'

/** What kind of cluster to start; one 3.7 member at etcd's own timings, without TLS and authentication, by default. */
export interface ClusterOptions {
  readonly version?: Extract<ServerName, `etcd_${string}`>
  readonly size?: 1 | 3
  /** For each member, as `--quota-backend-bytes=16777216`. */
  readonly flags?: readonly string[]
  /** TLS for clients, who have to show a certificate of the authority. */
  readonly tls?: CertificateOptions
  /** Authentication with `logins`; the sounder's role is for the keys below this prefix. */
  readonly auth?: { readonly prefix: string }
  /** Lets clients in by way of each member's `clientProxy`, which the member list names too. */
  readonly proxyClients?: boolean
  /** Lets members reach each other by way of `peers` alone. */
  readonly proxyPeers?: boolean
}

/** What the members of a cluster have in common. */
export interface Site {
  readonly binary: string
  readonly options: ClusterOptions
  readonly folder: Folder
  readonly address: string
  readonly certificates: Certificates | undefined
}

/** Makes the folder, the address and the certificates of a new cluster. */
export async function makeSite(binary: string, options: ClusterOptions): Promise<Site> {
  const folder = await makeMemoryFolder('etcd')
  const address = ownAddress()
  const certificates = options.tls && (await makeCertificates(folder, address, options.tls))
  return { binary, options, folder, address, certificates }
}

/** Finds ports for a member and starts its proxies. */
export async function planMember({ address, options }: Site, name: string, peers: PeerNetwork): Promise<MemberPlan> {
  const [client = 0, peer = 0, metrics = 0, clientFront = 0, peerFront = 0] = await freePorts(address, 5)
  const { proxyClients = false, proxyPeers = false } = options
  const scheme = options.tls ? 'https' : 'http'
  if (proxyPeers) await peers.join(name, { host: address, port: peerFront }, { host: address, port: peer })
  return {
    name,
    clientUrl: `${scheme}://${address}:${proxyClients ? clientFront : client}`,
    peerUrl: `http://${address}:${proxyPeers ? peerFront : peer}`,
    metricsUrl: `http://${address}:${metrics}`,
    listenClientUrl: `${scheme}://${address}:${client}`,
    listenPeerUrl: `http://${address}:${peer}`,
    clientProxy: proxyClients
      ? await startProxy({ host: address, port: clientFront }, { host: address, port: client })
      : undefined,
  }
}

/** Flags that all members have, given what `--initial-cluster` has to name. */
export function commonFlags(
  { options, certificates }: Site,
  initial: readonly Pick<MemberPlan, 'name' | 'peerUrl'>[],
): string[] {
  const tls = certificates && [
    '--client-cert-auth',
    `--trusted-ca-file=${certificates.authority.certificateFile}`,
    `--cert-file=${certificates.server.certificateFile}`,
    `--key-file=${certificates.server.keyFile}`,
  ]
  const cluster = initial.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',')
  // Else members come and go only when all have been connected for 5 s.
  const quickChanges = '--strict-reconfig-check=false'
  return [`--initial-cluster=${cluster}`, quickChanges, ...(tls ?? []), ...(options.flags ?? [])]
}
