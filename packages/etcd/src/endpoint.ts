// SPDX-License-Identifier: Apache-2.0

/** How a client endpoint is spoken to. */
export type Scheme = 'http' | 'https'

/** A client endpoint, spelt one way: host in lower case, addresses in their shortest form. */
export interface Endpoint {
  /** As in `https://10.0.0.1:2379`. */
  readonly url: string
  readonly scheme: Scheme
  /** Without brackets. */
  readonly host: string
  readonly port: number
  /** As in `10.0.0.1:2379`: what two endpoints of one listener share. */
  readonly address: string
}

/**
 * Reads `http://host:port`, `https://host:port` or `host:port`, which takes `bareScheme`: etcdctl speaks TLS to it as soon
 * as TLS settings are given. Gives the mistake as one line when it is none of them.
 */
export function parseEndpoint(text: string, bareScheme: Scheme): Endpoint | { readonly mistake: string } {
  // Not shown, since what stands before the @ may be a password.
  if (text.includes('@')) return { mistake: 'an endpoint has an @ in it; users and passwords have their own settings' }
  const [, scheme = bareScheme, rest = ''] = /^(?:([^:/]*):\/\/)?(.*)$/s.exec(text) ?? []
  const known = scheme.toLowerCase()
  if (known !== 'http' && known !== 'https') {
    return { mistake: `"${text}" has the scheme ${scheme}; endpoints are http://host:port or https://host:port` }
  }
  const [isWhole, hostText = '', port] = /^(\[[^\]]*\]|[^:/?#[\]]+)(?::(\d+))?\/?$/.exec(rest) ?? []
  if (isWhole === undefined) return { mistake: `"${text}" is not http://host:port or https://host:port` }
  if (port === undefined) {
    return { mistake: `"${text}" has no port; etcd listens on 2379 unless told otherwise: ${known}://${hostText}:2379` }
  }
  if (Number(port) < 1 || Number(port) > 65_535) return { mistake: `"${text}" has a port that is not 1 to 65535` }
  const host = canonicalHost(hostText)
  if (host === undefined) return { mistake: `"${text}" has a host that is neither a name nor an address` }
  const address = `${host}:${Number(port)}`
  return {
    url: `${known}://${address}`,
    scheme: known,
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
    address,
  }
}

/** A URL's own spelling of a host, in which `0x7f.1` is 127.0.0.1, as getaddrinfo has it too. */
function canonicalHost(text: string): string | undefined {
  const host = URL.parse(`http://${text}`)?.hostname ?? ''
  return /^(?:[\w.-]+|\[[\da-f:.]+\])$/.test(host) ? host : undefined
}

/** The first mistake in a list of endpoints that a config or flags give, as one line; undefined when there is none. */
export function endpointsMistake(texts: readonly string[]): string | undefined {
  const seen = new Map<string, string>()
  for (const text of texts) {
    const endpoint = parseEndpoint(text, 'http')
    if ('mistake' in endpoint) return endpoint.mistake
    const earlier = seen.get(endpoint.address)
    if (earlier !== undefined) return `"${text}" is the same endpoint as "${earlier}"; give it once`
    seen.set(endpoint.address, text)
  }
  return undefined
}

/** The endpoints of texts, without those that are none and without a second one of the same listener. */
export function endpointsOf(texts: readonly string[], bareScheme: Scheme): readonly Endpoint[] {
  const parsed = texts.map((text) => parseEndpoint(text, bareScheme))
  return oneEach(parsed.filter((endpoint): endpoint is Endpoint => !('mistake' in endpoint)))
}

/** Endpoints without a second one of the same listener. */
export function oneEach(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const byAddress = new Map<string, Endpoint>()
  for (const endpoint of endpoints) {
    if (!byAddress.has(endpoint.address)) byAddress.set(endpoint.address, endpoint)
  }
  return [...byAddress.values()]
}
