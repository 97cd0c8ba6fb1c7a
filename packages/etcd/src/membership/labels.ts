// SPDX-License-Identifier: Apache-2.0

import type { Endpoint } from '../endpoint.ts'
import type { ListedMember } from '../rpc/member-rpc.ts'

/** Longest member name that is used, in UTF-16 units; names are free text from the cluster. */
const longestName = 128

/** A name that may be shown; empty for one that is too long. */
export function shownName({ name }: ListedMember): string {
  return name.length <= longestName ? name : ''
}

/**
 * Gives listed members their labels: the name, or the ID where the name is empty, too long, that of two members, or
 * looks like another one's ID or endpoint. All listed members count, sounded or not, so that a label does not change with
 * who can be sounded.
 */
export function labelGiver(
  listed: readonly ListedMember[],
  endpoints: readonly Endpoint[],
): (member: ListedMember) => string {
  const taken = new Set([...listed.map(({ id }) => id), ...endpoints.map(({ address }) => address)])
  const uses = new Map<string, number>()
  for (const { name } of listed) uses.set(name, (uses.get(name) ?? 0) + 1)
  return (member) => {
    const name = shownName(member)
    return name === '' || uses.get(name) !== 1 || taken.has(name) ? member.id : name
  }
}
