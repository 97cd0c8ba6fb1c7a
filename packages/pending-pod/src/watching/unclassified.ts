// SPDX-License-Identifier: Apache-2.0
import type { Logger } from '@leadline/kit'
import type { PendingPodFacts } from '../pod/pod.ts'

/** Texts that are remembered as logged; a scheduler that writes ever new ones must not fill the log. */
const mostTexts = 50

/** Counts the scheduler's messages that were not wholly understood. */
export interface Unclassified {
  /** Takes a pod as it is, and as it was before. */
  note(pod: PendingPodFacts, previous: PendingPodFacts | undefined): void
  count(): number
}

/** Counts each message once for each pod that gets it, and logs each kind of text once; numbers make no other kind. */
export function noteUnclassified(log: Logger): Unclassified {
  const logged = new Set<string>()
  let count = 0
  return {
    note({ refusal, scheduled, namespace, name }, previous) {
      if (refusal === undefined || refusal.isClassified) return
      const message = scheduled?.message ?? ''
      if (message === previous?.scheduled?.message) return
      count++
      const kind = message.replace(/\d+/g, '0')
      if (logged.has(kind) || logged.size >= mostTexts) return
      logged.add(kind)
      log.warn("The scheduler's message is not wholly understood", { namespace, pod: name, message })
    },
    count: () => count,
  }
}
