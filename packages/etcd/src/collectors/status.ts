// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import type { StatusReply } from '../rpc/member-rpc.ts'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import { freshMembers } from '../verdicts/fresh.ts'
import { ofMember } from './labels.ts'

const row = (help: string, field: string) =>
  ({
    type: 'gauge',
    help: `${help}; absent while the member does not answer.`,
    labels: ofMember,
    source: field,
  }) as const

const metrics = defineMetrics({
  etcd_endpoint_info: {
    type: 'gauge',
    help: '1, with what a member is as labels, those that are not known empty.',
    labels: {
      ...ofMember,
      endpoint: 'one for each member',
      member_id: 'one for each member, hexadecimal',
      server_version: 'one for each member',
      storage_version: 'one for each member, from etcd 3.6 on',
    },
    source: 'RPC Maintenance.Status and Cluster.MemberList',
  },
  etcd_endpoint_raft_term: row('Raft term that the member is in', 'StatusResponse.raftTerm'),
  etcd_endpoint_raft_index: row(
    'Index of the last raft entry that the member has committed',
    'StatusResponse.raftIndex',
  ),
  etcd_endpoint_raft_applied_index: row(
    'Index of the last raft entry that the member has applied; the gap to raft_index is its backlog',
    'StatusResponse.raftAppliedIndex',
  ),
  etcd_endpoint_revision: row("Revision of the member's data", 'ResponseHeader.revision'),
  etcd_endpoint_db_size_bytes: row("Size of the member's database file in bytes", 'StatusResponse.dbSize'),
  etcd_endpoint_db_in_use_bytes: row(
    'Bytes of the database file that are in use; the rest is won back by defragmenting',
    'StatusResponse.dbSizeInUse',
  ),
  etcd_endpoint_is_learner: row('Whether the member is a learner, which does not vote', 'StatusResponse.isLearner'),
  etcd_endpoint_downgrade_enabled: {
    type: 'gauge',
    help: 'Whether a downgrade of the cluster is under way; absent before etcd 3.6 and while the member does not answer.',
    labels: ofMember,
    source: 'StatusResponse.downgradeInfo',
  },
})

type Set = SetSample<typeof metrics>
type Labels = { readonly etcd_cluster: string; readonly member: string }

/** Tells what each member says of itself now. */
export const status = (clusters: () => readonly JudgedCluster[]) =>
  stateModule({
    name: 'status',
    metrics,
    tell(set) {
      for (const { view } of clusters()) {
        for (const { label: member, endpoint, id = '', status: last } of view.members) {
          const server_version = last?.reply.version ?? ''
          const storage_version = last?.reply.storageVersion ?? ''
          const known = { endpoint, member_id: id, server_version, storage_version }
          set('etcd_endpoint_info', 1, { etcd_cluster: view.name, member, ...known })
        }
        for (const { member, reply } of freshMembers(view)) {
          report(set, reply, { etcd_cluster: view.name, member: member.label })
        }
      }
    },
  })

function report(set: Set, reply: StatusReply, labels: Labels): void {
  set('etcd_endpoint_raft_term', reply.raftTerm, labels)
  set('etcd_endpoint_raft_index', reply.raftIndex, labels)
  set('etcd_endpoint_raft_applied_index', reply.raftAppliedIndex, labels)
  set('etcd_endpoint_revision', reply.revision, labels)
  set('etcd_endpoint_db_size_bytes', reply.dbSizeBytes, labels)
  set('etcd_endpoint_db_in_use_bytes', reply.dbSizeInUseBytes, labels)
  set('etcd_endpoint_is_learner', reply.isLearner ? 1 : 0, labels)
  if (reply.downgradeEnabled !== undefined) {
    set('etcd_endpoint_downgrade_enabled', reply.downgradeEnabled ? 1 : 0, labels)
  }
}
