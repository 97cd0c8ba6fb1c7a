// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, messageOf } from '@leadline/kit'
import type { Address } from '../net/resolve.ts'
import type { Request } from './request.ts'
import { authorityOf, formatUrl, type HttpUrl, resolveLocation } from './target.ts'
import type { ResponseHead } from './wire.ts'

/** Most redirects that are followed; the next one is the result. */
export const maxRedirects = 10

/** One request of a probe: where it goes, and what of the module's request it carries. */
export interface Hop {
  readonly url: HttpUrl
  /** The address that the probe chose; undefined where the name is looked up for this hop, or a proxy does that. */
  readonly address: Address | undefined
  /** The Host header. */
  readonly host: string
  /** What a certificate must be valid for. */
  readonly serverName: string
  readonly method: string
  /** Whether the module's body goes with it. */
  readonly withBody: boolean
  /** Whether a redirect led to another site on the way, which the module's credentials are not for. */
  readonly foreign: boolean
  /** Empty for none. */
  readonly referer: string
  /** The request as it goes to the target, where nothing in it changes from probe to probe. */
  readonly request: Request | undefined
}

/** The Location of a response that redirects; undefined when the response is final, as Go's redirectBehavior has it. */
export function redirectLocation({ status, headers }: ResponseHead, canResend: boolean): string | undefined {
  const follows = status === 301 || status === 302 || status === 303
  const resends = (status === 307 || status === 308) && canResend
  return follows || resends ? headers.first('location') || undefined : undefined
}

/** The request that a redirect asks for. `first` is the probe's first. Throws CheckFailed when the Location is no http URL. */
export function followRedirect(first: Hop, hop: Hop, status: number, location: string): Hop {
  const { url, relative } = resolve(hop.url, location)
  const resends = status === 307 || status === 308
  const place = relative
    ? { address: hop.address, host: hop.host, serverName: hop.serverName }
    : { address: undefined, host: authorityOf(url), serverName: sameHost(url, first.url) ? first.serverName : url.host }
  return {
    ...place,
    url,
    method: resends || hop.method === 'HEAD' ? hop.method : 'GET',
    withBody: hop.withBody && resends,
    foreign: hop.foreign || !keepsCredentials(first.url, url),
    referer: hop.url.secure && !url.secure ? '' : formatUrl(hop.url, hop.address?.ip),
    request: undefined,
  }
}

/** The URL of a hop as its site knows itself, which is what cookies belong to. */
export function siteUrl({ url, host }: Hop): string {
  return `${url.secure ? 'https' : 'http'}://${host}${url.path}`
}

function resolve(base: HttpUrl, location: string): ReturnType<typeof resolveLocation> {
  try {
    return resolveLocation(base, location)
  } catch (error) {
    throw new CheckFailed('The Location of a redirect can not be followed', { location, err: messageOf(error) })
  }
}

function sameHost(a: HttpUrl, b: HttpUrl): boolean {
  return a.host.toLowerCase() === b.host.toLowerCase()
}

/** Go's rule: the host itself and its subdomains. Going from TLS to plain text, nothing: they would be there to read. */
function keepsCredentials(from: HttpUrl, to: HttpUrl): boolean {
  if (from.secure && !to.secure) return false
  if (sameHost(from, to)) return true
  return !to.host.includes(':') && to.host.toLowerCase().endsWith(`.${from.host.toLowerCase()}`)
}
