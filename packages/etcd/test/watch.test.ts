// SPDX-License-Identifier: Apache-2.0
import { silent, systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { canaryKey } from '../src/cluster/canary.ts'
import { Watches } from '../src/cluster/watches.ts'
import { type ClusterConfig, clusterShape } from '../src/config.ts'
import { HeldUp } from '../src/soundings/held-up.ts'
import { startCluster } from './servers/cluster.ts'

function watches(t: Test): Watches {
  const all = new Watches({ clock: systemClock, heldUp: new HeldUp(systemClock), log: silent })
  t.teardown(() => all.stop())
  return all
}

function config(name: string, endpoints: readonly string[], more: Partial<ClusterConfig> = {}): ClusterConfig {
  return { ...clusterShape.absent, name, endpoints, interval: 0.1, ...more }
}

test('a cluster whose config stays goes on with what is known, another one begins anew, and one that goes ends', async (t) => {
  const cluster = await startCluster(t)
  if (!cluster) return
  const endpoints = cluster.members.map(({ clientUrl }) => clientUrl)
  const all = watches(t)
  const puts = (): number => all.clusters[0]?.judged().view.members[0]?.soundings.put?.durations.count ?? 0
  all.configure([config('a', endpoints), config('b', endpoints, { canary: 'off' })])
  await until('puts', async () => (puts() > 2 ? true : undefined))
  const [first, second] = all.clusters
  t.strictSame(Object.keys(second?.judged().view.members[0]?.soundings ?? {}), [
    'status',
    'serializable_read',
    'linearizable_read',
  ])
  all.configure([config('a', endpoints)])
  t.equal(all.clusters.length, 1)
  t.equal(all.clusters[0], first)
  t.ok(puts() > 2)
  all.configure([config('a', endpoints, { interval: 0.2 })])
  t.not(all.clusters[0], first)
  t.equal(puts(), 0)
  all.stop()
  t.strictSame(all.clusters, [])
  t.strictSame(first?.judged().view.members, [], 'what was stopped holds no member')
})

test('hashes are compared once a round is due, and the members agree', async (t) => {
  const cluster = await startCluster(t, { size: 3 })
  if (!cluster) return
  const endpoints = cluster.members.map(({ clientUrl }) => clientUrl)
  const all = watches(t)
  all.configure([config('a', endpoints, { hash_interval: 60 })])
  const [watch] = all.clusters
  if (watch === undefined) return
  const hashes = watch.judged().hashes
  await until('a round', async () => {
    watch.look()
    return hashes?.last
  })
  t.match(hashes?.last, { state: 'agree', odd: [] })
  t.equal(hashes?.last?.members.length, 3)
})

test('each member and exporter has a key of its own below the prefix', async (t) => {
  const [a, b] = ['http://h:1', 'http://h:2'].map((endpoint) => canaryKey({ canary_prefix: '/x/' }, endpoint))
  t.match(a, /^\/x\/.+\/h:1$/)
  t.not(a, b)
})
