// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { freePorts, ownAddress } from '../../../../test/servers/address.ts'
import { type Folder, makeMemoryFolder } from '../../../../test/servers/folder.ts'
import { makeAuthority, makeLeaf, type TestCertificate } from '../../../kit/test/certificates.ts'
import { kubeconfigText } from '../servers/open.ts'

/** Those who may do everything; each program has a name of its own, which the audit log tells. */
const masters = ['admin', 'system:kube-controller-manager', 'system:kube-scheduler', 'kwok'] as const
export type Master = (typeof masters)[number]

/** Where the parts of a control plane lie and how they trust each other. */
export interface Site {
  readonly folder: Folder
  /** A loopback address that no other control plane has. */
  readonly address: string
  readonly ports: Readonly<Record<PortName, number>>
  readonly authority: TestCertificate
  readonly files: Readonly<Record<'authority' | 'certificate' | 'key' | 'tokens', string>>
  readonly adminToken: string
  /** Paths of kubeconfigs. */
  readonly kubeconfigs: Readonly<Record<Master, string>>
}

const portNames = ['apiServer', 'proxy', 'etcd', 'etcdPeer', 'controllerManager', 'scheduler', 'kwok'] as const
type PortName = (typeof portNames)[number]

/** Makes the folder, the certificates, the tokens and the kubeconfigs of a new control plane. */
export async function makeSite(): Promise<Site> {
  const folder = await makeMemoryFolder('kubernetes')
  const address = ownAddress()
  const found = await freePorts(address, portNames.length)
  const ports = Object.fromEntries(portNames.map((name, i) => [name, found[i]])) as Record<PortName, number>
  const authority = await makeAuthority('authority')
  const server = await makeLeaf('kube-apiserver', authority, [{ type: 'ip', value: address }])
  const tokens = new Map<Master, string>(masters.map((name) => [name, randomUUID()]))
  const rows = [...tokens].map(([name, token]) => `${token},${name},${name},system:masters`)
  const files = {
    authority: await folder.write('ca.crt', authority.cert),
    certificate: await folder.write('server.crt', server.cert),
    key: await folder.write('server.key', server.key),
    tokens: await folder.write('tokens.csv', rows.join('\n')),
  }
  const url = `https://${address}:${ports.apiServer}`
  const kubeconfig = async (name: Master): Promise<[Master, string]> => {
    const text = kubeconfigText(url, { 'certificate-authority': files.authority }, { token: tokens.get(name) })
    return [name, await folder.write(`${name.replace(':', '-')}.kubeconfig`, text)]
  }
  const kubeconfigs = Object.fromEntries(await Promise.all(masters.map(kubeconfig))) as Record<Master, string>
  return { folder, address, ports, authority, files, adminToken: tokens.get('admin') ?? '', kubeconfigs }
}
