// SPDX-License-Identifier: Apache-2.0
import type { Answer } from './ask.ts'
import { chooseList, type ToldList, toldList } from './choose-list.ts'

/** Members whose last list is remembered, answering or not; more only come from a cluster that makes IDs up. */
const mostTold = 256

/** What replies have told of one cluster. Sets and maps of endpoints are by `host:port`. */
export class Facts {
  /** Hexadecimal; that of most of the first replies, and then for good, since members of another cluster are others. */
  clusterId: string | undefined
  list: ToldList | undefined
  readonly ids = new Map<string, string>()
  /** Endpoints whose last reply came from another cluster, with the ID of that. */
  readonly foreign = new Map<string, string>()
  /** Endpoints that have answered for several members of one list. */
  readonly shared = new Set<string>()
  /** By member ID, the key of the list that it told last. */
  readonly #told = new Map<string, string>()

  /** Takes in what one round of asking gave, and forgets what is asked no more. Gives whether it held a list. */
  learn(answers: readonly Answer[]): boolean {
    this.clusterId ??= mostCommon(answers.flatMap(({ header }) => (header === undefined ? [] : [header.clusterId])))
    this.#forgetOthers(new Set(answers.map(({ endpoint }) => endpoint.address)))
    for (const { endpoint, header } of answers) {
      if (header === undefined) continue
      if (header.clusterId === this.clusterId) {
        this.foreign.delete(endpoint.address)
      } else {
        this.foreign.set(endpoint.address, header.clusterId)
        this.ids.delete(endpoint.address)
      }
    }
    const own = answers.filter(({ header }) => header !== undefined && header.clusterId === this.clusterId)
    const lists = own.flatMap(({ list }) => (list === undefined ? [] : [toldList(list)]))
    this.list = chooseList(lists, this.list, this.#told)
    this.#remember(lists)
    const isListed = new Set(this.list?.list.members.map(({ id }) => id))
    for (const { endpoint, header } of own) this.#identify(endpoint.address, header?.memberId ?? '', isListed)
    return lists.length > 0
  }

  #remember(lists: readonly ToldList[]): void {
    for (const { list, key } of lists) this.#told.set(list.memberId, key)
    for (const id of this.#told.keys()) if (this.#told.size > mostTold) this.#told.delete(id)
  }

  #identify(address: string, id: string, isListed: ReadonlySet<string>): void {
    const earlier = this.ids.get(address)
    if (earlier !== undefined && earlier !== id && isListed.has(earlier) && isListed.has(id)) this.shared.add(address)
    this.ids.set(address, id)
  }

  #forgetOthers(asked: ReadonlySet<string>): void {
    for (const known of [this.ids, this.foreign, this.shared]) {
      for (const address of known.keys()) if (!asked.has(address)) known.delete(address)
    }
  }
}

function mostCommon(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0]
}
