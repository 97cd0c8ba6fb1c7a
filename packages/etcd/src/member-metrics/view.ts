// SPDX-License-Identifier: Apache-2.0

/** Sums of a duration histogram over a window. */
export interface RecentDurations {
  /** Length of the window, in seconds. */
  readonly seconds: number
  readonly count: number
  /** Mean in seconds; undefined when nothing was observed in the window. */
  readonly mean: number | undefined
  /** 99th percentile in seconds by linear interpolation within a bucket, as histogram_quantile; undefined as above. */
  readonly p99: number | undefined
}

/** What one member's own metrics page says. */
export interface MemberMetricsView {
  /** Seconds ago that it was last read; older than two periods means that it can't be read now. */
  readonly ago: number
  /** etcd_disk_wal_fsync_duration_seconds; completed ones only, so a stuck one shows as a frozen count. */
  readonly walFsync: RecentDurations | undefined
  /** etcd_disk_backend_commit_duration_seconds. */
  readonly backendCommit: RecentDurations | undefined
  /** Increase of etcd_server_heartbeat_send_failures_total over the window. */
  readonly heartbeatFailures: number | undefined
  /** etcd_server_quota_backend_bytes; undefined when it is not there, negative when the quota is off. */
  readonly quotaBytes: number | undefined
  /** etcd_disk_defrag_inflight. */
  readonly isDefragmenting: boolean
}
