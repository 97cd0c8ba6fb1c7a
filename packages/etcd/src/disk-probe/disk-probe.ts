// SPDX-License-Identifier: Apache-2.0
import type { DiskProbeConfig } from './config.ts'
import { type DiskProbeView, type RunningProbe, runProbe } from './probe.ts'
import type { DiskProbeDeps } from './writer-keeper.ts'

/** The disk probe of an exporter through all its configs. */
export interface DiskProbe {
  /** Goes on as it is when the config is the same; else starts afresh, counts included. Undefined switches it off. */
  configure(config: DiskProbeConfig | undefined): void
  /** Undefined while it is off. */
  view(): DiskProbeView | undefined
}

/** A disk probe that is off. */
export function makeDiskProbe(deps: DiskProbeDeps): DiskProbe {
  let current: DiskProbeConfig | undefined
  let running: RunningProbe | undefined
  return {
    configure(config) {
      if (config?.directory === current?.directory && config?.interval === current?.interval) return
      running?.stop()
      current = config
      running = config && runProbe(config, deps)
    },
    view: () => running?.view(),
  }
}
