// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type Family, type Outcome } from '@leadline/kit'

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

/** The families of a whole probe page, sorted by name. */
export function probeFamilies(outcome: Outcome, timeoutSeconds: number): Family[] {
  const own = [
    gauge('probe_duration_seconds', outcome.durationSeconds),
    gauge('probe_success', outcome.ending === 'success' ? 1 : 0),
    gauge('probe_timeout_seconds', timeoutSeconds),
  ]
  const families: Family[] = []
  let placed = 0
  for (const family of outcome.families) {
    for (let next = own[placed]; next !== undefined && next.name < family.name; next = own[++placed])
      families.push(next)
    families.push(family)
  }
  families.push(...own.slice(placed))
  return families
}

function gauge(name: keyof typeof probeMetrics, value: number): Family {
  return { name, type: 'gauge', help: probeMetrics[name].help, samples: [{ suffix: '', labels: [], value }] }
}
