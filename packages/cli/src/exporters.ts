// SPDX-License-Identifier: Apache-2.0
import { blackbox } from '@leadline/blackbox'
import type { Exporter, FlagTable } from '@leadline/kit'

/** An exporter of the suite, and how to try it once it runs. */
export interface SuiteExporter {
  readonly exporter: Exporter<unknown, FlagTable>
  /** Path and query of a first request to an exporter that listens on `address` (host:port). */
  readonly firstRequest: (address: string) => string
}

/** Every exporter of the suite, in the order of the help. */
export const suite: readonly SuiteExporter[] = [
  { exporter: blackbox, firstRequest: (address) => `probe?module=tcp_connect&target=${address}` },
]
