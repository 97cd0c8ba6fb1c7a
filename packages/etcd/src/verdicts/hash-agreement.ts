// SPDX-License-Identifier: Apache-2.0
import type { HashReply } from '../rpc/member-rpc.ts'

/** What a comparison of the members' hashes came to. */
export const hashStates = ['agree', 'disagree', 'unchecked'] as const
export type HashState = (typeof hashStates)[number]

/**
 * Compares the hashes of one revision by member label; undefined for a member that gave none. Only hashes over the same
 * span of revisions are compared, those of one cluster, one compaction and one hash revision. `disagree` when two such
 * differ; `agree` only when all members gave comparable, equal ones; anything missing leaves it `unchecked`.
 */
export function compareHashes(answers: ReadonlyMap<string, HashReply | undefined>): HashState {
  const spans = new Map<string, Set<number>>()
  for (const reply of answers.values()) {
    if (reply === undefined) continue
    const span = `${reply.clusterId} ${reply.compactRevision} ${reply.hashRevision}`
    spans.set(span, (spans.get(span) ?? new Set()).add(reply.hash))
  }
  if ([...spans.values()].some(({ size }) => size > 1)) return 'disagree'
  const isWhole = answers.size > 1 && [...answers.values()].every((reply) => reply !== undefined)
  return isWhole && spans.size === 1 ? 'agree' : 'unchecked'
}

/**
 * The members whose hash is not that of most members, by label; empty when there is no majority, since then nobody can say
 * who is wrong.
 */
export function oddHashes(answers: ReadonlyMap<string, HashReply | undefined>): readonly string[] {
  if (compareHashes(answers) !== 'disagree') return []
  const counts = new Map<number, number>()
  for (const reply of answers.values()) if (reply) counts.set(reply.hash, (counts.get(reply.hash) ?? 0) + 1)
  const common = [...counts].find(([, count]) => count * 2 > answers.size)?.[0]
  if (common === undefined) return []
  return [...answers].flatMap(([label, reply]) => (reply === undefined || reply.hash === common ? [] : [label]))
}
