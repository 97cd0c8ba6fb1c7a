// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'
import type { Intake } from './intake.ts'
import { type Leaving, leavingOf, type Outcome, outcomeOf } from './leaving.ts'
import { createLookUps, type Departed, type LookUp, type LookUpAnswer } from './look-ups.ts'
import { type LedgerOptions, ledgerTerms } from './options.ts'
import { type Summary, summarise } from './summary.ts'
import { meetPod, updatePod, type WaitingPod } from './waiting-pod.ts'

/** The book of the pods that wait to start. All times in unix seconds by the API server's clock. */
export interface Ledger {
  /**
   * What a watch of pods tells, of the Pending ones alone or of all. A watch of the Pending ones tells of a pod that leaves
   * them only that it did; so such a pod is to be looked up.
   */
  readonly pods: Intake<PendingPodFacts>
  /** How many pods wait. */
  readonly size: number
  /** How many are to be looked up, those under way among them. */
  readonly lookUps: number
  /** The pod to look up next. Each is given once, and has to be resolved in the end. */
  nextLookUp(): LookUp | undefined
  /** Takes in the answer to a look-up, which was there at `at`. A pod that is back meanwhile needs none any more. */
  resolve(uid: string, answer: LookUpAnswer, at: number): void
  waiting(): Iterable<Readonly<WaitingPod>>
  summarise(now: number): Summary
}

/** An empty ledger; `onLeaving` is told once of each pod that came and waits no longer. */
export function createLedger(options: LedgerOptions, onLeaving: (leaving: Leaving) => void): Ledger {
  const terms = ledgerTerms(options)
  const book = new Map<string, WaitingPod>()
  const lookUps = createLookUps(terms.mostLookUps)

  function leave({ waiting, leftAt }: Departed, outcome: Outcome, last: PendingPodFacts = waiting.pod): void {
    book.delete(waiting.pod.uid)
    onLeaving(leavingOf(waiting, { outcome, last, leftAt }, terms))
  }

  function depart(waiting: WaitingPod, leftAt: number): void {
    book.delete(waiting.pod.uid)
    const departed = { waiting, leftAt }
    if (!lookUps.add(departed)) leave(departed, 'unknown')
  }

  function set(pod: PendingPodFacts, at: number): void {
    const departed = lookUps.take(pod.uid)
    const known = book.get(pod.uid) ?? departed?.waiting
    const outcome = outcomeOf(pod)
    if (outcome !== undefined) {
      if (known !== undefined) leave({ waiting: known, leftAt: departed?.leftAt ?? at }, outcome, pod)
      return
    }
    book.set(pod.uid, known ?? meetPod(pod, terms, at))
    if (known !== undefined) updatePod(known, pod, terms, at)
  }

  return {
    pods: {
      set,
      delete(pod, at) {
        const waiting = book.get(pod.uid)
        if (waiting === undefined) return
        // What the watch tells last is mostly older than the change that took the pod out of it.
        set(pod, at)
        if (book.has(pod.uid)) depart(waiting, at)
      },
      replace(pods, at) {
        const listed = new Set<string>()
        for (const pod of pods) {
          listed.add(pod.uid)
          set(pod, at)
        }
        for (const waiting of book.values()) if (!listed.has(waiting.pod.uid)) depart(waiting, at)
      },
    },
    get size() {
      return book.size
    },
    get lookUps() {
      return lookUps.size
    },
    nextLookUp: () => lookUps.next(),
    resolve(uid, answer, at) {
      const departed = lookUps.take(uid)
      if (departed === undefined) return
      if (answer === 'failed') return leave(departed, 'unknown')
      // Another pod of the same name, as a StatefulSet makes it, says as much as none.
      if (answer === 'not_found' || answer.uid !== uid) return leave(departed, 'deleted')
      const outcome = outcomeOf(answer)
      if (outcome !== undefined) return leave(departed, outcome, answer)
      book.set(uid, departed.waiting)
      set(answer, at)
    },
    waiting: () => book.values(),
    summarise: (now) => summarise(book.values(), terms, now),
  }
}
