// SPDX-License-Identifier: Apache-2.0
import { defineMetrics } from '@leadline/kit'

/** What every probe reports beside its prober's own metrics. */
export const probeMetrics = defineMetrics({
  probe_duration_seconds: {
    type: 'gauge',
    help: 'Seconds that the probe took, name resolution included.',
    source: 'wall time of the prober',
  },
  probe_success: {
    type: 'gauge',
    help: 'Whether the probe was a success: 1 or 0.',
    source: 'every check of the module',
  },
  probe_timeout_seconds: {
    type: 'gauge',
    help: 'Seconds that the probe was allowed to take.',
    source: 'scrape timeout header, --timeout-offset and the timeout of the module',
  },
})
