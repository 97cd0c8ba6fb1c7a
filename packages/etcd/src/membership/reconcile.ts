// SPDX-License-Identifier: Apache-2.0

import { type Endpoint, oneEach } from '../endpoint.ts'
import type { ListedMember } from '../rpc/member-rpc.ts'
import { followed, followRule } from './follow.ts'
import { labelGiver, shownName } from './labels.ts'
import {
  type Counts,
  type DesiredMember,
  type DiscoveryMode,
  mostMembers,
  type Roster,
  type UnsoundedReason,
  unsoundedReasons,
} from './roster.ts'
import { type Standing, standingOf } from './standing.ts'

/** What is known of a cluster's members. Maps and sets are by `host:port`. */
export interface Known {
  readonly mode: DiscoveryMode
  /** The given endpoints, by whatever way they were found; the first of those that are one member stands for it. */
  readonly seeds: readonly Endpoint[]
  /** Undefined before the first member list. */
  readonly list: readonly ListedMember[] | undefined
  /** IDs that replies from an endpoint carried. */
  readonly ids: ReadonlyMap<string, string>
  /** Endpoints that have answered for several members, as a load balancer does; as given ones they stand for none. */
  readonly shared: ReadonlySet<string>
}

interface Sounded {
  readonly endpoint: Endpoint
  /** Undefined for a given endpoint of which no listed member is known. */
  readonly member: ListedMember | undefined
}

/** Who is to be sounded where. */
export function reconcile(known: Known): Roster {
  const { mode, list, shared } = known
  const seeds = oneEach(known.seeds)
  const listed = oneOfEachId(list ?? [])
  const able = mode === 'seeds' ? [] : seeds.filter(({ address }) => !shared.has(address))
  const standing = standingOf(able, listed, known.ids)
  const unsounded = Object.fromEntries(unsoundedReasons.map((reason) => [reason, 0])) as Record<UnsoundedReason, number>
  const sounded: Sounded[] = []
  const { choose, doubtful } = endpointChooser(known, standing)
  // Members that a given endpoint stands for come first, so that a flood of others can't push them out.
  for (const member of listed.toSorted((a, b) => rank(a, standing) - rank(b, standing))) {
    const choice = sounded.length === mostMembers ? 'over_limit' : choose(member)
    if (typeof choice === 'string') unsounded[choice]++
    else sounded.push({ endpoint: choice, member })
  }
  const used = new Set(sounded.map(({ endpoint }) => endpoint.address))
  const others = seeds.filter((seed) => !used.has(seed.address) && isSoundedUnlisted(known, seed, standing))
  sounded.push(...others.slice(0, mostMembers - sounded.length).map((endpoint) => ({ endpoint, member: undefined })))
  return {
    members: named(sounded, listed, seeds, standing),
    counts: list && countsOf(listed, unsounded),
    doubtful: doubtful.slice(0, mostMembers),
  }
}

function oneOfEachId(list: readonly ListedMember[]): readonly ListedMember[] {
  const byId = new Map(list.map((member) => [member.id, member]))
  return [...byId.values()].toSorted((a, b) => compare(a.id, b.id))
}

function rank({ id }: ListedMember, { seedOf }: Standing): number {
  return seedOf.has(id) ? 0 : 1
}

interface EndpointChooser {
  /** Where to sound a listed member, or why nowhere. One URL is enough: a next one would be the same process. */
  readonly choose: (member: ListedMember) => Endpoint | UnsoundedReason
  /** What was passed over so far, since its replies are those of another member. */
  readonly doubtful: readonly Endpoint[]
}

function endpointChooser({ mode, seeds, ids }: Known, { seedOf }: Standing): EndpointChooser {
  const rule = followRule(seeds)
  const taken = new Set([...seedOf.values()].map(({ address }) => address))
  const doubtful: Endpoint[] = []
  const choose = ({ id, clientUrls }: ListedMember): Endpoint | UnsoundedReason => {
    const seed = seedOf.get(id)
    if (seed !== undefined) return seed
    if (clientUrls.length === 0) return 'never_started'
    if (mode === 'off') return 'not_given'
    const free = followed(clientUrls, rule).filter(({ address }) => !taken.has(address))
    const isAnothers = ({ address }: Endpoint): boolean => (ids.get(address) ?? id) !== id
    doubtful.push(...free.filter(isAnothers))
    const endpoint = free.find((one) => !isAnothers(one))
    if (endpoint === undefined) return 'no_usable_url'
    taken.add(endpoint.address)
    return endpoint
  }
  return { choose, doubtful }
}

/** Whether a given endpoint that was not chosen for a listed member is sounded all the same. */
function isSoundedUnlisted({ mode, list, shared }: Known, { address }: Endpoint, { idOf, seedOf }: Standing): boolean {
  if (mode === 'seeds') return false
  if (list === undefined) return true
  const id = idOf.get(address)
  // A second way to a member that is sounded already.
  if (id !== undefined && seedOf.has(id)) return false
  // Otherwise whoever answered there is no member any more, or it is several members.
  return mode === 'off' || (id === undefined && !shared.has(address))
}

function named(
  sounded: readonly Sounded[],
  listed: readonly ListedMember[],
  seeds: readonly Endpoint[],
  { idOf }: Standing,
): readonly DesiredMember[] {
  const labelOf = labelGiver(listed, seeds)
  const members = sounded.map(({ endpoint: { url, address }, member }): DesiredMember => {
    if (member === undefined)
      return { label: address, id: idOf.get(address), name: '', endpoint: url, isLearner: false }
    const { id, isLearner } = member
    return { label: labelOf(member), id, name: shownName(member), endpoint: url, isLearner }
  })
  return members.toSorted((a, b) => compare(a.label, b.label))
}

function countsOf(listed: readonly ListedMember[], unsounded: Readonly<Record<UnsoundedReason, number>>): Counts {
  const learners = listed.filter(({ isLearner }) => isLearner).length
  return { voters: listed.length - learners, learners, unsounded }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
