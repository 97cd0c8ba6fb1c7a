// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import { ownAnnotations } from '../settings/annotations.ts'
import type { Known } from './known.ts'
import { ofCronJob } from './subject.ts'

/** Rows of the judging collector. */
export const judgingMetrics = defineMetrics({
  cronjob_judging: {
    type: 'gauge',
    help: 'Whether verdicts are given: this replica is the active one, has seen CronJobs, Jobs and pods, and still sees them.',
    source: 'state of the watches and of the Lease',
  },
  cronjob_seen_until_timestamp_seconds: {
    type: 'gauge',
    help: "Unix time by the API server's clock up to which everything was seen; verdicts of what is missing wait for it. It follows at the pace of bookmarks and ends of watches, at most a minute apart; absent before the first sight.",
    source: 'last event, bookmark or end of the watch that is furthest behind',
  },
  cronjob_rolled_up: {
    type: 'gauge',
    help: 'Whether series are for namespaces instead of CronJobs.',
    source: 'roll_up of the config, and the number of CronJobs',
  },
  cronjob_annotation_invalid: {
    type: 'gauge',
    help: 'Always 1, for each annotation of a CronJob, or of its namespace with an empty cronjob, whose text says nothing that counts; absent when it is mended.',
    labels: { ...ofCronJob, annotation: ownAnnotations.join(', ') },
    source: 'metadata.annotations',
  },
})

/** Tells whether there are verdicts, and on what they go. */
export const judging = (known: Known) =>
  stateModule({
    name: 'judging',
    metrics: judgingMetrics,
    tell(set) {
      const isRolledUp = known.isRolledUp([...known.cronJobs()].length)
      const seenUntil = known.seenUntil()
      set('cronjob_judging', known.isBlind() ? 0 : 1)
      if (seenUntil !== undefined) set('cronjob_seen_until_timestamp_seconds', seenUntil)
      set('cronjob_rolled_up', isRolledUp ? 1 : 0)
      for (const { namespace, cronJob = '', annotation } of known.annotationMistakes()) {
        const cronjob = isRolledUp ? '' : cronJob
        set('cronjob_annotation_invalid', 1, { namespace, cronjob, annotation })
      }
    },
  })
