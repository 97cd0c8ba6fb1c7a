// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '@leadline/kit'
import type { Counts, DesiredMember } from './roster.ts'
import type { SeedError } from './seeds.ts'
import type { MembershipFailure } from './view.ts'

/** Tells what changes about a cluster's membership, and nothing twice in a row. */
export class MembershipLog {
  readonly #log: Logger
  readonly #cluster: string
  #foreign: ReadonlyMap<string, string> = new Map()
  readonly #last = new Map<string, unknown>()

  constructor(log: Logger, cluster: string) {
    this.#log = log
    this.#cluster = cluster
  }

  /** The given endpoints were found out, or not. */
  seeds(error: SeedError | undefined): void {
    if (!this.#isNew('seeds', error?.message) || error === undefined) return
    this.#log.warn('Endpoints can not be found out; the last ones stay', {
      etcd_cluster: this.#cluster,
      err: error.message,
    })
  }

  /** Nobody gave a member list. */
  noList(failure: MembershipFailure): void {
    if (!this.#isNew('list', failure)) return
    this.#log.warn('No endpoint gives the member list; the last one stays', { etcd_cluster: this.#cluster, failure })
  }

  /** Somebody gave a member list. */
  listed(): void {
    this.#isNew('list', undefined)
  }

  /** The members to sound have changed. */
  members(members: readonly DesiredMember[]): void {
    const labels = members.map(({ label }) => label)
    this.#log.info('Members to sound have changed', { etcd_cluster: this.#cluster, members: labels.join(' ') })
  }

  /** Some voters or learners can't be sounded, though they have started. */
  counts(counts: Counts | undefined): void {
    const { no_usable_url = 0, over_limit = 0 } = counts?.unsounded ?? {}
    if (!this.#isNew('unsounded', [no_usable_url, over_limit]) || no_usable_url + over_limit === 0) return
    this.#log.warn('Some listed members are not sounded', {
      etcd_cluster: this.#cluster,
      no_usable_url,
      over_limit,
    })
  }

  /** Endpoints that answer for another cluster, with its ID. */
  foreign(foreign: ReadonlyMap<string, string>, clusterId: string | undefined): void {
    for (const [endpoint, other] of foreign) {
      if (this.#foreign.get(endpoint) === other) continue
      this.#log.error('Endpoint belongs to another cluster and is not sounded', {
        etcd_cluster: this.#cluster,
        endpoint,
        cluster_id: other,
        expected_cluster_id: clusterId,
      })
    }
    this.#foreign = new Map(foreign)
  }

  /** A round ended by a fault of the exporter. */
  fault(error: unknown): void {
    this.#log.error('Membership failed by a fault of the exporter', {
      etcd_cluster: this.#cluster,
      err: error instanceof Error ? error.stack : String(error),
    })
  }

  #isNew(about: string, value: unknown): boolean {
    if (isDeepStrictEqual(this.#last.get(about), value)) return false
    this.#last.set(about, value)
    return true
  }
}
