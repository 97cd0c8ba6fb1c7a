// SPDX-License-Identifier: Apache-2.0

import { type Endpoint, endpointsOf } from '../endpoint.ts'
import type { ListedMember } from '../rpc/member-rpc.ts'

/** Which given endpoint is which member. */
export interface Standing {
  /** `host:port` of a given endpoint to the ID of its member, listed or not. */
  readonly idOf: ReadonlyMap<string, string>
  /** ID of a listed member to the first given endpoint that stands for it. */
  readonly seedOf: ReadonlyMap<string, Endpoint>
}

/** A given endpoint is the member whose ID its own replies carry, or else the one that lists its address. */
export function standingOf(
  seeds: readonly Endpoint[],
  listed: readonly ListedMember[],
  ids: ReadonlyMap<string, string>,
): Standing {
  const isListed = new Set(listed.map(({ id }) => id))
  const byUrl = idsByUrl(new Set(seeds.map(({ address }) => address)), listed)
  const idOf = new Map<string, string>()
  const seedOf = new Map<string, Endpoint>()
  for (const seed of seeds) {
    const id = ids.get(seed.address) ?? byUrl.get(seed.address)
    if (id === undefined) continue
    idOf.set(seed.address, id)
    if (isListed.has(id) && !seedOf.has(id)) seedOf.set(id, seed)
  }
  return { idOf, seedOf }
}

/** For each of these addresses the first member that lists it. */
function idsByUrl(addresses: ReadonlySet<string>, listed: readonly ListedMember[]): ReadonlyMap<string, string> {
  const byUrl = new Map<string, string>()
  for (const { id, clientUrls } of listed) {
    for (const { address } of endpointsOf(clientUrls, 'https')) {
      if (addresses.has(address) && !byUrl.has(address)) byUrl.set(address, id)
    }
  }
  return byUrl
}
