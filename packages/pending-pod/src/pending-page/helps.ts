// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { helpText } from '../help/help.ts'
import type { NodeFacts } from '../help/node-facts.ts'
import type { Row } from './row.ts'

/** Nodes looked at for one page, over all pods; beyond, what would help is told without the nodes. */
const mostLooks = 30_000

/** Nodes looked at before other work gets its turn. */
const batch = 5000

/** What would help each of these pods, where that is known. Pods that are alike to the scheduler are looked at once. */
export async function helpsOf(
  rows: readonly Row[],
  nodes: readonly NodeFacts[],
): Promise<ReadonlyMap<Row, string | undefined>> {
  const known = new Map<string, string | undefined>()
  const helps = new Map<Row, string | undefined>()
  let looks = 0
  let pauseAt = batch
  for (const row of rows) {
    const key = keyOf(row)
    if (!known.has(key)) {
      const isLook = row.pod.nodeName === undefined && looks + nodes.length <= mostLooks
      known.set(key, helpText(row.pod, row.cause, isLook ? nodes : []))
      looks += isLook ? nodes.length : 0
    }
    helps.set(row, known.get(key))
    if (looks < pauseAt) continue
    await setImmediate()
    pauseAt = looks + batch
  }
  return helps
}

/** All that a help is made of beside the nodes. */
function keyOf({ pod, cause }: Row): string {
  const { requests, tolerations, refusal, gates, schedulerName, nodeName } = pod
  return JSON.stringify([cause, [...requests], tolerations, refusal?.extras, gates, schedulerName, nodeName])
}
