// SPDX-License-Identifier: Apache-2.0
import type { Member } from './member.ts'

/** fsyncs of the write-ahead log that a member has completed since it started, as it says itself. */
export function fsyncCount(member: Member): Promise<number> {
  return ownMetric(member, 'etcd_disk_wal_fsync_duration_seconds_count')
}

/** A member's key-value revision, as it says itself. */
export function revision(member: Member): Promise<number> {
  return ownMetric(member, 'etcd_debugging_mvcc_current_revision')
}

/** One series without labels of a member's own metrics page. Throws when it is not there. */
export async function ownMetric(member: Member, name: string): Promise<number> {
  const reply = await fetch(`${member.metricsUrl}/metrics`, { signal: AbortSignal.timeout(5000) })
  const line = (await reply.text()).split('\n').find((text) => text.startsWith(`${name} `))
  if (!line) throw new Error(`${member.name} has no ${name}`)
  return Number(line.slice(name.length + 1))
}
