// SPDX-License-Identifier: Apache-2.0
import type { LeaseObject, LeaseSpec } from './lease-record.ts'

/** `active`: we hold the Lease. `standby`: another does. `unknown`: it can't be told; act as if another did. */
export type LeaseState = 'active' | 'standby' | 'unknown'

/** The times of an election, in seconds; each must be shorter than the one before. */
export interface LeaseTimes {
  /** Others wait for so long after the last change that they saw. */
  readonly durationSeconds: number
  /** The holder gives up when it could not renew for so long. */
  readonly renewSeconds: number
  /** Between attempts to renew or to take it. */
  readonly retrySeconds: number
}

/** What one process knows of a Lease. All times are monotonic seconds of its own: the clocks of others are not trusted. */
export class LeaseView {
  readonly #identity: string
  readonly #times: LeaseTimes
  #spec: LeaseSpec | undefined
  #resourceVersion: string | undefined
  /** When this version of it was seen first, and when it was last seen at all. */
  #changedAt = Number.NEGATIVE_INFINITY
  #seenAt = Number.NEGATIVE_INFINITY
  /** When the request that renewed it last went out; undefined while it is not ours. */
  #renewedAt: number | undefined

  constructor(identity: string, times: LeaseTimes) {
    this.#identity = identity
    this.#times = times
  }

  get spec(): LeaseSpec | undefined {
    return this.#spec
  }
  /** Undefined when there is no Lease. */
  get resourceVersion(): string | undefined {
    return this.#resourceVersion
  }
  get isOurs(): boolean {
    return this.#renewedAt !== undefined
  }

  state(now: number): LeaseState {
    if (now < this.endsAt()) return 'active'
    const holder = this.#spec?.holderIdentity
    const isOther = Boolean(holder) && holder !== this.#identity
    return isOther && now < this.#seenAt + this.#times.durationSeconds ? 'standby' : 'unknown'
  }

  /** Until when we are active, unless it is renewed. */
  endsAt(): number {
    return this.#renewedAt === undefined ? Number.NEGATIVE_INFINITY : this.#renewedAt + this.#times.renewSeconds
  }

  /** Takes in the Lease as it was read or written; undefined when there is none. */
  see(found: LeaseObject | undefined, now: number): void {
    const resourceVersion = found?.metadata.resourceVersion
    if (resourceVersion !== this.#resourceVersion || this.#seenAt < 0) this.#changedAt = now
    this.#spec = found?.spec
    this.#resourceVersion = resourceVersion
    this.#seenAt = now
    if (this.#spec?.holderIdentity !== this.#identity) this.lose()
  }

  /** It is ours as of a write that went out at `sentAt`. */
  renewed(sentAt: number): void {
    this.#renewedAt = sentAt
  }

  /** It is not ours, or no more. */
  lose(): void {
    this.#renewedAt = undefined
  }

  /** Whether it is free, ours, or has stood unchanged for longer than its holder may leave it. */
  mayTake(now: number): boolean {
    const { holderIdentity, leaseDurationSeconds = this.#times.durationSeconds } = this.#spec ?? {}
    if (!holderIdentity || holderIdentity === this.#identity) return true
    return now > this.#changedAt + leaseDurationSeconds
  }
}
