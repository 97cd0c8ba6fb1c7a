// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import { outcomes } from '../ledger/leaving.ts'
import { waitBounds, waitStages } from '../left-tally.ts'
import type { Known } from './known.ts'

/** Rows of the left collector. */
export const leftMetrics = defineMetrics({
  pending_pod_left_total: {
    type: 'counter',
    help: 'Pods that wait no longer, by how: started, deleted (before they started), rejected (by the kubelet of their node), finished (seen neither to run nor to be rejected), unknown (nobody could be asked).',
    labels: { namespace: 'namespaces in which pods have waited', how: outcomes.join(', ') },
    source: 'watch of Pending pods, and one read of each pod that left it',
  },
  pending_pod_wait_duration_seconds: {
    type: 'histogram',
    buckets: waitBounds,
    help: 'Seconds that pods waited, since their creation or their last scheduling gate, until they were scheduled, and until all their main containers had started.',
    labels: { stage: waitStages.join(', ') },
    source: 'condition PodScheduled, startedAt of containers',
  },
})

/** Tells what became of those that waited. */
export const left = (known: Pick<Known, 'tally'>) =>
  stateModule({
    name: 'left',
    metrics: leftMetrics,
    tell(set) {
      const tally = known.tally()
      if (tally === undefined) return
      for (const [namespace, counts] of tally.left) {
        for (const how of outcomes) set('pending_pod_left_total', counts.get(how) ?? 0, { namespace, how })
      }
      for (const [stage, one] of tally.waits) set('pending_pod_wait_duration_seconds', one.value(), { stage })
    },
  })
