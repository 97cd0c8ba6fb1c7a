// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import { type FreshMember, freshMembers } from '../verdicts/fresh.ts'
import { quotaBytes } from '../verdicts/quota-limit.ts'
import { ofMember } from './labels.ts'

const sizes = 'RPC Maintenance.Status, dbSize and dbSizeInUse'
const growth = `${sizes}, Theil-Sen over the last 20 s, 2 min, 30 min and 6 h`

/** Rows of the quota collector. */
export const quotaMetrics = defineMetrics({
  etcd_endpoint_quota_bytes: {
    type: 'gauge',
    help: "Database quota that the member's other quota metrics go by, in bytes; absent when it is not known or switched off.",
    labels: ofMember,
    source: 'RPC Maintenance.Status dbSizeQuota, else the metrics page, the command line, the config',
  },
  etcd_endpoint_quota_used_ratio: {
    type: 'gauge',
    help: 'Size of the database file over the quota: writes are refused at 1, or a little before by the size of a request; absent without a known quota and while the member does not answer.',
    labels: ofMember,
    source: sizes,
  },
  etcd_endpoint_quota_in_use_ratio: {
    type: 'gauge',
    help: 'Bytes in use of the database over the quota: what lies between this and quota_used_ratio is won back by defragmenting; absent without a known quota and while the member does not answer.',
    labels: ofMember,
    source: sizes,
  },
  etcd_endpoint_quota_seconds_left: {
    type: 'gauge',
    help: 'Seconds until writes are refused for want of quota, the shorter of the forecasts by file size and by bytes in use; +Inf when the database does not grow, or not within ten times the history; absent without a known quota, before 12 s of history, and while the member does not answer.',
    labels: ofMember,
    source: growth,
  },
  etcd_endpoint_quota_file_seconds_left: {
    type: 'gauge',
    help: 'Seconds until the quota is used up by the file size alone, which stands still while free pages are used; +Inf and absent as quota_seconds_left.',
    labels: ofMember,
    source: growth,
  },
  etcd_endpoint_quota_in_use_seconds_left: {
    type: 'gauge',
    help: 'Seconds until the quota is used up by the bytes in use alone; +Inf and absent as quota_seconds_left.',
    labels: ofMember,
    source: growth,
  },
})

type Set = SetSample<typeof quotaMetrics>

/** Tells how full each member's database is, and when it will be full. */
export const quota = (clusters: () => readonly JudgedCluster[]) =>
  stateModule({
    name: 'quota',
    metrics: quotaMetrics,
    tell(set, now) {
      for (const judged of clusters()) for (const one of freshMembers(judged.view)) setMember(judged, one, now(), set)
    },
  })

function setMember({ view, memory }: JudgedCluster, { member: one, reply }: FreshMember, now: number, set: Set): void {
  const labels = { etcd_cluster: view.name, member: one.label }
  const bytes = quotaBytes(one, view)
  if (bytes === undefined) return
  set('etcd_endpoint_quota_bytes', bytes, labels)
  set('etcd_endpoint_quota_used_ratio', reply.dbSizeBytes / bytes, labels)
  set('etcd_endpoint_quota_in_use_ratio', reply.dbSizeInUseBytes / bytes, labels)
  const left = memory.quota.secondsLeft(one.label, now)
  if (left === undefined) return
  set('etcd_endpoint_quota_seconds_left', Math.min(left.bySize, left.byInUse), labels)
  set('etcd_endpoint_quota_file_seconds_left', left.bySize, labels)
  set('etcd_endpoint_quota_in_use_seconds_left', left.byInUse, labels)
}
