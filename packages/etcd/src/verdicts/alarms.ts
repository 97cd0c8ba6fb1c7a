// SPDX-License-Identifier: Apache-2.0
import type { ClusterView } from '../view.ts'
import { freshMembers, ownMembers } from './fresh.ts'

/** etcdserverpb.AlarmType in lower case; `other` for one that is newer than this exporter. */
export const alarms = ['nospace', 'corrupt', 'other'] as const
export type Alarm = (typeof alarms)[number]

/** An alarm that is raised. */
export interface RaisedAlarm {
  /** Hexadecimal ID of the member that it concerns; undefined where etcd does not know, as for some corruption. */
  readonly memberId: string | undefined
  readonly alarm: Alarm
}

/**
 * Reads one of the texts of StatusResponse.errors; undefined for those that are no alarm. They are protobuf text, as in
 * `memberID:9760886560523756069 alarm:NOSPACE`, whose spaces vary on purpose, and an ID of 0 is left out.
 */
export function parseAlarm(text: string): RaisedAlarm | undefined {
  const name = /\balarm:\s*([A-Z]+)/.exec(text)?.[1]?.toLowerCase()
  if (name === undefined) return undefined
  const id = /\bmemberID:\s*(\d{1,20})\b/.exec(text)?.[1]
  const alarm = alarms.find((known) => known === name) ?? 'other'
  return { memberId: id === undefined || /^0+$/.test(id) ? undefined : BigInt(id).toString(16), alarm }
}

/** The value of the `member` label of an alarm for which etcd names no member. */
export const unknownMember = 'unknown'

/**
 * The alarms by the label of the member that they concern, by its ID when it is no longer a member; with an empty set for
 * each member without any. Undefined when no member answers. Each member tells those of the whole cluster.
 */
export function raisedAlarms(view: ClusterView): ReadonlyMap<string, ReadonlySet<Alarm>> | undefined {
  const fresh = freshMembers(view)
  if (fresh.length === 0) return undefined
  const members = ownMembers(view)
  const raised = new Map(members.map(({ label }) => [label, new Set<Alarm>()]))
  for (const { memberId, alarm } of fresh.flatMap(({ reply }) =>
    reply.errors.flatMap((text) => parseAlarm(text) ?? []),
  )) {
    const known = members.find(
      ({ id, status }) => memberId !== undefined && (status?.reply.memberId ?? id) === memberId,
    )
    const label = known?.label ?? memberId ?? unknownMember
    raised.set(label, (raised.get(label) ?? new Set()).add(alarm))
  }
  return raised
}
