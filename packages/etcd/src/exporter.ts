// SPDX-License-Identifier: Apache-2.0
import { collector, defineExporter, type ExporterContext, type Started, startTicker } from '@leadline/kit'
import { Watches } from './cluster/watches.ts'
import { type EtcdConfig, etcdConfig } from './config.ts'
import { makeDiskProbe } from './disk-probe/disk-probe.ts'
import { builtIn, configOf, flags } from './flags.ts'
import { modulesOf } from './modules.ts'
import { HeldUp } from './soundings/held-up.ts'

/** How often a changed config is looked for and verdicts take a look at their cluster, in seconds. */
const lookSeconds = 1

/** The etcd exporter. */
export const etcd = defineExporter({
  name: 'etcd',
  namespace: 'etcd',
  title: 'Leadline etcd exporter',
  description: 'Sounds each etcd member: commits, reads, elections and quota, before they fail.',
  port: 10192,
  flags,
  config: { shape: etcdConfig, builtIn, fromFlags: configOf },
  start,
})

function start({ clock, config, log, signal }: ExporterContext<EtcdConfig, typeof flags>): Started {
  const heldUp = new HeldUp(clock)
  const watches = new Watches({ clock, heldUp, log })
  const disk = makeDiskProbe({ clock, log })
  let followed: EtcdConfig | undefined
  const look = (): void => {
    const now = config()
    if (now !== followed) {
      followed = now
      watches.configure(now.clusters)
      disk.configure(now.disk_probe)
    }
    for (const cluster of watches.clusters) cluster.look()
  }
  look()
  startTicker({ intervalSeconds: lookSeconds, phase: 1, clock, signal, ran: heldUp.ran }, look)
  const modules = modulesOf({
    clusters: onceEachTurn(() => watches.clusters.map((cluster) => cluster.judged())),
    memberships: () => watches.clusters.map((cluster) => cluster.membership()),
    ownMetrics: () => watches.clusters.flatMap((cluster) => cluster.ownMetrics()),
    credentials: () => watches.clusters.map((cluster) => cluster.credentialsView()),
    disk,
    heldUp,
    clock,
  })
  return {
    collectors: modules.map((module) => collector(module, () => ({}))),
    stop() {
      watches.stop()
      disk.configure(undefined)
      return Promise.resolve()
    },
  }
}

/** The same value for all that ask within one turn of the event loop, so that one page tells of one moment. */
function onceEachTurn<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    if (made === undefined) {
      made = { value: make() }
      setImmediate(() => {
        made = undefined
      })
    }
    return made.value
  }
}
