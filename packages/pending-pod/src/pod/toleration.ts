// SPDX-License-Identifier: Apache-2.0
import { listOf, textOf } from '@leadline/kube'
import { shortTextOf } from './text.ts'

/** A taint of a node. */
export interface Taint {
  readonly key: string
  readonly value: string
  readonly effect: string
}

/** What a pod puts up with. */
export interface Toleration {
  /** Undefined for every key. */
  readonly key: string | undefined
  /** Undefined for every value. */
  readonly value: string | undefined
  /** Undefined for every effect. */
  readonly effect: string | undefined
}

/** Those that admission gives to every pod keep no pod from any node, nor let it on one that is ready. */
const usual = new Set(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'])

/** Reads at most 32 tolerations of a pod's spec, without those that every pod has. */
export function readTolerations(value: unknown): readonly Toleration[] {
  const tolerations = listOf(value).map((one) => ({
    key: shortTextOf(one['key'], 256),
    value: one['operator'] === 'Exists' ? undefined : (shortTextOf(one['value'], 64) ?? ''),
    effect: textOf(one['effect']),
  }))
  return tolerations
    .filter(({ key, effect }) => key === undefined || effect !== 'NoExecute' || !usual.has(key))
    .slice(0, 32)
}

/** Whether a taint keeps a pod with these tolerations away. */
export function repels({ key, value, effect }: Taint, tolerations: readonly Toleration[]): boolean {
  if (effect !== 'NoSchedule' && effect !== 'NoExecute') return false
  return !tolerations.some(
    (one) =>
      (one.key === undefined || one.key === key) &&
      (one.value === undefined || one.value === value) &&
      (one.effect === undefined || one.effect === effect),
  )
}
