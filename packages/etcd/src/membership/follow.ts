// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import { type Endpoint, endpointsOf } from '../endpoint.ts'

/**
 * Which client URLs of a member list may be dialled. clientv3's AutoSync follows all of them, and so hands the user's
 * password to whatever one member says. Here the given endpoints bound it: when any of them is https, no plain URL is
 * followed; loopback URLs, which are etcd's default and so stand in the list of many a badly set up cluster, are followed
 * only from a loopback endpoint, since elsewhere they would be another machine's; link-local ones (where clouds keep
 * credentials), unspecified and multicast ones never. A host name that resolves to such an address is not found out:
 * with https its certificate has to be right in any case.
 */
export interface FollowRule {
  readonly httpsOnly: boolean
  readonly loopback: boolean
}

/** The rule that the given endpoints make. */
export function followRule(seeds: readonly Endpoint[]): FollowRule {
  return { httpsOnly: seeds.some(({ scheme }) => scheme === 'https'), loopback: seeds.some(isLoopback) }
}

/** The client URLs of one member that may be dialled: https before http, else in their order. */
export function followed(urls: readonly string[], rule: FollowRule): readonly Endpoint[] {
  // A scheme is always there in a member list; what has none is not taken for a URL.
  const endpoints = endpointsOf(
    urls.filter((url) => url.includes('://')),
    'https',
  )
  const allowed = endpoints.filter((endpoint) => {
    if (rule.httpsOnly && endpoint.scheme === 'http') return false
    if (isLoopback(endpoint)) return rule.loopback
    return !isIn(neverFollowed, endpoint.host)
  })
  return allowed.toSorted((a, b) => Number(b.scheme === 'https') - Number(a.scheme === 'https'))
}

const loopback = new net.BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

const neverFollowed = new net.BlockList()
neverFollowed.addSubnet('0.0.0.0', 8, 'ipv4')
neverFollowed.addSubnet('169.254.0.0', 16, 'ipv4')
neverFollowed.addSubnet('224.0.0.0', 3, 'ipv4')
neverFollowed.addAddress('::', 'ipv6')
neverFollowed.addSubnet('fe80::', 10, 'ipv6')
neverFollowed.addSubnet('ff00::', 8, 'ipv6')

function isLoopback({ host }: Endpoint): boolean {
  return /(?:^|\.)localhost\.?$/.test(host) || isIn(loopback, host)
}

function isIn(list: net.BlockList, host: string): boolean {
  const version = net.isIP(host)
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
