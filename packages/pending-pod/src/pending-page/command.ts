// SPDX-License-Identifier: Apache-2.0
import { shellWord } from '@leadline/kit'
import type { PendingPodFacts } from '../pod/pod.ts'

/** A line for a shell that shows more of a pod. */
export function commandFor({ namespace, name }: PendingPodFacts): string {
  return `kubectl -n ${shellWord(namespace)} describe pod ${shellWord(name)}`
}
