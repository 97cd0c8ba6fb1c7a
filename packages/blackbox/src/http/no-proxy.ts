// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import { domainToASCII } from 'node:url'
import { splitHostPort } from '../net/target.ts'

/** Whether a host (name, or address without brackets) is reached without the proxy. */
export type ProxyExemption = (host: string, port: number) => boolean

/**
 * Reads NO_PROXY by the rules of golang.org/x/net/http/httpproxy: names (with their subdomains), `.name` and `*.name`
 * (subdomains alone), addresses, networks, each but the last with a port if wanted, or `*`. Localhost and loopback are always exempt.
 */
export function parseNoProxy(text: string): ProxyExemption {
  const entries = text
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.includes('*')) return () => true
  const exemptions = entries.map(parseEntry)
  return (host, port) => {
    const name = host.toLowerCase().trim()
    return name === 'localhost' || isLoopback(name) || exemptions.some((exempt) => exempt(name, port))
  }
}

const loopback = new net.BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string): boolean {
  return inList(loopback, host)
}

function inList(list: net.BlockList, host: string): boolean {
  const version = net.isIP(host)
  return version !== 0 && list.check(host.split('%')[0] as string, version === 6 ? 'ipv6' : 'ipv4')
}

function parseEntry(entry: string): ProxyExemption {
  const network = parseNetwork(entry)
  if (network !== undefined) return (host) => inList(network, host)
  const { host, port } = splitHostPort(entry) ?? { host: entry.replace(/^\[(.*)\]$/, '$1'), port: '' }
  const samePort = (other: number): boolean => port === '' || port === String(other)
  const version = net.isIP(host)
  if (version !== 0) {
    const list = new net.BlockList()
    list.addAddress(host.split('%')[0] as string, version === 6 ? 'ipv6' : 'ipv4')
    return (other, otherPort) => samePort(otherPort) && inList(list, other)
  }
  if (host === '') return () => false
  return domainExemption(host, samePort)
}

function parseNetwork(entry: string): net.BlockList | undefined {
  const [, address = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(entry) ?? []
  const version = net.isIP(address)
  if (version === 0 || Number(bits) > (version === 6 ? 128 : 32)) return undefined
  const list = new net.BlockList()
  list.addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4')
  return list
}

function domainExemption(entry: string, samePort: (port: number) => boolean): ProxyExemption {
  const pattern = entry.startsWith('*.') ? entry.slice(1) : entry
  const withItself = !pattern.startsWith('.')
  const name = withItself ? pattern : pattern.slice(1)
  const domain = domainToASCII(name) || name
  return (host, port) => samePort(port) && ((withItself && host === domain) || host.endsWith(`.${domain}`))
}
