// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type Module, stateModule } from '@leadline/kit'
import type { SaverState } from '../state/saver.ts'

/** What is told of the saved state. */
export const stateMetrics = defineMetrics({
  cronjob_state_saved_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time of the last save of the state that outlives a restart; absent before the first one.',
    source: 'write of the state file or ConfigMap',
  },
  cronjob_state_unsaved_seconds: {
    type: 'gauge',
    help: 'Seconds for which the oldest change of the state has not been saved; 0 when all is.',
    source: 'monotonic clock of the exporter',
  },
  cronjob_state_save_failures_total: {
    type: 'counter',
    help: 'Attempts to save the state that failed; each is made again.',
    source: 'write of the state file or ConfigMap',
  },
  cronjob_state_size_bytes: {
    type: 'gauge',
    help: 'Size of the state as it was last saved, compressed; absent before the first save.',
    source: 'write of the state file or ConfigMap',
  },
})

/** The collector `state`: whether what was counted would outlive a restart. It tells nothing where no state is kept. */
export function stateCollector(state: () => SaverState | undefined): Module<object, typeof stateMetrics> {
  return stateModule({
    name: 'state',
    metrics: stateMetrics,
    tell(set) {
      const now = state()
      if (now === undefined) return
      const { lastSavedAt, unsavedSeconds, failures, sizeBytes } = now
      if (lastSavedAt !== undefined) set('cronjob_state_saved_timestamp_seconds', lastSavedAt)
      set('cronjob_state_unsaved_seconds', unsavedSeconds)
      set('cronjob_state_save_failures_total', failures)
      if (sizeBytes !== undefined) set('cronjob_state_size_bytes', sizeBytes)
    },
  })
}
