// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'

/** Resolves at a time, in unix seconds; at once when it has passed. */
export async function reach(unix: number): Promise<void> {
  while (secondsTo(unix) > 0) await setTimeout(secondsTo(unix) * 1000)
}

/** Seconds from now to a time, in unix seconds. */
export function secondsTo(unix: number): number {
  return unix - Date.now() / 1000
}

/** The next full minute, in unix seconds; when it is nearer than `roomSeconds`, waits for it to pass and gives the one after. */
export async function minuteAhead(roomSeconds: number): Promise<number> {
  const next = Math.ceil(Date.now() / 60_000) * 60
  if (secondsTo(next) >= roomSeconds) return next
  await reach(next + 1)
  return next + 60
}

/** The schedule of these full minutes of each hour, and its zone. */
export function dueAt(...minutes: readonly number[]): {
  readonly schedule: string
  readonly spec: { timeZone: string }
} {
  const fields = minutes.map((minute) => new Date(minute * 1000).getUTCMinutes())
  return { schedule: `${fields.join(',')} * * * *`, spec: { timeZone: 'Etc/UTC' } }
}
