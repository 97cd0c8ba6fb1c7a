// SPDX-License-Identifier: Apache-2.0
import type { HashReply, MemberList, ReplyHeader, StatusReply } from './member-rpc.ts'
import type { WireHash, WireMemberList, WireReply, WireStatus } from './wire.ts'

/** The header of any reply. */
export function replyHeader({ header }: WireReply): ReplyHeader {
  return {
    clusterId: hexadecimal(header?.cluster_id),
    memberId: hexadecimal(header?.member_id),
    revision: Number(header?.revision ?? 0),
    raftTerm: Number(header?.raft_term ?? 0),
  }
}

/** A StatusResponse; what the server's version does not send is undefined. */
export function statusReply(wire: WireStatus): StatusReply {
  return {
    ...replyHeader(wire),
    raftTerm: Number(wire.raftTerm),
    version: wire.version,
    dbSizeBytes: Number(wire.dbSize),
    dbSizeInUseBytes: Number(wire.dbSizeInUse),
    leaderId: wire.leader === '0' ? undefined : hexadecimal(wire.leader),
    raftIndex: Number(wire.raftIndex),
    raftAppliedIndex: Number(wire.raftAppliedIndex),
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
    compactRevision: Number(wire.compact_revision),
    hashRevision: numberUnlessZero(wire.hash_revision),
  }
}

/** An ID as etcdctl prints it. A double could not hold it: two members could then share one. */
function hexadecimal(decimal = '0'): string {
  return BigInt(decimal).toString(16)
}

function numberUnlessZero(decimal: string): number | undefined {
  return decimal === '0' ? undefined : Number(decimal)
}
