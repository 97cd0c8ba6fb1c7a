// SPDX-License-Identifier: Apache-2.0
import type { LogRecord, Outcome } from '@leadline/kit'
import type { ProbeModule } from '../config.ts'

/** What a probe leaves for the debug page. */
export interface ProbeResult {
  readonly moduleName: string
  readonly module: ProbeModule
  readonly target: string
  readonly success: boolean
  /** How the probe ended; `success` is true for one of these only. */
  readonly ending: Outcome['ending']
  readonly durationSeconds: number
  readonly records: readonly LogRecord[]
  /** What it measured, in `textFormat`. */
  readonly page: string
}
