// SPDX-License-Identifier: Apache-2.0
import type { MetricTable, Module } from '@leadline/kit'

/** A module that probes a target named by the caller. */
export interface Prober<C, T extends MetricTable> extends Module<C, T> {
  /**
   * The config with the `hostname` parameter of /probe put in, for a target that is an address.
   * Throws HostnameConflict when the config names another host. Absent: the parameter is ignored.
   */
  withHostname?(config: C, hostname: string): C
}

/** Keeps the literal types of a prober's table. */
export function defineProber<C, const T extends MetricTable>(prober: Prober<C, T>): Prober<C, T> {
  return prober
}

/** The `hostname` parameter and the module name different hosts. */
export class HostnameConflict extends Error {
  constructor(configured: string, hostname: string) {
    super(
      `Host header defined both in module configuration (${configured}) and with parameter 'hostname' (${hostname})`,
    )
    this.name = 'HostnameConflict'
  }
}
