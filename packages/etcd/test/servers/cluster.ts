// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import { needServer } from '../../../../test/servers/find.ts'
import { until } from '../../../../test/servers/until.ts'
import { type Access, decimalId, enableAuth, hexId, logins } from './admin.ts'
import type { Certificates } from './certificates.ts'
import { Member, type MemberPlan } from './member.ts'
import { makePeerNetwork, type PeerNetwork } from './peer-network.ts'
import { type ClusterOptions, commonFlags, makeSite, planMember, type Site } from './site.ts'

const attempts = 3
const fillValueBytes = 400_000

/** Timings at which a busy machine makes no elections. */
export const calm: readonly string[] = ['--heartbeat-interval=300', '--election-timeout=3000']

/**
 * Starts a real cluster, and has it ended with the test. Resolves when each member serves clients and they agree on a
 * leader; with undefined after the test was skipped for want of etcd. Throws with etcd's output when it does not start.
 */
export async function startCluster(t: Test, options: ClusterOptions = {}): Promise<Cluster | undefined> {
  const binary = needServer(t, options.version ?? 'etcd_3_7')
  if (!binary) return undefined
  // etcd cannot listen on port 0, so free ports are looked for first; another program may take one meanwhile: then again.
  for (let attempt = 1; ; attempt++) {
    const site = await makeSite(binary, options)
    const cluster = new Cluster(site)
    t.teardown(() => cluster.end())
    try {
      await cluster.start()
      return cluster
    } catch (error) {
      await cluster.end()
      if (attempt === attempts || !String(error).includes('address already in use')) throw error
    }
  }
}

/** A real etcd cluster. */
export class Cluster {
  /** Those that belong to it, running or not. */
  readonly members: Member[] = []
  /** Only with `tls`. */
  readonly certificates: Certificates | undefined
  /** The network between the members; only with `proxyPeers`. */
  readonly peers: PeerNetwork = makePeerNetwork(() => new Map(this.members.map(({ pid, name }) => [pid, name])))
  readonly #site: Site
  #login: Access['login']
  #names = 0

  constructor(site: Site) {
    this.#site = site
    this.certificates = site.certificates
  }

  /** Called once, by `startCluster`. */
  async start(): Promise<void> {
    const { size = 1, auth } = this.#site.options
    const plans = await Promise.all(Array.from({ length: size }, () => this.#plan()))
    const flags = commonFlags(this.#site, plans)
    this.members.push(...plans.map((plan) => new Member(plan, this.#site, flags)))
    // All of them, as one that is still under way could not be ended.
    const starts = await Promise.allSettled(this.members.map((member) => member.start()))
    for (const start of starts) if (start.status === 'rejected') throw start.reason
    await this.#open()
    if (auth) {
      await enableAuth((await this.leader()).client, auth.prefix)
      this.#login = logins.root
      await this.#open()
    }
    await this.leader()
  }

  /** The member that claims to lead and in which most members believe. Throws when there is none within 20 s. */
  leader(): Promise<Member> {
    return until('a leader', async () => {
      const replies = await Promise.all(this.members.map((member) => member.status()))
      const leaders = replies.map((reply) => reply && hexId(reply.leader))
      return this.members.find(
        ({ id }, index) =>
          leaders[index] === id && leaders.filter((leader) => leader === id).length * 2 > leaders.length,
      )
    })
  }

  /** Those that don't lead. */
  async followers(): Promise<Member[]> {
    const leader = await this.leader()
    return this.members.filter((member) => member !== leader)
  }

  /** Hands the leadership over, and waits until that is known. */
  async moveLeader(to: Member): Promise<void> {
    const leader = await this.leader()
    if (leader === to) return
    await leader.client.maintenance.moveLeader({ targetID: decimalId(to.id) })
    await until(`${to.name} to lead`, async () => ((await this.leader()) === to ? true : undefined))
  }

  /** Starts one more member. */
  async add(kind: 'voter' | 'learner'): Promise<Member> {
    const plan = await this.#plan()
    const { client } = await this.leader()
    await client.cluster.memberAdd({ peerURLs: [plan.peerUrl], isLearner: kind === 'learner' })
    const flags = [...commonFlags(this.#site, [...this.members, plan]), '--initial-cluster-state=existing']
    const member = new Member(plan, this.#site, flags)
    this.members.push(member)
    await member.start()
    await member.open(this.#access())
    return member
  }

  /** Makes a learner a voter, as soon as it is in step with the leader. */
  async promote(learner: Member): Promise<void> {
    const { client } = await this.leader()
    await until(`${learner.name} to be in step`, async () => {
      try {
        return await client.cluster.memberPromote({ ID: decimalId(learner.id) })
      } catch (error) {
        if (String(error).includes('in sync with leader')) return undefined
        throw error
      }
    })
  }

  /** Takes a member out of the cluster and ends it. */
  async remove(member: Member): Promise<void> {
    const { client } = this.members.find((other) => other !== member && other.isRunning) ?? member
    await client.cluster.memberRemove({ ID: decimalId(member.id) })
    this.members.splice(this.members.indexOf(member), 1)
    await member.end()
  }

  /** Writes this many bytes of values, in puts of up to 400 kB. Throws when one is refused. */
  async fill(bytes: number): Promise<void> {
    const { client } = await this.leader()
    for (let done = 0; done < bytes; done += fillValueBytes) {
      await client.put(`fill/${done}`).value(Buffer.alloc(Math.min(fillValueBytes, bytes - done)))
    }
  }

  /** Ends all processes and removes their data; `startCluster` has it called with the test's end. */
  async end(): Promise<void> {
    await Promise.all([this.peers.close(), ...this.members.map((member) => member.end())])
    await this.#site.folder.remove()
  }

  async #open(): Promise<void> {
    await Promise.all(this.members.map((member) => member.open(this.#access())))
  }

  #access(): Access {
    return { certificates: this.certificates, login: this.#login }
  }

  #plan(): Promise<MemberPlan> {
    this.#names++
    return planMember(this.#site, `m${this.#names}`, this.peers)
  }
}
