// SPDX-License-Identifier: Apache-2.0
import { collector, defineExporter, type ExporterContext, type Started } from '@leadline/kit'
import { clusterClock, openNamedCluster, placeOf, standFor } from '@leadline/kube'
import type { Known } from './collectors/known.ts'
import { type PendingPodConfig, pendingPodConfig } from './config.ts'
import { configOf, flags, namespacesOf } from './flags.ts'
import { createLeftTally } from './left-tally.ts'
import { modulesOf } from './modules.ts'
import { pendingRoutes } from './pending-page/routes.ts'
import { nodeView } from './watching/node-view.ts'
import { watchPending } from './watching/pending-watch.ts'
import { createTerm } from './watching/term.ts'

/** The pending-pod exporter. */
export const pendingPod = defineExporter({
  name: 'pending-pod',
  namespace: 'pending_pod',
  title: 'Leadline pending-pod exporter',
  description: 'Tells which pods wait to start, how long, and why.',
  port: 10194,
  flags,
  config: { shape: pendingPodConfig, builtIn: '{}', fromFlags: configOf },
  start,
})

function start(context: ExporterContext<PendingPodConfig, typeof flags>): Started {
  const { clock, config, log, signal, routePrefix } = context
  const place = placeOf('lease', context.flags.lease)
  const cluster = openNamedCluster('pending-pod', context.flags, { clock, log })
  const time = clusterClock(cluster, clock)
  const namespaces = namespacesOf(context.flags.namespaces)
  const tally = createLeftTally()
  const namespaceGone = (name: string): void => tally.forget(name)
  const watch = watchPending({ cluster, clusterClock: time, namespaces, namespaceGone, signal, clock, log })
  const term = createTerm({ cluster, clusterClock: time, watch, tally, config })
  const standing = new AbortController()
  const lease = place && standFor(place, cluster, (state) => term.take(state), { clock, log, signal: standing.signal })
  if (lease === undefined) term.take('active')
  const known: Known = {
    summary: () => (term.blindness() === undefined ? term.ledger()?.summarise(time.now()) : undefined),
    tally: () => (term.ledger() === undefined ? undefined : tally),
    thresholdMistakes: () => watch.thresholds.mistakes(),
    unclassifiedMessages: () => watch.unclassifiedMessages(),
    lookUps: () => term.ledger()?.lookUps ?? 0,
  }
  const modules = modulesOf(known, { cluster, watches: () => watch.watches })
  const nodes = nodeView(cluster, clock)
  return {
    routes: pendingRoutes({
      waiting() {
        // Has the causes of now.
        term.ledger()?.summarise(time.now())
        return term.ledger()?.waiting() ?? []
      },
      causeOf: (one) => one.steady.cause,
      now: () => time.now(),
      blindness: () => term.blindness(),
      thresholdSecondsOf: (namespace) => term.thresholdSecondsOf(namespace),
      nodes: () => nodes.nodes(),
      path: (relative) => `${routePrefix}${relative}`,
    }),
    landing: () => ({
      links: [{ path: 'pending', text: 'Pending pods', about: 'Who waits to start, how long, and why.' }],
    }),
    collectors: modules.map((module) => collector(module, () => ({}))),
    async stop() {
      term.take('standby')
      standing.abort()
      await lease?.ended
      await cluster.close()
    },
  }
}
