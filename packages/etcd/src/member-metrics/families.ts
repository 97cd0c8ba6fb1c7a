// SPDX-License-Identifier: Apache-2.0

/** The histograms of etcd's metrics page that are kept. */
export const histogramFamilies = {
  walFsync: 'etcd_disk_wal_fsync_duration_seconds',
  backendCommit: 'etcd_disk_backend_commit_duration_seconds',
  backendSnapshot: 'etcd_disk_backend_snapshot_duration_seconds',
  backendDefrag: 'etcd_disk_backend_defrag_duration_seconds',
  /** From 3.5 on; one histogram for each operation. */
  apply: 'etcd_server_apply_duration_seconds',
  /** One histogram for each peer, named by the label `To`. */
  peerRoundTrip: 'etcd_network_peer_round_trip_time_seconds',
} as const

/** The counters of etcd's metrics page that are kept; etcd itself types the last one as a gauge. */
export const counterFamilies = {
  heartbeatFailures: 'etcd_server_heartbeat_send_failures_total',
  slowApplies: 'etcd_server_slow_apply_total',
  slowReadIndexes: 'etcd_server_slow_read_indexes_total',
  failedProposals: 'etcd_server_proposals_failed_total',
  leaderChanges: 'etcd_server_leader_changes_seen_total',
  walWriteBytes: 'etcd_disk_wal_write_bytes_total',
} as const

/** The gauges of etcd's metrics page that are kept. */
export const gaugeFamilies = {
  pendingProposals: 'etcd_server_proposals_pending',
  quotaBytes: 'etcd_server_quota_backend_bytes',
  defragInFlight: 'etcd_disk_defrag_inflight',
  openFds: 'process_open_fds',
  maxFds: 'process_max_fds',
  startedAt: 'process_start_time_seconds',
} as const

/** The names of all lines that are kept. */
export const wantedNames: ReadonlySet<string> = new Set([
  ...Object.values(histogramFamilies).flatMap((family) => [`${family}_bucket`, `${family}_sum`, `${family}_count`]),
  ...Object.values(counterFamilies),
  ...Object.values(gaugeFamilies),
])
