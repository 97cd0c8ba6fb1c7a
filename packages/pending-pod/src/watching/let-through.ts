// SPDX-License-Identifier: Apache-2.0
import type { Ledger } from '../ledger/ledger.ts'
import { isHeld } from '../ledger/waiting-pod.ts'
import type { PendingPodFacts } from '../pod/pod.ts'

/** The waiting pods that were seen to be let through their gates, whoever was told of it then: the API keeps no such moment. */
export interface LetThrough {
  /** Takes a pod as it is at `at`, and as it was before. */
  note(pod: PendingPodFacts, previous: PendingPodFacts | undefined, at: number): void
  forget(uid: string): void
  /** Tells a ledger of a pod that is new to it and was there before. */
  tell(ledger: Ledger, pod: PendingPodFacts, at: number): void
}

/** None at first. */
export function createLetThrough(): LetThrough {
  /** Each as it was when it was held last, and until when. */
  const held = new Map<string, { readonly pod: PendingPodFacts; readonly until: number }>()
  return {
    note(pod, previous, at) {
      if (previous !== undefined && isHeld(previous) && !isHeld(pod)) held.set(pod.uid, { pod: previous, until: at })
    },
    forget: (uid) => void held.delete(uid),
    tell(ledger, pod, at) {
      const before = held.get(pod.uid)
      if (before !== undefined) ledger.pods.set(before.pod, before.until)
      ledger.pods.set(pod, before?.until ?? at)
    },
  }
}
