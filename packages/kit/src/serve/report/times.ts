// SPDX-License-Identifier: Apache-2.0

/** Clocks of a time zone, of unix seconds. */
export interface ZoneClock {
  /** `UTC`, or the IANA name. */
  readonly zone: string
  /** `2026-09-01`. */
  date(at: number): string
  /** `02:00:04`. */
  time(at: number): string
}

const clocks = new Map<string, ZoneClock>()

/** The clock of a zone; that of UTC when there is no such zone, as in an object that is not valid. */
export function zoneClock(zone: string): ZoneClock {
  const known = clocks.get(zone)
  if (known !== undefined) return known
  try {
    const clock = clockOf(zone)
    clocks.set(zone, clock)
    return clock
  } catch {
    return zoneClock('UTC')
  }
}

function clockOf(zone: string): ZoneClock {
  // Sweden writes dates as ISO 8601 does.
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, timeStyle: 'medium' })
  return { zone, date: (at) => date.format(at * 1000), time: (at) => time.format(at * 1000) }
}

/** A time as people say it: with the date only when it is another than that of `beside`. */
export function clockText(clock: ZoneClock, at: number, beside: number): string {
  const date = clock.date(at)
  return date === clock.date(beside) ? clock.time(at) : `${date} ${clock.time(at)}`
}

/** `4 s`, `25 min 4 s`, `1 h 25 min`, `3 d 2 h`: rounded to the second, and to two units. */
export function durationText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds))
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return '0 s'
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0)
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ')
}

/** A time in JSON: RFC 3339 in UTC, with milliseconds only when there are some; null where it is not known, or there is none. */
export type TimeField = { readonly time: string; readonly unixSeconds: number } | null

/** The field for a time in unix seconds. */
export function timeField(at: number | undefined): TimeField {
  return at === undefined ? null : { time: rfc3339(at), unixSeconds: at }
}

function rfc3339(at: number): string {
  return new Date(Math.round(at * 1000)).toISOString().replace('.000Z', 'Z')
}
