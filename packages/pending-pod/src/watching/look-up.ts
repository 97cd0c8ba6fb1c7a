// SPDX-License-Identifier: Apache-2.0
import { ApiError, type Cluster } from '@leadline/kube'
import type { Ledger } from '../ledger/ledger.ts'
import type { LookUp, LookUpAnswer } from '../ledger/look-ups.ts'
import { readPod } from '../pod/pod.ts'

/** Look-ups that are under way at a time. */
const mostAtOnce = 8

/** What looking up needs. */
export interface LookingOptions {
  readonly cluster: Pick<Cluster, 'get'>
  readonly ledger: Ledger
  /** Unix seconds by the API server's clock. */
  readonly now: () => number
  readonly signal: AbortSignal
}

/** Asks for pods that have left the watch: one request each, a few at a time. */
export interface Looking {
  /** To be called after each change of the ledger. */
  go(): void
}

/** Nothing is asked before the first `go`. */
export function startLooking({ cluster, ledger, now, signal }: LookingOptions): Looking {
  let underWay = 0
  async function ask(lookUp: LookUp): Promise<void> {
    const answer = await answerOf(cluster, lookUp, signal)
    if (!signal.aborted) ledger.resolve(lookUp.uid, answer, now())
  }
  function go(): void {
    while (underWay < mostAtOnce && !signal.aborted) {
      const lookUp = ledger.nextLookUp()
      if (lookUp === undefined) return
      underWay++
      void ask(lookUp).finally(() => {
        underWay--
        go()
      })
    }
  }
  return { go }
}

async function answerOf(
  cluster: Pick<Cluster, 'get'>,
  { namespace, name }: LookUp,
  signal: AbortSignal,
): Promise<LookUpAnswer> {
  try {
    return readPod(await cluster.get(`/api/v1/namespaces/${namespace}/pods/${name}`, { signal }))
  } catch (error) {
    return error instanceof ApiError && error.failure === 'not_found' ? 'not_found' : 'failed'
  }
}
