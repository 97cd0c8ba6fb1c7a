// SPDX-License-Identifier: Apache-2.0
import { formatRecord, printConfig } from '@leadline/kit'
import { probeModule } from '../config.ts'
import type { ProbeResult } from './result.ts'

/** The page of `debug=true` and /logs: what the probe logged, what it measured, and the module without its secrets. */
export function debugText({ records, page, module }: ProbeResult): string {
  return [
    'Logs for the probe:',
    ...records.map((record) => formatRecord(record)),
    '\n\nMetrics that would have been returned:',
    page,
    '\n\nModule configuration:',
    printConfig(probeModule, module, 2),
  ].join('\n')
}
