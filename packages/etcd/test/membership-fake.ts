// SPDX-License-Identifier: Apache-2.0

import { RecordingLogger } from '@leadline/kit'
import { endpointsOf } from '../src/endpoint.ts'
import { Membership, type MembershipOptions } from '../src/membership/membership.ts'
import type { DesiredMember } from '../src/membership/roster.ts'
import type { Failure } from '../src/ops.ts'
import { type ListedMember, type MemberList, type MemberRpc, RpcError } from '../src/rpc/member-rpc.ts'

/** What an endpoint answers: a list as one member of one cluster, a status only as a learner does, or a failure. */
export type Script =
  | { readonly by: string; readonly clusterId?: string; readonly members: readonly ListedMember[] }
  | { readonly by: string; readonly learner: true }
  | Failure

/** A member as it is listed, with its client URL `http://ID:1`. */
export function member(id: string, name = id, ...clientUrls: readonly string[]): ListedMember {
  return {
    id,
    name,
    clientUrls: clientUrls.length > 0 ? clientUrls : [`http://${id}:1`],
    peerUrls: [],
    isLearner: false,
  }
}

function never(): never {
  throw new Error('not a call of membership')
}

/** A membership over endpoints that answer by script; what has no script is unreachable. */
export class FakeCluster {
  readonly scripts = new Map<string, Script>()
  readonly changes: (readonly DesiredMember[])[] = []
  /** Endpoints with an open connection. */
  readonly open = new Set<string>()
  readonly log = new RecordingLogger('debug', () => 0)
  readonly membership: Membership
  unix = 1000

  constructor(seeds: readonly string[], options: Partial<MembershipOptions> = {}) {
    const fixed = endpointsOf(seeds, 'http')
    this.membership = new Membership({
      cluster: 'test',
      seeds: () => Promise.resolve(fixed),
      mode: 'members',
      intervalSeconds: 3600,
      connect: (endpoint) => this.#connect(endpoint),
      clock: { unix: () => this.unix, now: () => 0 },
      log: this.log,
      onChange: (members) => this.changes.push(members),
      ...options,
    })
  }

  /** `label endpoint` of the members that were told last. */
  get last(): readonly string[] {
    return this.changes.at(-1)?.map(({ label, endpoint }) => `${label} ${endpoint}`) ?? []
  }

  /** Makes all these endpoints answer with the same list, each as the member of that name. */
  agree(ids: readonly string[], members: readonly ListedMember[]): void {
    for (const id of ids) this.scripts.set(`http://${id}:1`, { by: id, members })
  }

  #connect(endpoint: string): MemberRpc {
    if (this.open.has(endpoint)) throw new Error(`${endpoint} was opened twice`)
    this.open.add(endpoint)
    return {
      endpoint,
      memberList: () => this.#memberList(endpoint),
      status: () => this.#status(endpoint),
      close: () => void this.open.delete(endpoint),
      serializableRead: never,
      linearizableRead: never,
      put: never,
      delete: never,
      hashKv: never,
    }
  }

  async #memberList(endpoint: string): Promise<MemberList> {
    const script = this.scripts.get(endpoint) ?? 'unreachable'
    if (typeof script === 'string') throw new RpcError(script, 'UNAVAILABLE', `memberList at ${endpoint}`)
    if ('learner' in script) throw new RpcError('unreachable', 'UNAVAILABLE', 'not for learners')
    const { by, clusterId = 'c1', members } = script
    return { clusterId, memberId: by, revision: 0, raftTerm: 2, members }
  }

  async #status(endpoint: string): ReturnType<MemberRpc['status']> {
    const script = this.scripts.get(endpoint) ?? 'unreachable'
    if (typeof script === 'string') throw new RpcError(script, 'UNAVAILABLE', `status at ${endpoint}`)
    const zeros = { revision: 1, raftTerm: 2, raftIndex: 1, raftAppliedIndex: 1, dbSizeBytes: 1, dbSizeInUseBytes: 1 }
    const unknown = {
      leaderId: undefined,
      storageVersion: undefined,
      quotaBytes: undefined,
      downgradeEnabled: undefined,
    }
    return { clusterId: 'c1', memberId: script.by, version: '3.7.3', isLearner: true, errors: [], ...zeros, ...unknown }
  }
}
