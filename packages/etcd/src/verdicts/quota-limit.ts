// SPDX-License-Identifier: Apache-2.0
import type { ClusterView, MemberView } from '../view.ts'
import { largestRequestBytes, quotaReserveRatio } from './thresholds.ts'

/**
 * A member's quota in bytes, from its Status, else its metrics page, else its command line, else the config. Undefined when
 * none tells it, or when the member says that it has none.
 */
export function quotaBytes(member: MemberView, view: ClusterView): number | undefined {
  const told = [
    member.status?.reply.quotaBytes,
    member.own?.quotaBytes,
    member.flagQuotaBytes,
    view.assumedQuotaBytes,
  ].find((bytes) => bytes !== undefined && bytes !== 0)
  return told !== undefined && told > 0 ? told : undefined
}

/**
 * The database size in bytes that a forecast aims at. etcd raises NOSPACE when size and request together reach the quota, so
 * it is short of it by the largest request; with a small quota by a hundredth, or the forecast would be off by more.
 */
export function quotaAimBytes(quota: number): number {
  return quota - Math.min(largestRequestBytes, quota * quotaReserveRatio)
}
