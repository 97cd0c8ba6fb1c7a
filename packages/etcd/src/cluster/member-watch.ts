// SPDX-License-Identifier: Apache-2.0
import { type Clock, type Logger, startTicker } from '@leadline/kit'
import type { ClusterConfig } from '../config.ts'
import { MemberMetrics, type OwnMetrics } from '../member-metrics/member-metrics.ts'
import { pageUrl } from '../member-metrics/page-url.ts'
import type { DesiredMember } from '../membership/roster.ts'
import type { Op, Result } from '../ops.ts'
import type { Credentials } from '../rpc/credentials.ts'
import { openMember } from '../rpc/grpc-member.ts'
import type { StatusReply } from '../rpc/member-rpc.ts'
import type { HeldUp } from '../soundings/held-up.ts'
import { Sounding } from '../soundings/sounding.ts'
import type { MemberView } from '../view.ts'
import { canaryCall, canaryKey } from './canary.ts'
import { CertificateWatch } from './certificate-watch.ts'

/** What watching a member needs. */
export interface MemberWatchOptions {
  readonly config: ClusterConfig
  readonly credentials: Credentials
  readonly clock: Clock
  readonly heldUp: HeldUp
  readonly log: Logger
  /** A small number that no other watched member of the cluster has; keeps their writes apart in time. */
  readonly slot: number
}

/** The fractions of its multiples never come close to each other, however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2

/** Sounds one member in every way, each on its own schedule, until it is stopped. */
export class MemberWatch {
  readonly endpoint: string
  readonly #options: MemberWatchOptions
  readonly #life = new AbortController()
  readonly #rpc
  readonly #soundings = new Map<Op, Sounding>()
  readonly #metrics: MemberMetrics | undefined
  readonly #certificate: CertificateWatch
  #desired: DesiredMember
  #status: { readonly reply: StatusReply; readonly at: number } | undefined

  constructor(desired: DesiredMember, options: MemberWatchOptions) {
    const { config, credentials, clock, slot } = options
    const { endpoint } = desired
    this.endpoint = endpoint
    this.#desired = desired
    this.#options = options
    this.#rpc = openMember({ endpoint, credentials, clock })
    for (const [op, call] of this.#calls()) this.#soundings.set(op, this.#sounding(op, call))
    const page = pageUrl(config.metrics_url, endpoint)
    const phase = (slot * goldenRatio) % 1
    this.#certificate = new CertificateWatch(endpoint, credentials, this.#log())
    this.#metrics = page && new MemberMetrics({ endpoint, page, tls: credentials, clock, log: this.#log(), phase })
  }

  /** The reads go out together, which costs a fifth less CPU than one by one; the write goes out between them. */
  start(): void {
    const { signal } = this.#life
    const { config, clock, heldUp, slot } = this.#options
    for (const [op, sounding] of this.#soundings) {
      const phase = (slot * goldenRatio + (op === 'put' ? 0.5 : 0)) % 1
      const ticker = { intervalSeconds: config.interval, phase, clock, signal, ran: heldUp.ran }
      startTicker(ticker, (missed) => {
        sounding.skip(missed)
        void sounding.sound()
      })
    }
    this.#metrics?.start(signal)
    this.#certificate.start(clock, signal)
  }

  /** Takes a new label, name or role of the same member. */
  update(desired: DesiredMember): void {
    this.#desired = desired
  }

  /** Whether this is the member that is now wanted: the same endpoint, and no other ID. */
  isOf({ endpoint, id }: DesiredMember): boolean {
    return endpoint === this.endpoint && (id === undefined || this.#desired.id === undefined || id === this.#desired.id)
  }

  get label(): string {
    return this.#desired.label
  }

  get rpc() {
    return this.#rpc
  }

  stop(): void {
    this.#life.abort()
    this.#rpc.close()
  }

  view(): MemberView {
    const { label, id, name, isLearner } = this.#desired
    const commandLine = this.#metrics?.commandLine()
    const { heartbeatSeconds, electionSeconds, quotaBytes } = commandLine ?? {}
    const assumed = this.#assumed
    return {
      label,
      id: id ?? this.#status?.reply.memberId,
      name,
      endpoint: this.endpoint,
      isLearner: this.#status?.reply.isLearner ?? isLearner,
      status: this.#status && { reply: this.#status.reply, ago: this.#options.clock.now() - this.#status.at },
      soundings: Object.fromEntries([...this.#soundings].map(([op, sounding]) => [op, sounding.view()])),
      own: this.#metrics?.view(),
      timing: commandLine && {
        heartbeatSeconds: heartbeatSeconds ?? assumed.heartbeatSeconds,
        electionSeconds: electionSeconds ?? assumed.electionSeconds,
      },
      flagQuotaBytes: quotaBytes,
    }
  }

  /** Unix time at which its server certificate ends; undefined for http and before it was first seen. */
  get certificateEndsAt(): number | undefined {
    return this.#certificate.endsAt
  }

  /** What its own metrics page says; undefined when it is not to be read. */
  ownMetrics(): OwnMetrics | undefined {
    return this.#metrics?.state()
  }

  /** Timings that hold where its command line says nothing. */
  get #assumed() {
    const { heartbeat_interval, election_timeout } = this.#options.config
    return { heartbeatSeconds: heartbeat_interval, electionSeconds: election_timeout }
  }

  #calls(): ReadonlyMap<Op, (timeoutSeconds: number) => Promise<unknown>> {
    const { config, clock } = this.#options
    const key = canaryKey(config, this.endpoint)
    const write = canaryCall(config, this.#rpc, key, clock.unix)
    return new Map<Op, (timeoutSeconds: number) => Promise<unknown>>([
      ['status', (timeoutSeconds) => this.#askStatus(timeoutSeconds)],
      ['serializable_read', (timeoutSeconds) => this.#rpc.serializableRead(key, timeoutSeconds)],
      ['linearizable_read', (timeoutSeconds) => this.#rpc.linearizableRead(key, timeoutSeconds)],
      ...(write === undefined ? [] : ([['put', write]] as const)),
    ])
  }

  #sounding(op: Op, call: (timeoutSeconds: number) => Promise<unknown>): Sounding {
    const { config, clock, heldUp } = this.#options
    const timeoutSeconds = op === 'put' ? config.write_timeout : config.read_timeout
    const onChange = (result: Result, message: string) => this.#tell(op, result, message)
    return new Sounding({ call, timeoutSeconds, clock, heldUp, onChange })
  }

  async #askStatus(timeoutSeconds: number): Promise<void> {
    const reply = await this.#rpc.status(timeoutSeconds)
    this.#status = { reply, at: this.#options.clock.now() }
  }

  #tell(op: Op, result: Result, message: string): void {
    if (result === 'success') this.#log().info('Sounding succeeds', { op })
    else this.#log().warn('Sounding fails', { op, result, err: message })
  }

  /** The log with the member in each line. */
  #log(): Logger {
    const fields = () => ({ etcd_cluster: this.#options.config.name, member: this.#desired.label })
    return withFields(this.#options.log, fields)
  }
}

function withFields(log: Logger, fields: () => Readonly<Record<string, unknown>>): Logger {
  return {
    debug: (message, more) => log.debug(message, { ...fields(), ...more }),
    info: (message, more) => log.info(message, { ...fields(), ...more }),
    warn: (message, more) => log.warn(message, { ...fields(), ...more }),
    error: (message, more) => log.error(message, { ...fields(), ...more }),
  }
}
