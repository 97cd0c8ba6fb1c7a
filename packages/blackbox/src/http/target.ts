// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import { domainToASCII } from 'node:url'

/** An http or https URL taken apart, every part safe to put on the wire. */
export interface HttpUrl {
  readonly secure: boolean
  /** `user:password` as written, percent-encoded; undefined when there is none. */
  readonly userinfo: string | undefined
  /** Name or address, without brackets; an IPv6 zone stands after a plain `%`. Empty when the URL names none. */
  readonly host: string
  /** As written; undefined when the scheme's own is meant. */
  readonly port: number | undefined
  /** Path and query as they stand in a request line: never empty, ASCII, without spaces or controls. */
  readonly path: string
}

/** A text that is no http or https URL; the message says why. */
export class BadUrl extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'BadUrl'
  }
}

/** RFC 3986 appendix B, the fragment dropped. */
const reference = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/s

interface Reference {
  readonly scheme: string | undefined
  readonly authority: string | undefined
  readonly path: string
  readonly query: string | undefined
}

/**
 * The URL that a target names; `http://` is put before a target without an http or https scheme, as the peer does.
 * Throws BadUrl.
 */
export function parseTarget(target: string): HttpUrl {
  const { scheme, authority, path, query } = split(/^https?:\/\//i.test(target) ? target : `http://${target}`)
  return { ...parseAuthority(authority ?? ''), secure: isSecure(scheme ?? ''), path: requestPath(path, query) }
}

/** The URL that a Location header means beside the URL it came from (RFC 3986 section 5.2). Throws BadUrl. */
export function resolveLocation(
  base: HttpUrl,
  location: string,
): { readonly url: HttpUrl; readonly relative: boolean } {
  const { scheme, authority, path, query } = split(location)
  const secure = scheme === undefined ? base.secure : isSecure(scheme)
  if (scheme !== undefined || authority !== undefined) {
    const place = parseAuthority(authority ?? '')
    if (place.host === '') throw new BadUrl('the URL names no host')
    return { url: { ...place, secure, path: requestPath(withoutDots(path), query) }, relative: false }
  }
  const [basePath = '/', baseQuery] = base.path.split(/\?(.*)/s)
  if (path === '') return { url: { ...base, path: requestPath(basePath, query ?? baseQuery) }, relative: true }
  const merged = path.startsWith('/') ? path : basePath.slice(0, basePath.lastIndexOf('/') + 1) + path
  return { url: { ...base, path: requestPath(withoutDots(merged), query) }, relative: true }
}

/** Host and port as a Host header has them: the port only where the URL has one. */
export function authorityOf({ host, port }: Pick<HttpUrl, 'host' | 'port'>): string {
  const name = host.includes(':') ? `[${host.split('%')[0]}]` : host
  return port === undefined ? name : `${name}:${port}`
}

/** The port to connect to. */
export function portOf({ port, secure }: Pick<HttpUrl, 'port' | 'secure'>): number {
  return port ?? (secure ? 443 : 80)
}

/** The URL without its userinfo, with another host in it if one is given, for absolute-form requests, Referer and logs. */
export function formatUrl(url: HttpUrl, host = url.host): string {
  return `${url.secure ? 'https' : 'http'}://${authorityOf({ host, port: url.port })}${url.path}`
}

/** Text with its percent escapes undone; as it stands when they are no UTF-8. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function split(text: string): Reference {
  // oxlint-disable-next-line no-control-regex -- controls are what is looked for
  if (/[\0-\x1f\x7f]/.test(text)) throw new BadUrl('the URL holds a control character')
  const [, scheme, authority, path = '', query] = reference.exec(text) as RegExpExecArray
  return { scheme, authority, path, query }
}

function isSecure(scheme: string): boolean {
  const name = scheme.toLowerCase()
  if (name !== 'http' && name !== 'https') throw new BadUrl(`scheme ${name} is neither http nor https`)
  return name === 'https'
}

function parseAuthority(authority: string): Pick<HttpUrl, 'userinfo' | 'host' | 'port'> {
  const at = authority.lastIndexOf('@')
  const userinfo = at === -1 ? undefined : authority.slice(0, at)
  const place = /^(?:\[([^[\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(authority.slice(at + 1))
  if (place === null) throw new BadUrl('host or port of the URL is malformed')
  const [, bracketed, name = '', digits = ''] = place
  const port = digits === '' ? undefined : Number(digits)
  if (port !== undefined && port > 65_535) throw new BadUrl(`port ${digits} of the URL is out of range`)
  return { userinfo, host: bracketed === undefined ? hostName(name) : literalAddress(bracketed), port }
}

function literalAddress(text: string): string {
  const address = text.replace('%25', '%')
  if (!net.isIPv6(address)) throw new BadUrl(`[${text}] is not an IPv6 address`)
  return address
}

function hostName(text: string): string {
  if (/^[\w.~!$&'()*+,;=-]*$/.test(text)) return text
  const ascii = domainToASCII(text)
  if (ascii === '' || !/^[\w.-]+$/.test(ascii)) throw new BadUrl(`${JSON.stringify(text)} is not a host name`)
  return ascii
}

function requestPath(path: string, query: string | undefined): string {
  const safe = path === '' ? '/' : path.replace(/[^!#-;=?-[\]_a-z~]+/g, percentEncode)
  return query === undefined ? safe : `${safe}?${query.replace(/[^!-~]+/g, percentEncode)}`
}

function percentEncode(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

/** RFC 3986 section 5.2.4. */
function withoutDots(path: string): string {
  const kept: string[] = []
  const segments = path.split('/')
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1
    if (segment === '..') {
      if (kept.length > 1) kept.pop()
    } else if (segment !== '.') kept.push(segment)
    if (last && (segment === '.' || segment === '..')) kept.push('')
  }
  const joined = kept.join('/')
  return joined.startsWith('/') || joined === '' ? joined : `/${joined}`
}
