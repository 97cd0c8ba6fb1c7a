// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import { thresholdKey } from '../watching/thresholds.ts'
import type { Known } from './known.ts'

/** Rows of the self collector. */
export const selfMetrics = defineMetrics({
  pending_pod_telling: {
    type: 'gauge',
    help: 'Whether waiting pods are told: this replica is the active one, has seen the pods, and still sees them.',
    source: 'state of the watches and of the Lease',
  },
  pending_pod_unclassified_messages_total: {
    type: 'counter',
    help: 'Messages of the scheduler that were not wholly understood; the text of each kind is in the log once.',
    source: 'message of the condition PodScheduled',
  },
  pending_pod_look_ups: {
    type: 'gauge',
    help: 'Pods that have left the Pending ones and are to be read once, to learn how.',
    source: 'watch of Pending pods',
  },
  pending_pod_threshold_invalid: {
    type: 'gauge',
    help: 'Always 1, for each namespace whose threshold says nothing that counts; absent when it is mended.',
    labels: { namespace: `namespaces with ${thresholdKey}` },
    source: `annotation or label ${thresholdKey} of namespaces`,
  },
})

/** Tells on what the exporter goes. */
export const self = (known: Known) =>
  stateModule({
    name: 'self',
    metrics: selfMetrics,
    tell(set) {
      set('pending_pod_telling', known.summary() === undefined ? 0 : 1)
      set('pending_pod_unclassified_messages_total', known.unclassifiedMessages())
      set('pending_pod_look_ups', known.lookUps())
      for (const namespace of known.thresholdMistakes()) set('pending_pod_threshold_invalid', 1, { namespace })
    },
  })
