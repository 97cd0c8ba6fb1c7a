// SPDX-License-Identifier: Apache-2.0
import { type SetSample, stateModule } from '@leadline/kit'
import { counterFamilies, gaugeFamilies, histogramFamilies } from '../member-metrics/families.ts'
import { added, histogramOf, histogramsOf } from '../member-metrics/histograms.ts'
import type { OwnMetrics } from '../member-metrics/member-metrics.ts'
import { numberOf } from '../member-metrics/numbers.ts'
import { memberMetricsTable } from '../member-metrics/table.ts'
import type { ParsedMetrics } from '../member-metrics/text-format.ts'
import type { MemberMetricsView } from '../member-metrics/view.ts'

/** What one member's own page says, with whose it is. */
export interface LabelledMetrics extends OwnMetrics {
  /** The `etcd_cluster` label. */
  readonly cluster: string
  /** The `member` label. */
  readonly member: string
  /**
   * Hexadecimal ID to the `member` label of each listed member; undefined while there is no list. etcd keeps the series of
   * removed members until it restarts, so that peers outside of the list are left out.
   */
  readonly peers: ReadonlyMap<string, string> | undefined
}

type Set = SetSample<typeof memberMetricsTable>
type Labels = { readonly etcd_cluster: string; readonly member: string }

const numbers = {
  etcd_endpoint_wal_written_bytes_total: counterFamilies.walWriteBytes,
  etcd_endpoint_slow_applies_total: counterFamilies.slowApplies,
  etcd_endpoint_slow_read_indexes_total: counterFamilies.slowReadIndexes,
  etcd_endpoint_proposals_failed_total: counterFamilies.failedProposals,
  etcd_endpoint_heartbeat_send_failures_total: counterFamilies.heartbeatFailures,
  etcd_endpoint_leader_changes_seen_total: counterFamilies.leaderChanges,
  etcd_endpoint_proposals_pending: gaugeFamilies.pendingProposals,
  etcd_endpoint_defragmenting: gaugeFamilies.defragInFlight,
  etcd_endpoint_open_fds: gaugeFamilies.openFds,
  etcd_endpoint_max_fds: gaugeFamilies.maxFds,
  etcd_endpoint_start_timestamp_seconds: gaugeFamilies.startedAt,
} as const

const histograms = {
  etcd_endpoint_wal_fsync_duration_seconds: histogramFamilies.walFsync,
  etcd_endpoint_backend_commit_duration_seconds: histogramFamilies.backendCommit,
  etcd_endpoint_backend_snapshot_duration_seconds: histogramFamilies.backendSnapshot,
  etcd_endpoint_backend_defrag_duration_seconds: histogramFamilies.backendDefrag,
} as const

/** Tells what the members' own metrics pages say; of a page that can't be read now, only that. */
export const memberMetrics = (members: () => readonly LabelledMetrics[]) =>
  stateModule({
    name: 'member_metrics',
    metrics: memberMetricsTable,
    tell(set) {
      for (const { cluster, member, peers, isUp, lastSuccessAt, page, view } of members()) {
        const labels = { etcd_cluster: cluster, member }
        if (isUp !== undefined) set('etcd_endpoint_metrics_up', isUp ? 1 : 0, labels)
        if (lastSuccessAt !== undefined) {
          set('etcd_endpoint_metrics_last_success_timestamp_seconds', lastSuccessAt, labels)
        }
        if (page === undefined) continue
        reportNumbers(page, labels, set)
        reportHistograms(page, labels, set)
        reportRoundTrips(page, labels, peers, set)
        if (view !== undefined) reportView(view, labels, set)
      }
    },
  })

function reportNumbers(page: ParsedMetrics, labels: Labels, set: Set): void {
  for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) {
    const value = numberOf(page, numbers[name])
    if (value !== undefined) set(name, value, labels)
  }
  const quota = numberOf(page, gaugeFamilies.quotaBytes)
  if (quota !== undefined && quota > 0) set('etcd_endpoint_backend_quota_bytes', quota, labels)
}

function reportHistograms(page: ParsedMetrics, labels: Labels, set: Set): void {
  for (const name of Object.keys(histograms) as (keyof typeof histograms)[]) {
    const value = histogramOf(page, histograms[name])
    if (value !== undefined) set(name, value, labels)
  }
  const applied = added(histogramsOf(page, histogramFamilies.apply).map(({ value }) => value))
  if (applied !== undefined) set('etcd_endpoint_apply_duration_seconds', applied, labels)
}

function reportRoundTrips(page: ParsedMetrics, labels: Labels, peers: LabelledMetrics['peers'], set: Set): void {
  for (const { labels: own, value } of histogramsOf(page, histogramFamilies.peerRoundTrip)) {
    const id = own.get('To') ?? ''
    const peer = peers === undefined ? id : peers.get(id)
    if (peer !== undefined && /^[0-9a-f]{1,16}$/.test(id)) {
      set('etcd_endpoint_peer_round_trip_seconds', value, { ...labels, peer })
    }
  }
}

function reportView(
  { walFsync, backendCommit, clockOffsetSeconds }: MemberMetricsView,
  labels: Labels,
  set: Set,
): void {
  const present = (name: ViewName, value: number | undefined): void => {
    if (value !== undefined) set(name, value, labels)
  }
  present('etcd_endpoint_clock_offset_seconds', clockOffsetSeconds)
  present('etcd_endpoint_wal_fsync_recent_mean_seconds', walFsync?.mean)
  present('etcd_endpoint_wal_fsync_recent_p99_seconds', walFsync?.p99)
  present('etcd_endpoint_backend_commit_recent_mean_seconds', backendCommit?.mean)
  present('etcd_endpoint_backend_commit_recent_p99_seconds', backendCommit?.p99)
}

type ViewName =
  | 'etcd_endpoint_clock_offset_seconds'
  | `etcd_endpoint_${'wal_fsync' | 'backend_commit'}_recent_${'mean' | 'p99'}_seconds`
