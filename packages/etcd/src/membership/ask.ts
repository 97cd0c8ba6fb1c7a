// SPDX-License-Identifier: Apache-2.0

import type { Endpoint } from '../endpoint.ts'
import type { Failure } from '../ops.ts'
import { type MemberList, type MemberRpc, type ReplyHeader, RpcError } from '../rpc/member-rpc.ts'

/** What one endpoint said when it was asked for the member list. */
export interface Answer {
  readonly endpoint: Endpoint
  /** Who answered: with the list, or at least with a status, as a learner does, which gives no lists. */
  readonly header: ReplyHeader | undefined
  readonly list: MemberList | undefined
  /** Why there is no list; undefined when there is one. */
  readonly failure: Failure | undefined
}

/** The connections over which endpoints are asked. */
export class Asker {
  readonly #connect: (endpoint: string) => MemberRpc
  readonly #open = new Map<string, MemberRpc>()

  constructor(connect: (endpoint: string) => MemberRpc) {
    this.#connect = connect
  }

  /**
   * Asks all of them at once, each within so many seconds, twice that for a learner; closes the connections to others.
   * Never rejects for what an endpoint does.
   */
  ask(endpoints: readonly Endpoint[], timeoutSeconds: number): Promise<readonly Answer[]> {
    this.#keep(new Set(endpoints.map(({ url }) => url)))
    return Promise.all(endpoints.map((endpoint) => this.#askOne(endpoint, timeoutSeconds)))
  }

  /** Closes all connections. */
  close(): void {
    this.#keep(new Set())
  }

  async #askOne(endpoint: Endpoint, timeoutSeconds: number): Promise<Answer> {
    const rpc = this.#open.get(endpoint.url) ?? this.#connect(endpoint.url)
    this.#open.set(endpoint.url, rpc)
    try {
      const list = await rpc.memberList(timeoutSeconds)
      return { endpoint, header: list, list, failure: undefined }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      // A learner refuses as UNAVAILABLE what it does not serve.
      const mayBeLearner = error.failure === 'unreachable' || error.failure === 'other'
      const header = mayBeLearner ? await rpc.status(timeoutSeconds).catch(() => undefined) : undefined
      return { endpoint, header, list: undefined, failure: error.failure }
    }
  }

  #keep(urls: ReadonlySet<string>): void {
    for (const [url, rpc] of this.#open) {
      if (urls.has(url)) continue
      rpc.close()
      this.#open.delete(url)
    }
  }
}
