// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { RecordingLogger, systemClock } from '@leadline/kit'
import type { Test } from 'tap'
import { type Cluster, type ClusterOptions, openCluster } from '../../src/client/cluster.ts'
import { type KindWatch, type WatchOptions, watchKind } from '../../src/watch/watch-kind.ts'
import { parseSmall, RecordingConsumer, type Small } from './consumer.ts'
import type { FakeApi } from './fake-api.ts'

/** Surroundings in which nothing is to be found. */
export const nowhere = { env: {}, serviceAccountFolder: '/nonexistent' }

/** A kubeconfig with one context, as JSON, which is YAML. */
export function kubeconfigText(server: string, cluster: object = {}, user: object = {}): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
  })
}

/** Opens a cluster at this URL that goes when the test ends. */
export function openAt(
  t: Test,
  server: string,
  parts: { readonly cluster?: object; readonly user?: object; readonly options?: Partial<ClusterOptions> } = {},
): Cluster {
  const folder = t.testdir({ config: kubeconfigText(server, parts.cluster, parts.user) })
  const cluster = openCluster({
    kubeconfig: join(folder, 'config'),
    userAgent: 'leadline-test/1',
    clock: systemClock,
    log: new RecordingLogger('debug', systemClock.unix),
    surroundings: nowhere,
    ...parts.options,
  })
  t.teardown(() => cluster.close())
  return cluster
}

/** Path of the kind that the tests watch. */
export const cronjobs = '/apis/batch/v1/cronjobs'

/** Times short enough for tests. */
export const shortTimes = { firstWaitSeconds: 0.01, longestWaitSeconds: 0.1 } as const

/** A watch in a test, with what it told. */
export interface TestWatch {
  readonly watch: KindWatch<Small>
  readonly consumer: RecordingConsumer
  readonly log: RecordingLogger
  readonly stop: () => Promise<void>
}

/** Watches the CronJobs of a server until the test ends. */
export function watchCronJobs(t: Test, api: FakeApi, options: Partial<WatchOptions<Small>> = {}): TestWatch {
  return watchIn(t, openAt(t, api.url), options)
}

/** Watches CronJobs, all without another path, until the test ends. */
export function watchIn(
  t: Test,
  cluster: WatchOptions<Small>['cluster'],
  options: Partial<WatchOptions<Small>> = {},
): TestWatch {
  const consumer = new RecordingConsumer()
  const log = new RecordingLogger('debug', systemClock.unix)
  const ending = new AbortController()
  const watch = watchKind({
    cluster,
    kind: 'cronjobs',
    path: cronjobs,
    parse: parseSmall,
    consumer,
    signal: ending.signal,
    clock: systemClock,
    log,
    ...options,
    times: { ...shortTimes, ...options.times },
  })
  const stop = (): Promise<void> => {
    ending.abort()
    return watch.ended
  }
  t.teardown(stop)
  return { watch, consumer, log, stop }
}
