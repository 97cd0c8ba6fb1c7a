// SPDX-License-Identifier: Apache-2.0

/** What a duration histogram counted over a window. */
export interface RecentDurations {
  /** Length of the window, in seconds. */
  readonly seconds: number
  readonly count: number
  /** Mean in seconds; undefined when nothing was observed in the window. */
  readonly mean: number | undefined
  /** 99th percentile in seconds by linear interpolation within a bucket, as histogram_quantile; undefined as above. */
  readonly p99: number | undefined
  /** Upper bound of the bucket of the longest one in seconds, infinite beyond the last bound; undefined as above. */
  readonly longest: number | undefined
}

/**
 * What one member's own metrics page says. The window is the last minute or so, shorter after a start of the member or of
 * the exporter, and what is taken over it is undefined until two pages of the same run of the member were read.
 */
export interface MemberMetricsView {
  /** Seconds ago that it was last asked for and then read. */
  readonly ago: number
  /** Whether that is less than two periods ago; otherwise the page can't be read now, and the rest is old. */
  readonly isCurrent: boolean
  /** The member's clock minus ours in seconds, half a second more or less; undefined when it did not tell the time. */
  readonly clockOffsetSeconds: number | undefined
  /** etcd_disk_wal_fsync_duration_seconds; completed ones only, so a stuck one shows as a frozen count. */
  readonly walFsync: RecentDurations | undefined
  /** Seconds in which no fsync was seen to complete, up to the last page; as exact as the period. */
  readonly walFsyncStillSeconds: number | undefined
  /** etcd_disk_backend_commit_duration_seconds. */
  readonly backendCommit: RecentDurations | undefined
  /** etcd_server_quota_backend_bytes; undefined when it is not there, negative when the quota is off. */
  readonly quotaBytes: number | undefined
  /** etcd_disk_defrag_inflight. */
  readonly isDefragmenting: boolean
}
