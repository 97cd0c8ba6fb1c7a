// SPDX-License-Identifier: Apache-2.0
import type { Exporter, FlagTable } from '@leadline/kit'

/** An exporter of the suite, and how to try it once it runs. */
export interface SuiteExporter {
  /** Its command word. */
  readonly name: string
  /** Loads it, which takes time and memory that other commands need not spend. */
  readonly load: () => Promise<LoadedExporter>
  /** Path and query of a first request to an exporter that listens on `address` (host:port). */
  readonly firstRequest: (address: string) => string
}

/** An exporter, and whether what it measures is there. */
export interface LoadedExporter {
  readonly exporter: Exporter<unknown, FlagTable>
  /** What is missing for it on this machine and how to name it, as one line; undefined when it can start. */
  readonly missing?: () => Promise<string | undefined>
}

/** Every exporter of the suite, in the order of the help. */
export const suite: readonly SuiteExporter[] = [
  {
    name: 'blackbox',
    load: async () => ({ exporter: (await import('@leadline/blackbox')).blackbox }),
    firstRequest: (address) => `probe?module=tcp_connect&target=${address}`,
  },
  {
    name: 'etcd',
    async load() {
      const { etcd, missingEtcd } = await import('@leadline/etcd')
      return { exporter: etcd, missing: missingEtcd }
    },
    firstRequest: () => 'metrics',
  },
  {
    name: 'cronjob-lag',
    async load() {
      const { cronJobLag } = await import('@leadline/cronjob-lag')
      const { missingCluster } = await import('@leadline/kube')
      return { exporter: cronJobLag, missing: () => missingCluster('cronjob-lag') }
    },
    firstRequest: () => 'runs',
  },
  {
    name: 'pending-pod',
    async load() {
      const { pendingPod } = await import('@leadline/pending-pod')
      const { missingCluster } = await import('@leadline/kube')
      return { exporter: pendingPod, missing: () => missingCluster('pending-pod') }
    },
    firstRequest: () => 'pending',
  },
]
