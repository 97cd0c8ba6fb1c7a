// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import type { HeldUp } from '../soundings/held-up.ts'

const metrics = defineMetrics({
  etcd_exporter_held_up_seconds_total: {
    type: 'counter',
    help: 'Seconds for which the exporter was kept from running; soundings of such times are thrown away as lagged.',
    source: 'lateness of a timer',
  },
})

/** Tells how the exporter itself fares; process_cpu_seconds_total and nodejs_eventloop_lag_* stand beside it. */
export const self = (heldUp: Pick<HeldUp, 'totalSeconds'>) =>
  stateModule({
    name: 'self',
    metrics,
    tell(set) {
      set('etcd_exporter_held_up_seconds_total', heldUp.totalSeconds())
    },
  })
