// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net'
import { type Endpoint, parseEndpoint } from '../endpoint.ts'

/** Takes a client URL apart. Throws an Error that tells the mistake for all but `http[s]://host:port`. */
export function clientEndpoint(url: string): Endpoint {
  const endpoint = parseEndpoint(url, 'http')
  if ('mistake' in endpoint) throw new Error(endpoint.mistake)
  return endpoint
}

/** The `server_name` that TLS is to send and check: none for an address, which SNI can't carry (RFC 6066, section 3). */
export function serverNameOf({ host }: Pick<Endpoint, 'host'>): string | undefined {
  return isIP(host) === 0 ? host : undefined
}
