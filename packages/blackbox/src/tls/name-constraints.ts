// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from './certificate.ts'
import type { GeneralNames } from './extensions.ts'
import { addressText } from './host-name.ts'

/**
 * Checks the names of every certificate in a chain (leaf first) against the name constraints of all above it
 * (RFC 5280 section 4.2.1.10), as Go does. Throws an Error that names the first name that is not allowed.
 */
export function checkNameConstraints(chain: readonly Certificate[]): void {
  chain.forEach(({ permitted, excluded }, i) => {
    if (isEmpty(permitted) && isEmpty(excluded)) return
    for (const { names } of chain.slice(0, i)) checkNames(names, permitted, excluded)
  })
}

function isEmpty({ dns, emails, uris, ips }: GeneralNames): boolean {
  return dns.length + emails.length + uris.length + ips.length === 0
}

function checkNames(names: GeneralNames, permitted: GeneralNames, excluded: GeneralNames): void {
  for (const name of names.dns) {
    if (!isDomainName(name)) throw new Error(`x509: cannot parse dnsName "${name}"`)
    check('DNS name', name, permitted.dns, excluded.dns, inDomain(name), inDomainOrWildcard(name))
  }
  for (const ip of names.ips) check('IP address', ip, permitted.ips, excluded.ips, inNetwork(ip))
  for (const uri of names.uris) check('URI', uri, permitted.uris, excluded.uris, inDomain(uriHost(uri)))
  for (const email of names.emails) {
    check('email address', email, permitted.emails, excluded.emails, matchesMailbox(email))
  }
}

function check<N extends string | Buffer>(
  kind: string,
  name: N,
  permitted: readonly N[],
  excluded: readonly N[],
  isIn: (constraint: N) => boolean,
  isExcludedBy = isIn,
): void {
  const text = typeof name === 'string' ? name : addressText(name)
  if (permitted.length > 0 && !permitted.some(isIn)) {
    throw new Error(`${kind} "${text}" is not permitted by any constraint`)
  }
  if (excluded.some(isExcludedBy)) throw new Error(`${kind} "${text}" is excluded by a constraint`)
}

/** Printable labels between dots; a name that can't be compared must not slip past an exclusion. */
function isDomainName(name: string): boolean {
  return name === '' || name.split('.').every((label) => /^[!-~]+$/.test(label))
}

/** A domain and all below it; a constraint with a leading dot only what is below. */
function inDomain(name: string): (constraint: string) => boolean {
  const lower = name.toLowerCase()
  return (constraint) => {
    const domain = constraint.toLowerCase()
    if (domain === '' || lower === domain) return true
    return lower.endsWith(domain.startsWith('.') ? domain : `.${domain}`)
  }
}

/** A wildcard could stand for the excluded name itself. */
function inDomainOrWildcard(name: string): (constraint: string) => boolean {
  const isIn = inDomain(name)
  if (!name.startsWith('*.')) return isIn
  const parent = name.slice(1).toLowerCase()
  return (constraint) => isIn(constraint) || constraint.replace(/^[^.]+/, '').toLowerCase() === parent
}

function inNetwork(ip: Buffer): (constraint: Buffer) => boolean {
  return (constraint) => {
    if (constraint.length !== ip.length * 2) return false
    return ip.every((byte, i) => {
      const mask = constraint[ip.length + i] as number
      return (byte & mask) === ((constraint[i] as number) & mask)
    })
  }
}

/** Throws for a URI whose host can't be compared, since constraints are about host names. */
function uriHost(uri: string): string {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1]
  if (host === undefined || /^[\d.]+$/.test(host)) {
    throw new Error(`URI "${uri}" cannot be matched against constraints`)
  }
  return host
}

function matchesMailbox(email: string): (constraint: string) => boolean {
  const at = email.lastIndexOf('@')
  if (at < 1) throw new Error(`cannot parse rfc822Name "${email}"`)
  const isIn = inDomain(email.slice(at + 1))
  return (constraint) => {
    const split = constraint.lastIndexOf('@')
    if (split === -1) return isIn(constraint)
    const sameDomain = constraint.slice(split).toLowerCase() === email.slice(at).toLowerCase()
    return sameDomain && constraint.slice(0, split) === email.slice(0, at)
  }
}
