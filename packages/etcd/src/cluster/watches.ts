// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util'
import type { Clock, Logger } from '@leadline/kit'
import type { ClusterConfig } from '../config.ts'
import type { HeldUp } from '../soundings/held-up.ts'
import { ClusterWatch } from './cluster-watch.ts'

/** What the watches of all clusters share. */
export interface WatchesOptions {
  readonly clock: Clock
  readonly heldUp: HeldUp
  readonly log: Logger
}

/** The clusters that are watched, through all configs of the exporter. */
export class Watches {
  readonly #options: WatchesOptions
  #clusters: readonly ClusterWatch[] = []

  constructor(options: WatchesOptions) {
    this.#options = options
  }

  /** In the order of the config. */
  get clusters(): readonly ClusterWatch[] {
    return this.#clusters
  }

  /** Watches these from now on; a cluster whose config is the same goes on with what is known of it. */
  configure(configs: readonly ClusterConfig[]): void {
    const before = this.#clusters
    this.#clusters = configs.map((config) => {
      const known = before.find((cluster) => isDeepStrictEqual(cluster.config, config))
      if (known !== undefined) return known
      const cluster = new ClusterWatch({ ...this.#options, config })
      cluster.start()
      return cluster
    })
    for (const cluster of before) if (!this.#clusters.includes(cluster)) cluster.stop()
  }

  stop(): void {
    this.configure([])
  }
}
