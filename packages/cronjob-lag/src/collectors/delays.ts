// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import { stageBounds, stages } from '../tally/delays.ts'
import type { Known } from './known.ts'
import { ofCronJob } from './subject.ts'

/** Rows of the delays collector. */
export const delaysMetrics = defineMetrics({
  cronjob_run_start_delay_seconds: {
    type: 'histogram',
    help: 'Seconds from the due time of a run to the start of its first container, of runs with the verdict on_time or late; one bound is the objective of the config.',
    labels: { namespace: ofCronJob.namespace },
    source: 'the due time, and state.running.startedAt or state.terminated.startedAt of containers',
  },
  cronjob_run_stage_duration_seconds: {
    type: 'histogram',
    buckets: stageBounds,
    help: 'Seconds that the stages of a start took: created (from the due time to the Job), scheduled (from the Job to a node for the first pod), pulled (from there to its first image, absent without an event Pulled), started (from there to the first container).',
    labels: { stage: stages.join(', ') },
    source: 'Job metadata.creationTimestamp, pod condition PodScheduled, event Pulled, startedAt of containers',
  },
  cronjob_clamped_delays_total: {
    type: 'counter',
    help: 'Delays and stages that came out below zero, since the clocks of two machines differ, and count as zero.',
    source: 'times of different clocks in the API',
  },
})

/** Tells how long starts took. */
export const delays = (known: Pick<Known, 'tally'>) =>
  stateModule({
    name: 'delays',
    metrics: delaysMetrics,
    tell(set) {
      const tally = known.tally()
      if (tally === undefined) return
      for (const [namespace, one] of tally.delays) set('cronjob_run_start_delay_seconds', one.value(), { namespace })
      for (const [stage, one] of tally.stages) set('cronjob_run_stage_duration_seconds', one.value(), { stage })
      set('cronjob_clamped_delays_total', tally.clampedDelays)
    },
  })
