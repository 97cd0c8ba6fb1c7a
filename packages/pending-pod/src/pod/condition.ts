// SPDX-License-Identifier: Apache-2.0
import { type Raw, textOf, timeOf } from '@leadline/kube'
import { shortTextOf } from './text.ts'

/** One of a pod's `status.conditions`. */
export interface Condition {
  readonly isTrue: boolean
  readonly reason: string | undefined
  /** At most 1,024 characters of it. */
  readonly message: string | undefined
  /** When its status last changed, in unix seconds; a new reason alone does not move it. */
  readonly changedAt: number | undefined
}

/** Reads the condition of this type; undefined when the pod has none. */
export function readCondition(conditions: readonly Raw[], type: string): Condition | undefined {
  const condition = conditions.find((one) => one['type'] === type)
  return (
    condition && {
      isTrue: condition['status'] === 'True',
      reason: shortTextOf(condition['reason'], 128),
      message: shortTextOf(condition['message'], 1024),
      changedAt: timeOf(condition['lastTransitionTime']),
    }
  )
}

/** The whole message of a condition, for a reader that bounds it. */
export function wholeMessage(conditions: readonly Raw[], type: string): string {
  return textOf(conditions.find((one) => one['type'] === type)?.['message']) ?? ''
}
