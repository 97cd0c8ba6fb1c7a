// SPDX-License-Identifier: Apache-2.0
import { listOf, type Raw, rawOf, textOf, timeOf } from '@leadline/kube'

/** One of an object's `status.conditions`. */
export interface Condition {
  readonly isTrue: boolean
  readonly reason: string | undefined
  /** When its status last changed, in unix seconds; a new reason alone does not move it. */
  readonly changedAt: number | undefined
}

/** The conditions of an object by type; those of status Unknown are neither true nor left out. */
export function readConditions(raw: Raw): ReadonlyMap<string, Condition> {
  const conditions = listOf(rawOf(raw['status'])['conditions']).flatMap((one): [string, Condition][] => {
    const type = textOf(one['type'])
    if (type === undefined) return []
    const isTrue = one['status'] === 'True'
    return [[type, { isTrue, reason: textOf(one['reason']), changedAt: timeOf(one['lastTransitionTime']) }]]
  })
  return new Map(conditions)
}
