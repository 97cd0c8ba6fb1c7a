// SPDX-License-Identifier: Apache-2.0
import { silent, systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { endpointsOf } from '../src/endpoint.ts'
import { Membership, type MembershipOptions } from '../src/membership/membership.ts'
import type { DesiredMember } from '../src/membership/roster.ts'
import { noCredentials } from '../src/rpc/config.ts'
import { openCredentials } from '../src/rpc/credentials.ts'
import { openMember } from '../src/rpc/grpc-member.ts'
import { decimalId } from './servers/admin.ts'
import { type Cluster, calm, startCluster } from './servers/cluster.ts'
import type { Member } from './servers/member.ts'

interface Watched {
  readonly membership: Membership
  /** The members that were told last. */
  members: readonly DesiredMember[]
}

/** Watches the members from these endpoints; rounds are made by the test. */
async function watch(t: Test, seeds: readonly string[], options: Partial<MembershipOptions> = {}): Promise<Watched> {
  const fixed = endpointsOf(seeds, 'http')
  const credentials = openCredentials(noCredentials, silent)
  const watched: Watched = {
    members: [],
    membership: new Membership({
      cluster: 'test',
      seeds: () => Promise.resolve(fixed),
      mode: 'members',
      intervalSeconds: 3600,
      connect: (endpoint) => openMember({ endpoint, credentials, clock: systemClock }),
      clock: systemClock,
      log: silent,
      onChange(members) {
        watched.members = members
      },
      ...options,
    }),
  }
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  await watched.membership.start(controller.signal)
  return watched
}

function shown({ members }: Watched): readonly string[] {
  return members.map(({ label, id, endpoint, isLearner }) => [label, id, endpoint, isLearner].join(' '))
}

function asShown(members: readonly Member[], learner?: Member): readonly string[] {
  return members.map((one) => [one.name, one.id, one.clientUrl, one === learner].join(' ')).toSorted()
}

/** Makes rounds until the members are these. A change is not applied by all members in the same moment. */
async function follows(watched: Watched, cluster: Cluster, learner?: Member): Promise<void> {
  const want = asShown(cluster.members, learner).join('\n')
  await until(`the members to be ${want}`, async () => {
    await watched.membership.refresh()
    return shown(watched).join('\n') === want ? true : undefined
  })
}

test('members are followed as they come, change, go and restart', async (t) => {
  const cluster = await startCluster(t, { size: 3, flags: calm })
  if (!cluster) return
  const [first] = cluster.members as [Member]
  const watched = await watch(t, [first.clientUrl])
  t.strictSame(shown(watched), asShown(cluster.members), 'one endpoint is enough to know all three')

  const learner = await cluster.add('learner')
  await follows(watched, cluster, learner)
  t.match(watched.membership.view().counts, { voters: 3, learners: 1, unsounded: { never_started: 0 } })

  await cluster.promote(learner)
  await follows(watched, cluster)
  t.match(watched.membership.view().counts, { voters: 4, learners: 0 })

  await first.kill()
  await watched.membership.refresh()
  t.strictSame(shown(watched), asShown(cluster.members), 'a member that is down stays, and the others tell the list')
  await first.start()
  await until('the first to answer', async () => ((await first.status()) ? true : undefined))
  await follows(watched, cluster)

  await cluster.remove(first)
  await follows(watched, cluster)
  t.equal(cluster.members.length, 3, 'even the given endpoint goes with its member')
  t.match(watched.membership.view().counts, { voters: 3, learners: 0 })
})

test('a member that was added and has never started counts as a voter and is not sounded', async (t) => {
  const cluster = await startCluster(t)
  if (!cluster) return
  const [only] = cluster.members as [Member]
  await only.client.cluster.memberAdd({ peerURLs: ['http://127.0.0.1:1'], isLearner: false })
  const watched = await watch(t, [only.clientUrl])
  t.strictSame(shown(watched), asShown([only]), 'the list comes without a quorum')
  t.match(watched.membership.view().counts, { voters: 2, unsounded: { never_started: 1 } })
})

test('a removed member that is cut off keeps its old list to itself', async (t) => {
  const cluster = await startCluster(t, { size: 3, flags: calm, proxyPeers: true })
  if (!cluster) return
  const [cutOff] = (await cluster.followers()) as [Member]
  const others = cluster.members.filter((member) => member !== cutOff)
  const watched = await watch(
    t,
    [cutOff, ...others].map(({ clientUrl }) => clientUrl),
  )
  cluster.peers.set(cutOff.name, 'stall')
  const { client } = await cluster.leader()
  await client.cluster.memberRemove({ ID: decimalId(cutOff.id) })
  await until('the member to go', async () => {
    await watched.membership.refresh()
    return watched.members.length === 2 ? true : undefined
  })
  t.strictSame(shown(watched), asShown(others))
  t.ok(await cutOff.status(), 'it runs and answers all the while')

  for (const other of others) other.pause()
  await watched.membership.refresh()
  t.strictSame(shown(watched), asShown(others), 'nor does its list count when it alone answers')
  for (const other of others) other.resume()
})

test('an endpoint of another real cluster is left out', async (t) => {
  const cluster = await startCluster(t)
  const other = cluster && (await startCluster(t, { version: 'etcd_3_5' }))
  if (!other) return
  const [own] = cluster.members as [Member]
  const [foreign] = other.members as [Member]
  const watched = await watch(t, [own.clientUrl, foreign.clientUrl])
  t.strictSame(shown(watched), asShown([own]))
  t.equal(watched.membership.view().foreignEndpoints, 1)
})

test('members of 3.4 are found', async (t) => {
  const cluster = await startCluster(t, { version: 'etcd_3_4' })
  if (!cluster) return
  const [only] = cluster.members as [Member]
  const watched = await watch(t, [only.clientUrl], { mode: 'seeds' })
  t.strictSame(shown(watched), asShown([only]))
})

test('wrong users are told as auth, and the endpoints are sounded all the same', async (t) => {
  const cluster = await startCluster(t, { auth: { prefix: 'leadline/' } })
  if (!cluster) return
  const [only] = cluster.members as [Member]
  const watched = await watch(t, [only.clientUrl])
  t.equal(watched.membership.view().failures.get('auth'), 1)
  t.match(watched.members, [{ endpoint: only.clientUrl, label: only.clientUrl.replace('http://', '') }])
})
