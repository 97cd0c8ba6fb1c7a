// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util'
import type { Clock, Logger } from '@leadline/kit'
import { type Endpoint, endpointsOf, oneEach } from '../endpoint.ts'
import type { MemberRpc } from '../rpc/member-rpc.ts'
import { type Answer, Asker } from './ask.ts'
import { Facts } from './facts.ts'
import { MembershipLog } from './membership-log.ts'
import { reconcile } from './reconcile.ts'
import { type DesiredMember, type DiscoveryMode, mostMembers, type Roster } from './roster.ts'
import { SeedError, type SeedSource } from './seeds.ts'
import { type MembershipFailure, type MembershipView, membershipFailures } from './view.ts'

/** Longest wait for the given endpoints, and for each answer of a member: a call of local memory only. */
const mostSeconds = 2

/** What a cluster's membership is found with. */
export interface MembershipOptions {
  /** The cluster's name in logs. */
  readonly cluster: string
  readonly seeds: SeedSource
  readonly mode: DiscoveryMode
  readonly intervalSeconds: number
  /** Opens a connection, used for member lists only. */
  readonly connect: (endpoint: string) => MemberRpc
  readonly clock: Clock
  readonly log: Logger
  /** Gets all members to sound whenever they change. */
  readonly onChange: (members: readonly DesiredMember[]) => void
}

/**
 * Knows who the members of one cluster are. It asks all endpoints that it knows at once, and not one after the other until
 * one answers: the one that answers may be cut off and tell an old list, and each reply tells whose endpoint it is.
 */
export class Membership {
  readonly #options: MembershipOptions
  readonly #asker: Asker
  readonly #log: MembershipLog
  readonly #facts = new Facts()
  readonly #failures = new Map<MembershipFailure, number>(membershipFailures.map((failure) => [failure, 0]))
  #seeds: readonly Endpoint[] = []
  #roster: Roster = { members: [], counts: undefined, doubtful: [] }
  #sounded: readonly DesiredMember[] = []
  #lastSuccessAt: number | undefined
  #round: Promise<void> | undefined
  #isOver = false

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#asker = new Asker(options.connect)
    this.#log = new MembershipLog(options.log, options.cluster)
  }

  /** Resolves after the first round, whatever came of it, and asks again each interval until the signal aborts. */
  async start(signal: AbortSignal): Promise<void> {
    const round = (): Promise<void> => this.refresh().catch((error: unknown) => this.#log.fault(error))
    const timer = setInterval(() => void round(), this.#options.intervalSeconds * 1000)
    timer.unref()
    const end = (): void => {
      this.#isOver = true
      clearInterval(timer)
      this.#asker.close()
    }
    signal.addEventListener('abort', end, { once: true })
    await round()
  }

  /** One round; the one under way when there is one. Never rejects for what the network does. */
  refresh(): Promise<void> {
    this.#round ??= this.#refresh().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  view(): MembershipView {
    const { clusterId, foreign } = this.#facts
    return {
      counts: this.#roster.counts,
      lastSuccessAt: this.#lastSuccessAt,
      failures: this.#failures,
      foreignEndpoints: clusterId === undefined ? undefined : foreign.size,
    }
  }

  async #refresh(): Promise<void> {
    const timeoutSeconds = Math.min(mostSeconds, this.#options.intervalSeconds)
    await this.#readSeeds(timeoutSeconds)
    if (this.#isOver) return
    const answers = await this.#asker.ask(this.#asked(), timeoutSeconds)
    // The connections were cut under the calls.
    if (this.#isOver) return
    if (this.#facts.learn(answers)) this.#succeeded()
    else this.#failed(answers)
    this.#log.foreign(this.#facts.foreign, this.#facts.clusterId)
    this.#decide()
  }

  /** Keeps the last good ones when they can't be found out now. */
  async #readSeeds(timeoutSeconds: number): Promise<void> {
    try {
      const seeds = await this.#options.seeds(timeoutSeconds)
      this.#seeds = oneEach(seeds).slice(0, mostMembers)
      this.#log.seeds(undefined)
    } catch (error) {
      if (!(error instanceof SeedError)) throw error
      this.#count(error.failure)
      this.#log.seeds(error)
    }
  }

  /** Those of another cluster too, which may change. */
  #asked(): readonly Endpoint[] {
    const members = this.#options.mode === 'off' ? [] : this.#roster.members.map(({ endpoint }) => endpoint)
    return oneEach([...this.#seeds, ...endpointsOf(members, 'https'), ...this.#roster.doubtful])
  }

  #succeeded(): void {
    this.#lastSuccessAt = this.#options.clock.unix()
    this.#log.listed()
  }

  #failed(answers: readonly Answer[]): void {
    const [first] = answers
    // Without anybody to ask, the way to the given endpoints has failed and is counted.
    if (first === undefined) return
    // Lists there were, then.
    const isForeign = answers.some(({ failure }) => failure === undefined)
    const failure = isForeign ? 'wrong_cluster' : (first.failure ?? 'other')
    this.#count(failure)
    this.#log.noList(failure)
  }

  #decide(): void {
    const { list, ids, shared, foreign } = this.#facts
    const { mode, onChange } = this.#options
    this.#roster = reconcile({ mode, seeds: this.#seeds, list: list?.list.members, ids, shared })
    this.#log.counts(this.#roster.counts)
    const isOwn = ({ endpoint }: DesiredMember): boolean => !foreign.has(endpoint.replace(/^https?:\/\//, ''))
    const sounded = this.#roster.members.filter(isOwn)
    if (isDeepStrictEqual(sounded, this.#sounded)) return
    this.#sounded = sounded
    this.#log.members(sounded)
    onChange(sounded)
  }

  #count(failure: MembershipFailure): void {
    this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1)
  }
}
