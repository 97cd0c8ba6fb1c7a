// SPDX-License-Identifier: Apache-2.0
import type { Failure } from '../ops.ts'

/** A call to a member that failed. The message is one line for a log: which RPC, where, what, and how to mend. */
export class RpcError extends Error {
  readonly failure: Failure
  /** gRPC status code as its name, as in `UNAVAILABLE`. */
  readonly code: string
  constructor(failure: Failure, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RpcError'
    this.failure = failure
    this.code = code
  }
}

/** etcdserverpb.ResponseHeader, which every reply carries. */
export interface ReplyHeader {
  /** Lower-case hexadecimal without leading zeros, as etcdctl prints it. */
  readonly clusterId: string
  /** The member that answered; hexadecimal. */
  readonly memberId: string
  readonly revision: number
  readonly raftTerm: number
}

/** etcdserverpb.StatusResponse. */
export interface StatusReply extends ReplyHeader {
  readonly version: string
  readonly dbSizeBytes: number
  readonly dbSizeInUseBytes: number
  /** Hexadecimal ID of the member that it believes to lead; undefined for none. */
  readonly leaderId: string | undefined
  readonly raftIndex: number
  readonly raftAppliedIndex: number
  readonly isLearner: boolean
  /** Texts of alarms and of a missing leader. */
  readonly errors: readonly string[]
  /** From 3.6 on. */
  readonly storageVersion: string | undefined
  /** From 3.6 on; undefined too where the server sends 0, as 3.6.0 to 3.6.5 do for the default. Negative: no quota. */
  readonly quotaBytes: number | undefined
  /** From 3.6 on. */
  readonly downgradeEnabled: boolean | undefined
}

/** etcdserverpb.Member. */
export interface ListedMember {
  /** Hexadecimal. */
  readonly id: string
  /** Empty for a member that was added and has never started. */
  readonly name: string
  readonly peerUrls: readonly string[]
  /** Empty for a member that has never started. */
  readonly clientUrls: readonly string[]
  readonly isLearner: boolean
}

/** etcdserverpb.MemberListResponse. */
export interface MemberList extends ReplyHeader {
  readonly members: readonly ListedMember[]
}

/** etcdserverpb.HashKVResponse. */
export interface HashReply extends ReplyHeader {
  readonly hash: number
  readonly compactRevision: number
  /** From 3.6 on. */
  readonly hashRevision: number | undefined
}

/**
 * The calls that the exporter makes to one member, and to no other: each is tried once, ends at its own deadline whatever
 * the channel does, and rejects with RpcError.
 */
export interface MemberRpc {
  /** The client URL, as in `https://10.0.0.1:2379`. */
  readonly endpoint: string
  /** Maintenance.Status: local memory only; no raft, no fsync. */
  status(timeoutSeconds: number): Promise<StatusReply>
  /** KV.Range with `serializable`: the member's own backend, without the quorum. */
  serializableRead(key: string, timeoutSeconds: number): Promise<ReplyHeader>
  /** KV.Range: ReadIndex with a quorum of heartbeats, then the member's own apply. */
  linearizableRead(key: string, timeoutSeconds: number): Promise<ReplyHeader>
  /** KV.Put: raft, an fsync on a quorum, the member's own apply; one revision. */
  put(key: string, value: string, timeoutSeconds: number): Promise<ReplyHeader>
  /** KV.DeleteRange of one key: as put, but without a revision while the key is absent, and let through at NOSPACE. */
  delete(key: string, timeoutSeconds: number): Promise<ReplyHeader>
  /** Cluster.MemberList, not linearizable, so that it answers without a quorum. */
  memberList(timeoutSeconds: number): Promise<MemberList>
  /** Maintenance.HashKV up to a revision: heavy, some 100 ms for each 100 MB. */
  hashKv(revision: number, timeoutSeconds: number): Promise<HashReply>
  /** Ends the channel; calls under way fail as unreachable. */
  close(): void
}
