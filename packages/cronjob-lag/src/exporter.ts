// SPDX-License-Identifier: Apache-2.0
import { collector, defineExporter, type ExporterContext, type Started } from '@leadline/kit'
import { clusterClock, openNamedCluster, placeOf, standFor } from '@leadline/kube'
import type { Known } from './collectors/known.ts'
import { rollUpOf } from './collectors/subject.ts'
import { type CronJobLagConfig, cronJobLagConfig } from './config.ts'
import { checkFlags, configOf, flags } from './flags.ts'
import { modulesOf } from './modules.ts'
import { runsRoutes } from './runs-page/routes.ts'
import { watchCluster } from './watching/cluster-watch.ts'
import { keepingOf } from './watching/keeping.ts'
import { Terms } from './watching/terms.ts'

/** The cronjob-lag exporter. */
export const cronJobLag = defineExporter({
  name: 'cronjob-lag',
  namespace: 'cronjob',
  title: 'Leadline cronjob-lag exporter',
  description: 'Judges each run of a CronJob: on time, late, lost, skipped, held or killed.',
  port: 10193,
  flags,
  config: { shape: cronJobLagConfig, builtIn: '{}', fromFlags: configOf },
  start,
})

function start(context: ExporterContext<CronJobLagConfig, typeof flags>): Started {
  const { clock, config, log, signal, routePrefix } = context
  checkFlags(context.flags)
  const cluster = openNamedCluster('cronjob-lag', context.flags, { clock, log })
  const time = clusterClock(cluster, clock)
  const hasEvents = context.flags['watch.events']
  const watch = watchCluster({ cluster, clusterClock: time, config, hasEvents, signal, clock, log })
  const keeping = keepingOf(context.flags, cluster)
  const terms = new Terms({ watch, clusterClock: time, keeping, config, signal, clock, log })
  // We stand until after the last save.
  const standing = new AbortController()
  const place = placeOf('lease', context.flags.lease)
  const lease = place && standFor(place, cluster, (state) => terms.take(state), { clock, log, signal: standing.signal })
  if (lease === undefined) terms.take('active')
  const known: Known = {
    cronJobs: () => terms.cronJobs().values(),
    tally: () => terms.tally,
    isBlind: () => terms.blindness() !== undefined,
    now: () => time.now(),
    seenUntil: () => watch.seenUntil(),
    objectiveSecondsOf: (cronJob) => watch.settings.objectiveSecondsOf(cronJob),
    annotationMistakes: () => watch.settings.mistakes(Array.from(terms.cronJobs().values(), ({ facts }) => facts)),
    isRolledUp: rollUpOf(config),
  }
  const watched = { cluster, watches: () => watch.watches }
  return {
    collectors: modulesOf(known, watched, () => terms.saverState()).map((module) => collector(module, () => ({}))),
    routes: runsRoutes({
      ...known,
      blindness: () => terms.blindness(),
      path: (relative) => `${routePrefix}${relative}`,
    }),
    landing: () => ({ links: [{ path: 'runs', text: 'Runs', about: 'Did it run? The last runs of each CronJob.' }] }),
    async stop() {
      await terms.end()
      standing.abort()
      await lease?.ended
      await cluster.close()
    },
  }
}
