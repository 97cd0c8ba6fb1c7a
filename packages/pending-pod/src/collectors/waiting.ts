// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import { causes } from '../cause/cause.ts'
import { nodeReasons } from '../message/node-reason.ts'
import type { Known } from './known.ts'

const ofGroup = {
  namespace: 'namespaces in which pods wait',
  cause: `the ${causes.length} causes, which README.md lists`,
} as const

const ofStuck = {
  namespace: ofGroup.namespace,
  pod: 'the oldest pods over their threshold, as many as the config says',
} as const

const pods = 'watch of pods with status.phase Pending'

/** Rows of the waiting collector. */
export const waitingMetrics = defineMetrics({
  pending_pod_pods: {
    type: 'gauge',
    help: 'Pods that are Pending, by the one cause that holds each; absent where none waits, and all while the exporter is blind.',
    labels: ofGroup,
    source: `${pods}; conditions, container statuses and the message of the scheduler`,
  },
  pending_pod_oldest_age_seconds: {
    type: 'gauge',
    help: 'Seconds for which the oldest of these pods has been waiting, since its creation or since its last scheduling gate went.',
    labels: ofGroup,
    source: `${pods}; metadata.creationTimestamp and spec.schedulingGates`,
  },
  pending_pod_over_threshold_pods: {
    type: 'gauge',
    help: 'Those of these pods that have been waiting for longer than their namespace allows; gated ones never are.',
    labels: ofGroup,
    source: `${pods}; leadline.dev/pending-threshold of the namespace, else the config`,
  },
  pending_pod_stuck: {
    type: 'gauge',
    help: 'Always 1, for the oldest of the pods over their threshold, so that a page can name them.',
    labels: { ...ofStuck, owner: 'their workloads, as Deployment/web', cause: ofGroup.cause },
    source: `${pods}; metadata.ownerReferences`,
  },
  pending_pod_stuck_age_seconds: {
    type: 'gauge',
    help: 'Seconds for which each of these pods has been waiting.',
    labels: ofStuck,
    source: pods,
  },
  pending_pod_node_reasons: {
    type: 'gauge',
    help: 'Nodes that the scheduler refused, by reason, summed over the waiting pods; absent for reasons that none has.',
    labels: { reason: `the ${nodeReasons.length} reasons: ${nodeReasons.join(', ')}` },
    source: 'message of the condition PodScheduled',
  },
})

/** Tells who waits and why. What may be out of date is not told. */
export const waiting = (known: Pick<Known, 'summary'>) =>
  stateModule({
    name: 'waiting',
    metrics: waitingMetrics,
    tell(set) {
      const summary = known.summary()
      if (summary === undefined) return
      for (const { namespace, cause, pods: count, oldestSeconds, overThreshold } of summary.groups) {
        set('pending_pod_pods', count, { namespace, cause })
        set('pending_pod_oldest_age_seconds', oldestSeconds, { namespace, cause })
        set('pending_pod_over_threshold_pods', overThreshold, { namespace, cause })
      }
      for (const { pod, cause, ageSeconds } of summary.stuck) {
        const { namespace, name } = pod
        const owner = `${pod.workload.kind}/${pod.workload.name}`
        set('pending_pod_stuck', 1, { namespace, pod: name, owner, cause })
        set('pending_pod_stuck_age_seconds', ageSeconds, { namespace, pod: name })
      }
      for (const [reason, nodes] of summary.refusedNodes) set('pending_pod_node_reasons', nodes, { reason })
    },
  })
