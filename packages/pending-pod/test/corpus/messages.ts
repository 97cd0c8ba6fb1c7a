// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'

/** A message and what is to be read in it, by hand. */
export interface CorpusMessage {
  readonly form: Form
  /** The cause to name. */
  readonly cause: string
  /** How many nodes are refused for what. */
  readonly nodes: Readonly<Record<string, number>>
  readonly message: string
}

/**
 * The form of a message, named by a Kubernetes version that writes it. `1.23`: taints `{a: b}, that the pod didn't tolerate`.
 * `1.24`: `untolerated taint {a: b}`, and what preemption came to. `1.26`: with a full stop too many. `1.34`: what dynamic resources
 * came to stands before that, and volumes are in new words. `1.36`: taints have no names. `source`: put together from the texts in
 * the scheduler's sources. `large`: made after these for a thousand nodes and more. `other`: of other schedulers, or by hand.
 */
export type Form = '1.23' | '1.24' | '1.26' | '1.34' | '1.36' | 'source' | 'large' | 'other'

/** Messages of conditions PodScheduled and events FailedScheduling, most of them as public reports have them. */
export const corpus: readonly CorpusMessage[] = readFileSync(new URL('messages.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as CorpusMessage)
