// SPDX-License-Identifier: Apache-2.0
// Members here answer by script: lists of members that a real etcd can't be made to tell at a wanted moment.

import { lint } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { membershipCollector, membershipMetrics } from '../src/collectors/membership.ts'
import { endpointsOf } from '../src/endpoint.ts'
import { SeedError } from '../src/membership/seeds.ts'
import { FakeCluster, member } from './membership-fake.ts'

async function start(t: Test, cluster: FakeCluster): Promise<AbortController> {
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  await cluster.membership.start(controller.signal)
  return controller
}

function messages({ log }: FakeCluster): readonly string[] {
  return log.records.map(({ message }) => message)
}

async function valuesOf({ membership }: FakeCluster): Promise<Readonly<Record<string, number>>> {
  const collector = membershipCollector(() => [{ name: 'test', membership: membership.view() }])
  const { ending, values } = await runOnce(collector)
  if (ending !== 'success') throw new Error(`the collector ended with ${ending}`)
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name.replace('etcd_cluster="test"', '').replace('{}', ''), value]),
  )
}

test('changes are told once, and with them the connections change', async (t) => {
  const cluster = new FakeCluster(['a:1'])
  cluster.agree(['a', 'b'], [member('a'), member('b')])
  const controller = await start(t, cluster)
  t.strictSame(cluster.last, ['a http://a:1', 'b http://b:1'])
  await cluster.membership.refresh()
  t.equal(cluster.changes.length, 1, 'nothing is told without a change')
  t.strictSame([...cluster.open], ['http://a:1', 'http://b:1'])

  cluster.agree(['a', 'c'], [member('a'), member('c')])
  await cluster.membership.refresh()
  t.strictSame(cluster.last, ['a http://a:1', 'c http://c:1'])
  await cluster.membership.refresh()
  t.strictSame([...cluster.open], ['http://a:1', 'http://c:1'])

  controller.abort()
  t.equal(cluster.open.size, 0, 'the end closes all')
})

test('a member that comes back with another ID under its name is another member', async (t) => {
  const cluster = new FakeCluster(['a:1'])
  cluster.agree(['a'], [member('a'), member('b1', 'b', 'http://b:1')])
  await start(t, cluster)
  cluster.agree(['a'], [member('a'), member('b2', 'b', 'http://b:1')])
  await cluster.membership.refresh()
  t.strictSame(
    cluster.changes.map((members) => members.map(({ label, id }) => `${label} ${id}`)),
    [
      ['a a', 'b b1'],
      ['a a', 'b b2'],
    ],
  )
})

test('when nobody answers the last list stays, and that is told', async (t) => {
  const cluster = new FakeCluster(['a:1'])
  cluster.agree(
    ['a', 'b'],
    [member('a'), member('b'), { ...member('l'), isLearner: true }, { ...member('n', ''), clientUrls: [] }],
  )
  await start(t, cluster)
  cluster.scripts.set('http://a:1', 'deadline')
  cluster.scripts.delete('http://b:1')
  cluster.unix = 1010
  await cluster.membership.refresh()
  await cluster.membership.refresh()
  t.equal(cluster.changes.length, 1)
  const values = await valuesOf(cluster)
  t.match(values, {
    'etcd_cluster_members{,role="voter"}': 3,
    'etcd_cluster_members{,role="learner"}': 1,
    'etcd_cluster_unsounded_members{,reason="never_started"}': 1,
    'etcd_cluster_unsounded_members{,reason="no_usable_url"}': 0,
    etcd_cluster_membership_last_success_timestamp_seconds: 1000,
    'etcd_cluster_membership_failures_total{,failure="deadline"}': 2,
    'etcd_cluster_membership_failures_total{,failure="unreachable"}': 0,
    etcd_cluster_wrong_cluster_endpoints: 0,
  })
  const told = messages(cluster).filter((message) => message.startsWith('No endpoint gives'))
  t.equal(told.length, 1, 'the log tells it once')
})

test('before anybody has answered, what is unknown is absent', async (t) => {
  const cluster = new FakeCluster(['a:1', 'b:1'])
  await start(t, cluster)
  t.strictSame(cluster.last, ['a:1 http://a:1', 'b:1 http://b:1'])
  const values = await valuesOf(cluster)
  t.equal(values['etcd_cluster_membership_failures_total{,failure="unreachable"}'], 1)
  const others = Object.keys(values).filter((name) => !name.includes('failures_total'))
  t.strictSame(others, [])
})

test('an endpoint of another cluster is told and not sounded, until it answers for this one', async (t) => {
  const cluster = new FakeCluster(['x:1', 'a:1', 'b:1'])
  cluster.agree(['a', 'b'], [member('a'), member('b')])
  cluster.scripts.set('http://x:1', { by: 'a', clusterId: 'c2', members: [member('a'), member('z')] })
  await start(t, cluster)
  t.strictSame(cluster.last, ['a http://a:1', 'b http://b:1'], 'most of the first replies say which cluster it is')
  t.equal((await valuesOf(cluster))['etcd_cluster_wrong_cluster_endpoints'], 1)
  const told = cluster.log.records.filter(({ level }) => level === 'error')
  t.match(told, [{ fields: { endpoint: 'x:1', cluster_id: 'c2', expected_cluster_id: 'c1' } }])

  cluster.agree(['a', 'b', 'x'], [member('a'), member('b'), member('x')])
  await cluster.membership.refresh()
  t.strictSame(cluster.last, ['a http://a:1', 'b http://b:1', 'x http://x:1'])
  t.equal((await valuesOf(cluster))['etcd_cluster_wrong_cluster_endpoints'], 0)
})

test('when only another cluster answers, its members are not taken', async (t) => {
  const cluster = new FakeCluster(['a:1'])
  cluster.agree(['a'], [member('a')])
  await start(t, cluster)
  cluster.scripts.set('http://a:1', { by: 'z', clusterId: 'c2', members: [member('z')] })
  await cluster.membership.refresh()
  t.strictSame(cluster.last, [])
  t.match(await valuesOf(cluster), {
    'etcd_cluster_membership_failures_total{,failure="wrong_cluster"}': 1,
    'etcd_cluster_members{,role="voter"}': 1,
    etcd_cluster_wrong_cluster_endpoints: 1,
  })
})

test('a removed member that was cut off does not bring its old list back', async (t) => {
  const cluster = new FakeCluster(['c:1', 'a:1', 'b:1'])
  const old = [member('a'), member('b'), member('c')]
  cluster.agree(['a', 'b', 'c'], old)
  await start(t, cluster)
  cluster.agree(['a', 'b'], [member('a'), member('b'), member('d')])
  await cluster.membership.refresh()
  const now = ['a http://a:1', 'b http://b:1', 'd http://d:1']
  t.strictSame(cluster.last, now)
  cluster.scripts.delete('http://a:1')
  cluster.scripts.delete('http://b:1')
  await cluster.membership.refresh()
  t.strictSame(cluster.last, now, 'even when it alone answers')
})

test('an endpoint that answers for several members is taken for a load balancer', async (t) => {
  const cluster = new FakeCluster(['lb:1'])
  const members = [member('a'), member('b')]
  cluster.scripts.set('http://lb:1', { by: 'a', members })
  await start(t, cluster)
  t.strictSame(cluster.last, ['a http://lb:1', 'b http://b:1'])
  cluster.scripts.set('http://lb:1', { by: 'b', members })
  await cluster.membership.refresh()
  t.strictSame(cluster.last, ['a http://a:1', 'b http://b:1'])
  cluster.scripts.set('http://lb:1', { by: 'a', members })
  await cluster.membership.refresh()
  t.equal(cluster.changes.length, 2, 'and stays one')
})

test('a listed URL at which another member answers is not sounded, and asked until that has changed', async (t) => {
  const cluster = new FakeCluster(['a:1'])
  const members = [member('a'), member('b')]
  cluster.agree(['a'], members)
  cluster.scripts.set('http://b:1', { by: 'a', members })
  await start(t, cluster)
  for (let round = 0; round < 3; round++) await cluster.membership.refresh()
  t.strictSame(cluster.last, ['a http://a:1'])
  t.equal(cluster.changes.length, 2, 'it does not come and go')
  t.equal((await valuesOf(cluster))['etcd_cluster_unsounded_members{,reason="no_usable_url"}'], 1)
  cluster.agree(['b'], members)
  await cluster.membership.refresh()
  t.strictSame(cluster.last, ['a http://a:1', 'b http://b:1'])
})

test('members that have swapped their addresses are sounded where they are now', async (t) => {
  const cluster = new FakeCluster(['x:1', 'y:1'])
  const [before, after] = [
    [member('a', 'a', 'http://x:1'), member('b', 'b', 'http://y:1')],
    [member('a', 'a', 'http://y:1'), member('b', 'b', 'http://x:1')],
  ]
  cluster.scripts.set('http://x:1', { by: 'a', members: before })
  cluster.scripts.set('http://y:1', { by: 'b', members: before })
  await start(t, cluster)
  t.strictSame(cluster.last, ['a http://x:1', 'b http://y:1'])
  cluster.scripts.set('http://x:1', { by: 'b', members: after })
  cluster.scripts.set('http://y:1', { by: 'a', members: after })
  await cluster.membership.refresh()
  t.strictSame(cluster.last, ['a http://y:1', 'b http://x:1'])
})

test('a learner, which gives no lists, is known by its status', async (t) => {
  const cluster = new FakeCluster(['a:1', 'alias:1'])
  cluster.agree(['a'], [member('a'), { ...member('l'), isLearner: true }])
  cluster.scripts.set('http://alias:1', { by: 'l', learner: true })
  await start(t, cluster)
  t.strictSame(cluster.last, ['a http://a:1', 'l http://alias:1'])
})

test('off: listed members are neither sounded nor asked', async (t) => {
  const cluster = new FakeCluster(['a:1'], { mode: 'off' })
  cluster.agree(['a'], [member('a'), member('b')])
  await start(t, cluster)
  await cluster.membership.refresh()
  t.strictSame(cluster.last, ['a http://a:1'])
  t.strictSame([...cluster.open], ['http://a:1'])
  t.equal((await valuesOf(cluster))['etcd_cluster_unsounded_members{,reason="not_given"}'], 1)
})

test('the last good endpoints stay when they can not be found out', async (t) => {
  let hosts: readonly string[] | undefined = ['a:1']
  const cluster = new FakeCluster([], {
    seeds: () =>
      hosts === undefined ? Promise.reject(new SeedError('dns', 'gone')) : Promise.resolve(endpointsOf(hosts, 'http')),
  })
  await start(t, cluster)
  t.strictSame(cluster.last, ['a:1 http://a:1'])
  hosts = undefined
  await cluster.membership.refresh()
  t.equal(cluster.changes.length, 1)
  t.equal((await valuesOf(cluster))['etcd_cluster_membership_failures_total{,failure="dns"}'], 1)
  hosts = ['b:1']
  await cluster.membership.refresh()
  t.strictSame(cluster.last, ['b:1 http://b:1'])
})

test('rounds go on by themselves, and end with the signal', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const cluster = new FakeCluster(['a:1'], {
    intervalSeconds: 0.01,
    onChange: (members) => members.length === 2 && resolve(),
  })
  cluster.agree(['a'], [member('a')])
  // The rounds' own timer keeps no process alive.
  const hold = setTimeout(() => t.fail('no round came'), 10_000)
  t.teardown(() => clearTimeout(hold))
  const controller = await start(t, cluster)
  cluster.agree(['a', 'b'], [member('a'), member('b')])
  await promise
  controller.abort()
  cluster.agree(['a'], [member('a')])
  await cluster.membership.refresh()
  t.equal(cluster.open.size, 0, 'a round after the end opens nothing')
})

test('the metrics follow the naming rules', async (t) => {
  t.strictSame(lint(membershipMetrics), [])
})
