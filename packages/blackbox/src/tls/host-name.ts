// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Certificate } from './certificate.ts'

/** More names than this are counted instead of listed. */
const mostNamesListed = 100

/**
 * Checks that a certificate is valid for a host name or an IP address, as Go's VerifyHostname does (RFC 6125):
 * an address only matches an address, a wildcard only a whole left-most label, the common name never counts.
 * Throws an Error that lists what it is valid for.
 */
export function checkHostName(certificate: Certificate, host: string): void {
  const literal = /^\[.+\]$/.test(host) ? host.slice(1, -1) : host
  const address = addressBytes(literal)
  const { dns, ips } = certificate.names
  if (address !== undefined) {
    if (ips.some((ip) => ip.equals(address) || mappedBytes(ip)?.equals(address))) return
    throw new Error(mismatch(certificate, literal, 'IP SANs', ips.map(addressText)))
  }
  const name = lowerCase(host)
  const isName = isHostName(name, false)
  const labels = name.replace(/\.$/, '').split('.')
  for (const pattern of dns) {
    // Anything equal is taken; wildcards and trailing dots only mean something in proper host names.
    const matches = isName && isHostName(pattern, true) ? matchesLabels(pattern, labels) : isSame(pattern, name)
    if (matches) return
  }
  throw new Error(mismatch(certificate, host, 'names', dns))
}

/** The 4 or 16 bytes of an address literal; an IPv4-mapped one counts as IPv4. Undefined for anything else. */
function addressBytes(text: string): Buffer | undefined {
  if (net.isIP(text) === 0 || text.includes('%')) return undefined
  const bytes = Buffer.from(ipaddr.parse(text).toByteArray())
  return mappedBytes(bytes) ?? bytes
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex')

function mappedBytes(bytes: Buffer): Buffer | undefined {
  return bytes.length === 16 && bytes.subarray(0, 12).equals(mappedPrefix) ? bytes.subarray(12) : undefined
}

/** An address as text; the bytes as hex when they are no address. */
export function addressText(bytes: Buffer): string {
  return bytes.length === 4 || bytes.length === 16 ? ipaddr.fromByteArray([...bytes]).toString() : bytes.toString('hex')
}

function isHostName(host: string, isPattern: boolean): boolean {
  const labels = (isPattern ? host : host.replace(/\.$/, '')).split('.')
  if (isPattern && labels.length > 1 && labels[0] === '*') labels.shift()
  return labels.every((label) => /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(label))
}

function matchesLabels(pattern: string, labels: readonly string[]): boolean {
  const wanted = lowerCase(pattern).split('.')
  return (
    wanted.length === labels.length && wanted.every((label, i) => label === labels[i] || (i === 0 && label === '*'))
  )
}

function isSame(pattern: string, name: string): boolean {
  return name !== '' && name !== '.' && lowerCase(pattern) === name
}

/** ASCII only: to fold more would make different names equal. */
function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function mismatch({ names, namesKey, subject }: Certificate, host: string, kind: string, valid: readonly string[]) {
  if (namesKey === undefined && matchesLabels(subject.commonName, lowerCase(host).split('.'))) {
    return 'x509: certificate relies on legacy Common Name field, use SANs instead'
  }
  if (kind === 'IP SANs' && names.ips.length === 0) {
    return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`
  }
  if (valid.length >= mostNamesListed) {
    return `x509: certificate is valid for ${valid.length} ${kind}, but none matched ${host}`
  }
  if (valid.length === 0) return `x509: certificate is not valid for any names, but wanted to match ${host}`
  return `x509: certificate is valid for ${valid.join(', ')}, not ${host}`
}
