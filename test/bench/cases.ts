// SPDX-License-Identifier: Apache-2.0
import type { TargetUrls } from './targets.ts'

/** What `npm run bench` demands of us beside the peer. */
export interface Goal {
  /** Least ratio of our probes per CPU-second to the peer's. */
  readonly ratio: number
  /** Most peak RSS, in MB of 1e6 bytes. */
  readonly peakRssMegabytes?: number
}

/** One row of the benchmark. */
export interface Case {
  readonly name: string
  readonly module: string
  readonly kind: keyof TargetUrls
  /** Request headers beside the scrape timeout. */
  readonly headers?: Readonly<Record<string, string>>
  /** Absent when the row is only told, not judged. */
  readonly goal?: Goal
}

/** What Prometheus 3.15 sends with each scrape. */
const asPrometheus = {
  accept:
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.7,application/openmetrics-text;version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3',
  'accept-encoding': 'gzip',
}

/** The rows, in the order they run. */
export const cases: readonly Case[] = [
  { name: 'http', module: 'http', kind: 'http', goal: { ratio: 4, peakRssMegabytes: 150 } },
  { name: 'https', module: 'http', kind: 'https', goal: { ratio: 1.5 } },
  { name: 'tcp', module: 'tcp', kind: 'tcp', goal: { ratio: 4 } },
  { name: 'dns', module: 'dns', kind: 'dns', goal: { ratio: 5 } },
  { name: 'http, headers of Prometheus', module: 'http', kind: 'http', headers: asPrometheus },
  { name: 'https, not verified', module: 'http_insecure', kind: 'https' },
]
