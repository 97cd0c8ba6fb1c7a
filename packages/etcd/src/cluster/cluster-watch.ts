// SPDX-License-Identifier: Apache-2.0
import type { Clock, Logger } from '@leadline/kit'
import type { CredentialsView } from '../collectors/certificates.ts'
import type { LabelledMetrics } from '../collectors/member-metrics.ts'
import type { NamedMembership } from '../collectors/membership.ts'
import { type ClusterConfig, hasTls } from '../config.ts'
import { Membership } from '../membership/membership.ts'
import type { DesiredMember } from '../membership/roster.ts'
import { seedSource } from '../membership/seeds.ts'
import { type Credentials, openCredentials } from '../rpc/credentials.ts'
import { openMember } from '../rpc/grpc-member.ts'
import type { HashReply } from '../rpc/member-rpc.ts'
import type { HeldUp } from '../soundings/held-up.ts'
import { createClusterMemory, type JudgedCluster } from '../verdicts/cluster-memory.ts'
import { createHashRounds } from '../verdicts/hash-rounds.ts'
import type { ClusterView } from '../view.ts'
import { MemberWatch } from './member-watch.ts'

/** What watching a cluster needs. */
export interface ClusterWatchOptions {
  readonly config: ClusterConfig
  readonly clock: Clock
  readonly heldUp: HeldUp
  readonly log: Logger
}

/** Longest wait for one hash, in seconds: it reads all data, 100 ms for each 100 MB, and more on a slow disk. */
const hashSeconds = 60

/** Watches one cluster: who its members are, and each of them. */
export class ClusterWatch {
  readonly config: ClusterConfig
  readonly #options: ClusterWatchOptions
  readonly #credentials: Credentials
  readonly #membership: Membership
  readonly #life = new AbortController()
  readonly #memory = createClusterMemory()
  readonly #hashes
  #members: readonly MemberWatch[] = []
  /** By slot; a slot is taken again once its member has gone. */
  #slots: readonly (MemberWatch | undefined)[] = []

  constructor(options: ClusterWatchOptions) {
    const { config, clock, log } = options
    this.config = config
    this.#options = options
    this.#credentials = openCredentials(config, log)
    this.#hashes = config.hash_interval === 0 ? undefined : createHashRounds(config.hash_interval)
    this.#membership = new Membership({
      cluster: config.name,
      seeds: seedSource(config, hasTls(config)),
      mode: config.discovery,
      intervalSeconds: config.members_interval,
      connect: (endpoint) => openMember({ endpoint, credentials: this.#credentials, clock }),
      clock,
      log,
      onChange: (members) => this.#follow(members),
    })
  }

  /** Begins to watch; what fails is seen in the views. */
  start(): void {
    void this.#membership.start(this.#life.signal)
  }

  stop(): void {
    this.#life.abort()
    for (const member of this.#members) member.stop()
    this.#members = []
  }

  /** Takes a look, each second, so that verdicts learn what only time shows. */
  look(): void {
    const view = this.#view()
    const now = this.#options.clock.now()
    this.#memory.add(now, view)
    this.#compareHashes(now, view)
  }

  judged(): JudgedCluster {
    const view = this.#view()
    // What was lost with the old leader must not be held against a new one that no look has seen yet.
    this.#memory.leaders.add(this.#options.clock.now(), view)
    return { view, memory: this.#memory, hashes: this.#hashes }
  }

  credentialsView(): CredentialsView {
    const ends = this.#members.flatMap(({ label, certificateEndsAt }) =>
      certificateEndsAt === undefined ? [] : [[label, certificateEndsAt] as const],
    )
    return {
      name: this.config.name,
      problem: this.#credentials.problem(),
      clientCertificateEndsAt: this.#credentials.clientCertificateEndsAt(),
      serverCertificatesEndAt: new Map(ends),
    }
  }

  #view(): ClusterView {
    const { name, heartbeat_interval, election_timeout, quota_backend_bytes } = this.config
    return {
      name,
      members: this.#members.map((member) => member.view()),
      listedVoters: this.#membership.view().counts?.voters,
      assumedTiming: { heartbeatSeconds: heartbeat_interval, electionSeconds: election_timeout },
      assumedQuotaBytes: quota_backend_bytes === 0 ? undefined : quota_backend_bytes,
    }
  }

  membership(): NamedMembership {
    return { name: this.config.name, membership: this.#membership.view() }
  }

  /** What the members' own pages say, of those that are read at all. */
  ownMetrics(): readonly LabelledMetrics[] {
    const labels = this.#members.flatMap((member) => {
      const { id, label } = member.view()
      return id === undefined ? [] : [[id, label] as const]
    })
    const hasList = this.#membership.view().counts !== undefined
    return this.#members.flatMap((member) => {
      const own = member.ownMetrics()
      const peers = hasList ? new Map(labels) : undefined
      return own === undefined ? [] : [{ ...own, cluster: this.config.name, member: member.label, peers }]
    })
  }

  #compareHashes(now: number, view: ClusterView): void {
    const question = this.#hashes?.next(now, view)
    if (question === undefined) return
    const member = this.#members.find(({ label }) => label === question.member)
    const asked = member?.rpc.hashKv(question.revision, hashSeconds) ?? Promise.resolve(undefined)
    const answered = (reply: HashReply | undefined): void => this.#hashes?.answer(this.#options.clock.now(), reply)
    // A failure leaves the round unchecked, which is a state of its own.
    asked.then(answered, () => answered(undefined))
  }

  #follow(desired: readonly DesiredMember[]): void {
    if (this.#life.signal.aborted) return
    const before = this.#members
    this.#members = desired.map((one) => {
      const known = before.find((member) => member.isOf(one))
      known?.update(one)
      return known ?? this.#watch(one)
    })
    const gone = before.filter((member) => !this.#members.includes(member))
    for (const member of gone) member.stop()
    this.#slots = this.#slots.map((member) => (member !== undefined && gone.includes(member) ? undefined : member))
  }

  #watch(desired: DesiredMember): MemberWatch {
    const free = this.#slots.indexOf(undefined)
    const slot = free < 0 ? this.#slots.length : free
    const member = new MemberWatch(desired, { ...this.#options, credentials: this.#credentials, slot })
    this.#slots = Object.assign([...this.#slots], { [slot]: member })
    member.start()
    return member
  }
}
