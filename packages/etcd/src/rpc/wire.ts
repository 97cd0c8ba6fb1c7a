// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url'
import { loadSync, type MethodDefinition } from '@grpc/proto-loader'

/** A method of etcd's API with what turns its messages into bytes and back. */
export type Method<Q, R> = MethodDefinition<Q, R>

/** A 64-bit number as its halves, each a signed 32-bit number; decimal text costs more than all else of a reply. */
export interface Long {
  readonly low: number
  readonly high: number
  /** Whether the number as a whole has no sign. */
  readonly unsigned: boolean
}

/** etcdserverpb.ResponseHeader as it is decoded. */
export interface WireHeader {
  readonly cluster_id: Long
  readonly member_id: Long
  readonly revision: Long
  readonly raft_term: Long
}

/** Any reply; absent messages are null, absent scalars their proto3 defaults. */
export interface WireReply {
  readonly header: WireHeader | null
}

/** etcdserverpb.StatusResponse as it is decoded. */
export interface WireStatus extends WireReply {
  readonly version: string
  readonly dbSize: Long
  readonly leader: Long
  readonly raftIndex: Long
  readonly raftTerm: Long
  readonly raftAppliedIndex: Long
  readonly errors: readonly string[]
  readonly dbSizeInUse: Long
  readonly isLearner: boolean
  readonly storageVersion: string
  readonly dbSizeQuota: Long
  readonly downgradeInfo: { readonly enabled: boolean } | null
}

/** etcdserverpb.MemberListResponse as it is decoded. */
export interface WireMemberList extends WireReply {
  readonly members: readonly {
    readonly ID: Long
    readonly name: string
    readonly peerURLs: readonly string[]
    readonly clientURLs: readonly string[]
    readonly isLearner: boolean
  }[]
}

/** etcdserverpb.HashKVResponse as it is decoded. */
export interface WireHash extends WireReply {
  readonly hash: number
  readonly compact_revision: Long
  readonly hash_revision: Long
}

/** etcdserverpb.AuthenticateResponse as it is decoded. */
export interface WireLogin extends WireReply {
  readonly token: string
}

// Seen from src/rpc and from dist/rpc alike.
const protoFile = fileURLToPath(new URL('../../proto/etcd.proto', import.meta.url))
const definition = loadSync(protoFile, { keepCase: true, defaults: true, arrays: true })

function method<Q, R>(service: string, name: string): Method<Q, R> {
  const found = definition[`etcdserverpb.${service}`] as Record<string, unknown> | undefined
  if (found?.[name] === undefined) throw new Error(`${protoFile} has no ${service}.${name}`)
  return found[name] as Method<Q, R>
}

/** What etcd calls a method, as in `Status`. */
export function rpcName({ path }: { readonly path: string }): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The calls that the exporter makes. */
export const methods = {
  status: method<Record<string, never>, WireStatus>('Maintenance', 'Status'),
  hashKv: method<{ readonly revision: number }, WireHash>('Maintenance', 'HashKV'),
  range: method<{ readonly key: Buffer; readonly serializable: boolean }, WireReply>('KV', 'Range'),
  put: method<{ readonly key: Buffer; readonly value: Buffer }, WireReply>('KV', 'Put'),
  deleteRange: method<{ readonly key: Buffer }, WireReply>('KV', 'DeleteRange'),
  memberList: method<{ readonly linearizable: boolean }, WireMemberList>('Cluster', 'MemberList'),
  authenticate: method<{ readonly name: string; readonly password: string }, WireLogin>('Auth', 'Authenticate'),
} as const
