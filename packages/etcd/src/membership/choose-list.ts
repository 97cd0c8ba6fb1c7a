// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { MemberList } from '../rpc/member-rpc.ts'

/** A member list, and a text that two lists share when they say the same. */
export interface ToldList {
  readonly list: MemberList
  readonly key: string
}

/** Those who tell one and the same list. */
interface Camp extends ToldList {
  /** IDs of the members that tell it. */
  readonly tellers: Set<string>
}

/** A list with its key. */
export function toldList(list: MemberList): ToldList {
  const rows = list.members.map((member) =>
    JSON.stringify([member.id, member.name, member.clientUrls, member.isLearner]),
  )
  return { list, key: createHash('sha256').update(rows.toSorted().join('\n')).digest('base64') }
}

/**
 * The newest of the lists that members tell. Each tells what it has applied, so that one that is cut off, or was removed
 * while it was cut off, tells an old list for ever. The header does not say which is newer: MemberList leaves its revision
 * out, and a cut-off member without pre-vote (the default of 3.4) counts its term up alone. What does:
 * 1. A list that a majority of its own voters tells is the newest.
 * 2. Else a member that told the held list and tells another one now has moved on from it.
 * 3. Else the held list stays while anybody tells it.
 * 4. Else a list is news if somebody tells it who did not tell it before; the one that most tell. Otherwise all that
 *    answer were behind the held list already.
 * `told` has for each member ID the key of what it told last.
 */
export function chooseList(
  replies: readonly ToldList[],
  held: ToldList | undefined,
  told: ReadonlyMap<string, string>,
): ToldList | undefined {
  const camps = campsOf(replies)
  const loyal = camps.find(({ key }) => key === held?.key)
  const movedOn = ({ key, tellers }: Camp): boolean =>
    held !== undefined && key !== held.key && [...tellers].some((id) => told.get(id) === held.key)
  const isNews = ({ key, tellers }: Camp): boolean => [...tellers].some((id) => told.get(id) !== key)
  return camps.find(hasMajority) ?? camps.find(movedOn) ?? loyal ?? camps.find(isNews) ?? held
}

/** Biggest first; the order of the replies decides between equals. */
function campsOf(replies: readonly ToldList[]): readonly Camp[] {
  const camps = new Map<string, Camp>()
  for (const { list, key } of replies) {
    const camp = camps.get(key) ?? { key, list, tellers: new Set<string>() }
    camp.tellers.add(list.memberId)
    camps.set(key, camp)
  }
  return [...camps.values()].toSorted((a, b) => b.tellers.size - a.tellers.size)
}

function hasMajority({ list, tellers }: Camp): boolean {
  const voters = list.members.filter(({ isLearner }) => !isLearner)
  return voters.filter(({ id }) => tellers.has(id)).length > voters.length / 2
}
