// SPDX-License-Identifier: Apache-2.0
import type { ClusterView } from '../view.ts'
import { freshMembers } from './fresh.ts'
import { createGrowth, type Growth } from './growth.ts'
import { quotaAimBytes, quotaBytes } from './quota-limit.ts'

/** When a member's quota will be used up, in seconds. */
export interface SecondsLeft {
  /** By the size of the file, which is what the quota bounds; it stands still while free pages are used up. */
  readonly bySize: number
  /** By the bytes in use. */
  readonly byInUse: number
}

/** How the members' databases have grown so far. */
export interface QuotaForecast {
  /** Takes a look at the cluster; `now` in monotonic seconds. */
  add(now: number, view: ClusterView): void
  /** Seconds from `now`, in monotonic seconds; undefined without a quota, or while the history is too short. */
  secondsLeft(label: string, now: number): SecondsLeft | undefined
}

interface Member {
  readonly size: Growth
  readonly inUse: Growth
  readonly quota: number | undefined
  /** When the last Status was given, in monotonic seconds. */
  readonly at: number
}

/** Follows the database of each member; one that leaves the view is forgotten. */
export function createQuotaForecast(): QuotaForecast {
  let members: ReadonlyMap<string, Member> = new Map()
  return {
    add(now, view) {
      const known = new Set(view.members.map(({ label }) => label))
      const kept = [...members].filter(([label]) => known.has(label))
      const fresh = freshMembers(view).map(({ member, reply, ago }) => {
        const before = members.get(member.label) ?? {
          size: createGrowth(),
          inUse: createGrowth(),
          at: Number.NEGATIVE_INFINITY,
        }
        const at = now - ago
        // The same Status looked at twice is no second point.
        if (at > before.at + 0.1) {
          before.size.add(at, reply.dbSizeBytes)
          before.inUse.add(at, reply.dbSizeInUseBytes)
        }
        return [member.label, { ...before, at: Math.max(at, before.at), quota: quotaBytes(member, view) }] as const
      })
      members = new Map([...kept, ...fresh])
    },
    secondsLeft(label, now) {
      const member = members.get(label)
      if (member?.quota === undefined) return undefined
      const aim = quotaAimBytes(member.quota)
      const [bySize, byInUse] = [member.size.secondsUntil(aim), member.inUse.secondsUntil(aim)]
      if (bySize === undefined || byInUse === undefined) return undefined
      const since = now - member.at
      return { bySize: Math.max(0, bySize - since), byInUse: Math.max(0, byInUse - since) }
    },
  }
}
