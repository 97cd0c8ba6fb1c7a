// SPDX-License-Identifier: Apache-2.0
import { defineMetrics } from '@leadline/kit'
import { ofMember } from '../collectors/labels.ts'
import { counterFamilies, gaugeFamilies, histogramFamilies } from './families.ts'

const peerLabels = { ...ofMember, peer: 'other members of the cluster' } as const

/** Source of what is computed over the window. */
const over = (family: string): string => `increase of the buckets of ${family} over the last minute`

/** What a member's own metrics page says, told again under one roof; all of it is absent while the page can't be read. */
export const memberMetricsTable = defineMetrics({
  etcd_endpoint_metrics_up: {
    type: 'gauge',
    help: "Whether the member's own metrics page could be read the last time; absent before the first try and where it is off.",
    labels: ofMember,
    source: 'the last read of the page',
  },
  etcd_endpoint_clock_offset_seconds: {
    type: 'gauge',
    help: "The member's clock minus that of the exporter, in seconds, known to half a second; absent while its metrics page can't be read.",
    labels: ofMember,
    source: 'Date header of the metrics page, against the middle of the request',
  },
  etcd_endpoint_metrics_last_success_timestamp_seconds: {
    type: 'gauge',
    help: "Unix time of the last successful read of the member's own metrics page; absent before the first.",
    labels: ofMember,
    source: 'the last read of the page that succeeded',
  },
  etcd_endpoint_wal_fsync_duration_seconds: {
    type: 'histogram',
    help: 'Duration of the fsyncs of the write-ahead log that the member completed, in seconds; one that hangs is not in it.',
    labels: ofMember,
    source: histogramFamilies.walFsync,
  },
  etcd_endpoint_wal_fsync_recent_mean_seconds: {
    type: 'gauge',
    help: 'Mean of the fsyncs of the write-ahead log in the last minute, in seconds; absent when none was completed.',
    labels: ofMember,
    source: over(histogramFamilies.walFsync),
  },
  etcd_endpoint_wal_fsync_recent_p99_seconds: {
    type: 'gauge',
    help: "The 99th percentile of the last minute's fsyncs of the write-ahead log, in seconds, interpolated; absent when none was completed.",
    labels: ofMember,
    source: over(histogramFamilies.walFsync),
  },
  etcd_endpoint_backend_commit_duration_seconds: {
    type: 'histogram',
    help: 'Duration of the commits to the backend that the member completed, fsync included, in seconds.',
    labels: ofMember,
    source: histogramFamilies.backendCommit,
  },
  etcd_endpoint_backend_commit_recent_mean_seconds: {
    type: 'gauge',
    help: 'Mean of the commits to the backend in the last minute, in seconds; absent when there was none.',
    labels: ofMember,
    source: over(histogramFamilies.backendCommit),
  },
  etcd_endpoint_backend_commit_recent_p99_seconds: {
    type: 'gauge',
    help: "The 99th percentile of the last minute's commits to the backend, in seconds, interpolated; absent when there was none.",
    labels: ofMember,
    source: over(histogramFamilies.backendCommit),
  },
  etcd_endpoint_backend_snapshot_duration_seconds: {
    type: 'histogram',
    help: 'Duration of the snapshots that the member sent of its backend, in seconds.',
    labels: ofMember,
    source: histogramFamilies.backendSnapshot,
  },
  etcd_endpoint_backend_defrag_duration_seconds: {
    type: 'histogram',
    help: 'Duration of the defragmentations of the backend, in seconds; the member serves nothing meanwhile.',
    labels: ofMember,
    source: histogramFamilies.backendDefrag,
  },
  etcd_endpoint_defragmenting: {
    type: 'gauge',
    help: 'Whether the member is defragmenting its backend and serves nothing meanwhile; absent before etcd 3.4.16.',
    labels: ofMember,
    source: gaugeFamilies.defragInFlight,
  },
  etcd_endpoint_backend_quota_bytes: {
    type: 'gauge',
    help: 'Bytes that the backend may grow to before writes are refused; absent when the quota is switched off.',
    labels: ofMember,
    source: gaugeFamilies.quotaBytes,
  },
  etcd_endpoint_wal_written_bytes_total: {
    type: 'counter',
    help: 'Bytes written to the write-ahead log since the member started; absent before etcd 3.4.16.',
    labels: ofMember,
    source: counterFamilies.walWriteBytes,
  },
  etcd_endpoint_apply_duration_seconds: {
    type: 'histogram',
    help: 'Duration of applying requests of any kind to the key-value store, in seconds; absent before etcd 3.5.',
    labels: ofMember,
    source: `${histogramFamilies.apply}, all its series added up`,
  },
  etcd_endpoint_slow_applies_total: {
    type: 'counter',
    help: 'Applied requests that took longer than 100 ms, or than --warning-apply-duration, since the member started.',
    labels: ofMember,
    source: counterFamilies.slowApplies,
  },
  etcd_endpoint_slow_read_indexes_total: {
    type: 'counter',
    help: 'Read indexes, which linearizable reads need, that came too late or not at all since the member started.',
    labels: ofMember,
    source: counterFamilies.slowReadIndexes,
  },
  etcd_endpoint_proposals_pending: {
    type: 'gauge',
    help: 'Writes that wait for the consensus at this member; 0 again once they have timed out.',
    labels: ofMember,
    source: gaugeFamilies.pendingProposals,
  },
  etcd_endpoint_proposals_failed_total: {
    type: 'counter',
    help: 'Writes sent to this member that the consensus did not accept in time since the member started.',
    labels: ofMember,
    source: counterFamilies.failedProposals,
  },
  etcd_endpoint_heartbeat_send_failures_total: {
    type: 'counter',
    help: 'Heartbeats that the member, while it led, sent too late since it started, most often because its disk is slow.',
    labels: ofMember,
    source: counterFamilies.heartbeatFailures,
  },
  etcd_endpoint_leader_changes_seen_total: {
    type: 'counter',
    help: 'Changes of the leader that the member has seen since it started.',
    labels: ofMember,
    source: counterFamilies.leaderChanges,
  },
  etcd_endpoint_peer_round_trip_seconds: {
    type: 'histogram',
    help: 'Smoothed round trip from the member to each other member, in seconds; a peer that was never reached shows as 0 s.',
    labels: peerLabels,
    source: `${histogramFamilies.peerRoundTrip}, by its label To`,
  },
  etcd_endpoint_open_fds: {
    type: 'gauge',
    help: "File descriptors that the member's process has open.",
    labels: ofMember,
    source: gaugeFamilies.openFds,
  },
  etcd_endpoint_max_fds: {
    type: 'gauge',
    help: "File descriptors that the member's process may have open.",
    labels: ofMember,
    source: gaugeFamilies.maxFds,
  },
  etcd_endpoint_start_timestamp_seconds: {
    type: 'gauge',
    help: "Unix time at which the member's process started.",
    labels: ofMember,
    source: gaugeFamilies.startedAt,
  },
})
