// SPDX-License-Identifier: Apache-2.0
import {
  defineMetrics,
  type MetricSpec,
  type MetricTable,
  type Module,
  type SetSample,
  stateModule,
} from '@leadline/kit'
import type { Cluster } from './client/cluster.ts'
import { watchFailures } from './watch/watch-failure.ts'
import type { KindWatch } from './watch/watch-kind.ts'
import type { WatchState } from './watch/watch-state.ts'

const ofKind = { kind: 'kinds that the exporter watches, at most 8' } as const

/** What is told of watches, by the name without the exporter's namespace. */
const rows = defineMetrics({
  watch_synced: {
    type: 'gauge',
    help: 'Whether the exporter has had a whole set of the objects of a kind since it began.',
    labels: ofKind,
    source: 'watch of the kind',
  },
  watch_stale: {
    type: 'gauge',
    help: 'Whether what is told of a kind may be out of date: no whole set, nothing heard of it for 1 to 3 minutes, no watch.',
    labels: ofKind,
    source: 'watch of the kind',
  },
  watch_last_event_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time of the last change of an object that the watch told; absent before the first one.',
    labels: ofKind,
    source: 'watch events ADDED, MODIFIED and DELETED',
  },
  watch_last_bookmark_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time of the last bookmark, which come about once a minute; absent before the first one.',
    labels: ofKind,
    source: 'watch event BOOKMARK',
  },
  watch_last_list_duration_seconds: {
    type: 'gauge',
    help: 'Seconds that the last whole set of a kind took to come; absent before the first one.',
    labels: ofKind,
    source: 'watch-list or paged list, timed by the exporter',
  },
  watch_relists_total: {
    type: 'counter',
    help: 'Whole sets that were read after the first one, since changes were missed.',
    labels: ofKind,
    source: 'watch of the kind',
  },
  watch_reconnects_total: {
    type: 'counter',
    help: 'Watches that were opened after the first one; API servers end each after some minutes.',
    labels: ofKind,
    source: 'watch of the kind',
  },
  watch_failures_total: {
    type: 'counter',
    help: 'Failures of a watch: of requests, of streams, and of single objects that could not be read.',
    labels: { ...ofKind, failure: `the ${watchFailures.length} classes: ${watchFailures.join(', ')}` },
    source: 'watch of the kind',
  },
  watch_objects: {
    type: 'gauge',
    help: 'Objects of a kind that are held; absent before the first whole set.',
    labels: ofKind,
    source: 'watch of the kind',
  },
  watch_unreadable_objects: {
    type: 'gauge',
    help: 'Objects of a kind that the cluster has and the exporter could not read; absent before the first whole set.',
    labels: ofKind,
    source: 'watch of the kind',
  },
  cluster_clock_skew_seconds: {
    type: 'gauge',
    help: "Seconds that the API server's clock is ahead of the exporter's, within about 1; absent before an answer.",
    source: 'header Date of answers',
  },
})

type Rows = typeof rows

/** The rows of a namespace: `cronjob` gives `cronjob_watch_synced` and so on. */
export type WatchMetrics<N extends string> = { readonly [K in keyof Rows as `${N}_${K}`]: Rows[K] }

/** The metric table of an exporter's watches under its namespace. */
export function watchMetrics<const N extends string>(namespace: N): WatchMetrics<N> {
  const named = Object.entries<MetricSpec>(rows).map(([name, spec]) => [`${namespace}_${name}`, spec])
  return Object.fromEntries(named) as WatchMetrics<N>
}

/** What the collector of watches looks at. */
export interface Watched {
  readonly cluster: Pick<Cluster, 'skewSeconds'>
  /** Asked at each scrape. */
  readonly watches: () => readonly Pick<KindWatch<unknown>, 'state'>[]
}

/** The collector `watch` of an exporter: how its watches fare, under its namespace. */
export function watchModule<const N extends string>(
  namespace: N,
  { cluster, watches }: Watched,
): Module<object, WatchMetrics<N>> {
  return stateModule({
    name: 'watch',
    metrics: watchMetrics(namespace),
    tell(set: SetSample<WatchMetrics<N>>) {
      const setRow = rowSetter(namespace, set as unknown as SetSample<MetricTable>)
      for (const watch of watches()) tellWatch(watch.state(), setRow)
      const skew = cluster.skewSeconds()
      if (skew !== undefined) setRow('cluster_clock_skew_seconds', skew)
    },
  })
}

function rowSetter(namespace: string, set: SetSample<MetricTable>): SetSample<Rows> {
  return (name, value, ...labels) => set(`${namespace}_${name}`, value, ...(labels as []))
}

function tellWatch(state: WatchState, set: SetSample<Rows>): void {
  const { kind, lastEventAt, lastBookmarkAt, lastListSeconds } = state
  set('watch_synced', Number(state.isSynced), { kind })
  set('watch_stale', Number(state.isStale), { kind })
  if (lastEventAt !== undefined) set('watch_last_event_timestamp_seconds', lastEventAt, { kind })
  if (lastBookmarkAt !== undefined) set('watch_last_bookmark_timestamp_seconds', lastBookmarkAt, { kind })
  if (lastListSeconds !== undefined) set('watch_last_list_duration_seconds', lastListSeconds, { kind })
  set('watch_relists_total', state.relists, { kind })
  set('watch_reconnects_total', state.reconnects, { kind })
  for (const failure of watchFailures) set('watch_failures_total', state.failures[failure], { kind, failure })
  if (!state.isSynced) return
  set('watch_objects', state.objects, { kind })
  set('watch_unreadable_objects', state.unreadableObjects, { kind })
}
