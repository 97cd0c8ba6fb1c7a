// SPDX-License-Identifier: Apache-2.0
import type { SrvRecord } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { messageOf } from '@leadline/kit'
import { type Endpoint, endpointsOf, type Scheme } from '../endpoint.ts'
import { SeedError, type SeedSource } from './seeds.ts'

/** Says that a name is not there, or has no such record. */
const noRecord = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * The endpoints in a domain's SRV records, as etcdctl names them: `_etcd-client-ssl._tcp` for https, `_etcd-client._tcp`
 * for http. etcdctl takes both; here the plain ones count only when DNS says that there are no others, and never with TLS
 * settings, so that a lookup that fails can't send a password over a plain connection. `servers` replace those of
 * resolv.conf.
 */
export function srvEndpoints(domain: string, hasTls: boolean, servers?: readonly string[]): SeedSource {
  return async (timeoutSeconds) => {
    // A new one each time, so that changes of resolv.conf count.
    const resolver = new Resolver({ timeout: Math.ceil(timeoutSeconds * 500), tries: 2 })
    if (servers !== undefined) resolver.setServers(servers)
    const timer = setTimeout(() => resolver.cancel(), timeoutSeconds * 1000)
    try {
      const secure = await lookUp(resolver, `_etcd-client-ssl._tcp.${domain}`, 'https')
      if (secure.length > 0) return secure
      const plain = hasTls ? [] : await lookUp(resolver, `_etcd-client._tcp.${domain}`, 'http')
      if (plain.length > 0) return plain
    } finally {
      clearTimeout(timer)
    }
    const names = hasTls ? '_etcd-client-ssl._tcp' : '_etcd-client-ssl._tcp or _etcd-client._tcp'
    throw new SeedError('dns', `${domain} has no SRV records of ${names}`)
  }
}

async function lookUp(resolver: Resolver, name: string, scheme: Scheme): Promise<readonly Endpoint[]> {
  try {
    const records = await resolver.resolveSrv(name)
    const texts = records.toSorted(byPriority).map((record) => `${record.name.replace(/\.$/, '')}:${record.port}`)
    return endpointsOf(texts, scheme)
  } catch (error) {
    if (noRecord.has((error as NodeJS.ErrnoException).code ?? '')) return []
    throw new SeedError('dns', `lookup of SRV ${name}: ${messageOf(error)}`, { cause: error })
  }
}

function byPriority(a: SrvRecord, b: SrvRecord): number {
  return a.priority - b.priority || Number(a.name > b.name) - Number(a.name < b.name) || a.port - b.port
}
