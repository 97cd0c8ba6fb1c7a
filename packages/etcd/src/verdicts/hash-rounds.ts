// SPDX-License-Identifier: Apache-2.0
import type { HashReply } from '../rpc/member-rpc.ts'
import type { ClusterView } from '../view.ts'
import { freshVoters } from './fresh.ts'
import { compareHashes, type HashState, oddHashes } from './hash-agreement.ts'

/** Whom to ask for a hash, and up to which revision. */
export interface HashQuestion {
  /** Label of the member. */
  readonly member: string
  readonly revision: number
}

/** What the last finished round came to. */
export interface HashRound {
  readonly state: HashState
  /** Labels of the members that were asked. */
  readonly members: readonly string[]
  /** Labels of those whose hash is not that of most. */
  readonly odd: readonly string[]
  readonly revision: number
  /** Monotonic seconds. */
  readonly endedAt: number
}

/** Plans rounds of HashKV and keeps what the last one came to. */
export interface HashRounds {
  /** The member to ask now; undefined while an answer is awaited, while no round is due, and while a voter does not answer. */
  next(now: number, view: ClusterView): HashQuestion | undefined
  /** Takes the answer to the last question, undefined for a failure; `now` in monotonic seconds. */
  answer(now: number, reply: HashReply | undefined): void
  /** Undefined before the first round has ended. */
  readonly last: HashRound | undefined
  /** That of the last round, but `unchecked` before the first and when the last is over two periods old. */
  state(now: number): HashState
}

/** Part of the period after which a round that could not compare is made again. */
const retryShare = 1 / 12

interface OpenRound {
  readonly revision: number
  readonly answers: ReadonlyMap<string, HashReply | undefined>
  readonly asked: string | undefined
  readonly toAsk: readonly string[]
}

/**
 * Each period, every voter is asked once, one after the other, since a hash reads the whole keyspace. All are asked up to
 * the lowest revision that any of them has: one that a member has not reached would be refused.
 */
export function createHashRounds(periodSeconds: number): HashRounds {
  let round: OpenRound | undefined
  let last: HashRound | undefined

  function begin(now: number, view: ClusterView): OpenRound | undefined {
    if (last !== undefined && now - last.endedAt < wait(last, periodSeconds)) return undefined
    const voters = freshVoters(view)
    if (voters.length < 2 || voters.length !== view.listedVoters) return undefined
    const revision = Math.min(...voters.map(({ reply }) => reply.revision))
    return { revision, answers: new Map(), asked: undefined, toAsk: voters.map(({ member }) => member.label) }
  }

  return {
    next(now, view) {
      round ??= begin(now, view)
      if (round === undefined || round.asked !== undefined) return undefined
      const [member, ...toAsk] = round.toAsk
      if (member === undefined) return undefined
      round = { ...round, asked: member, toAsk }
      return { member, revision: round.revision }
    },
    answer(now, reply) {
      if (round?.asked === undefined) return
      const { revision, asked, toAsk } = round
      const answers = new Map([...round.answers, [asked, reply]])
      round = { revision, answers, asked: undefined, toAsk }
      if (toAsk.length > 0) return
      const members = [...answers.keys()]
      last = { state: compareHashes(answers), members, odd: oddHashes(answers), revision, endedAt: now }
      round = undefined
    },
    get last() {
      return last
    },
    state: (now) => (last === undefined || now - last.endedAt > 2 * periodSeconds ? 'unchecked' : last.state),
  }
}

function wait({ state }: HashRound, periodSeconds: number): number {
  return state === 'unchecked' ? periodSeconds * retryShare : periodSeconds
}
