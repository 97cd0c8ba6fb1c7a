// SPDX-License-Identifier: Apache-2.0
import type { HashReply, MemberList, ReplyHeader, StatusReply } from './member-rpc.ts'
import type { Long, WireHash, WireMemberList, WireReply, WireStatus } from './wire.ts'

/** The header of any reply. */
export function replyHeader({ header }: WireReply): ReplyHeader {
  return {
    clusterId: hexadecimal(header?.cluster_id),
    memberId: hexadecimal(header?.member_id),
    revision: numberOf(header?.revision),
    raftTerm: numberOf(header?.raft_term),
  }
}

/** A StatusResponse; what the server's version does not send is undefined. */
export function statusReply(wire: WireStatus): StatusReply {
  return {
    ...replyHeader(wire),
    raftTerm: numberOf(wire.raftTerm),
    version: wire.version,
    dbSizeBytes: numberOf(wire.dbSize),
    dbSizeInUseBytes: numberOf(wire.dbSizeInUse),
    leaderId: isZero(wire.leader) ? undefined : hexadecimal(wire.leader),
    raftIndex: numberOf(wire.raftIndex),
    raftAppliedIndex: numberOf(wire.raftAppliedIndex),
    isLearner: wire.isLearner,
    errors: wire.errors,
    storageVersion: wire.storageVersion === '' ? undefined : wire.storageVersion,
    quotaBytes: numberUnlessZero(wire.dbSizeQuota),
    downgradeEnabled: wire.downgradeInfo?.enabled,
  }
}

/** A MemberListResponse. */
export function memberList(wire: WireMemberList): MemberList {
  const members = wire.members.map(({ ID, name, peerURLs, clientURLs, isLearner }) => ({
    id: hexadecimal(ID),
    name,
    peerUrls: peerURLs,
    clientUrls: clientURLs,
    isLearner,
  }))
  return { ...replyHeader(wire), members }
}

/** A HashKVResponse. */
export function hashReply(wire: WireHash): HashReply {
  return {
    ...replyHeader(wire),
    hash: wire.hash,
    compactRevision: numberOf(wire.compact_revision),
    hashRevision: numberUnlessZero(wire.hash_revision),
  }
}

const zero: Long = { low: 0, high: 0, unsigned: true }

/** An ID as etcdctl prints it. A double could not hold it: two members could then share one. */
function hexadecimal({ low, high } = zero): string {
  const lower = (low >>> 0).toString(16)
  return high === 0 ? lower : (high >>> 0).toString(16) + lower.padStart(8, '0')
}

/** Exact up to 2^53. */
function numberOf({ low, high, unsigned } = zero): number {
  return (unsigned ? high >>> 0 : high) * 2 ** 32 + (low >>> 0)
}

function isZero({ low, high }: Long): boolean {
  return low === 0 && high === 0
}

function numberUnlessZero(value: Long): number | undefined {
  return isZero(value) ? undefined : numberOf(value)
}
