// SPDX-License-Identifier: Apache-2.0
import type { PendingPodFacts } from '../pod/pod.ts'
import type { WaitingPod } from './waiting-pod.ts'

/** A pod to read once, to learn how it ceased to be Pending. */
export interface LookUp {
  readonly uid: string
  readonly namespace: string
  readonly name: string
}

/** What the API server said: the pod of that name, that there is none, or nothing of use. */
export type LookUpAnswer = PendingPodFacts | 'not_found' | 'failed'

/** A pod that has left the watch, of which it is not known how. */
export interface Departed {
  readonly waiting: WaitingPod
  /** When it was seen to have left, in unix seconds. */
  readonly leftAt: number
}

/** Pods to be looked up, oldest first. Each is given out once, and kept until its answer is there. */
export interface LookUps {
  /** How many there are, those under way among them. */
  readonly size: number
  /** Whether there was room for it. */
  add(departed: Departed): boolean
  next(): LookUp | undefined
  /** Gives up a look-up, whether answered or needless. */
  take(uid: string): Departed | undefined
}

/** Room for `most` look-ups. */
export function createLookUps(most: number): LookUps {
  const departed = new Map<string, Departed>()
  const unasked = new Set<string>()
  return {
    get size() {
      return departed.size
    },
    add(one) {
      if (departed.size >= most) return false
      departed.set(one.waiting.pod.uid, one)
      unasked.add(one.waiting.pod.uid)
      return true
    },
    next() {
      const [uid] = unasked
      const pod = uid === undefined ? undefined : departed.get(uid)?.waiting.pod
      if (uid === undefined || pod === undefined) return undefined
      unasked.delete(uid)
      return { uid, namespace: pod.namespace, name: pod.name }
    },
    take(uid) {
      const one = departed.get(uid)
      departed.delete(uid)
      unasked.delete(uid)
      return one
    },
  }
}
