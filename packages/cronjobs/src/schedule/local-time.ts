// SPDX-License-Identifier: Apache-2.0

/** A time as a clock shows it. */
export interface LocalTime {
  /** As `Sun`. */
  readonly weekday: string
  /** As `2026-11-22`. */
  readonly day: string
  /** As `03:00`. */
  readonly minutes: string
  /** As `03:00:00`. */
  readonly seconds: string
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** What a clock shows that is so many seconds on since 1970 began. */
export function localTime(localSeconds: number): LocalTime {
  const date = new Date(localSeconds * 1000)
  const [day = '', time = ''] = date.toISOString().split('T')
  return {
    weekday: weekdays[date.getUTCDay()] as string,
    day,
    minutes: time.slice(0, 5),
    seconds: time.slice(0, 8),
  }
}

/** An instant in unix seconds as RFC 3339 in UTC, to the second. */
export function utcText(unixSeconds: number): string {
  return `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`
}

/** The instant of an RFC 3339 time in unix seconds, cut to whole ones; undefined when the text is none. */
export function readInstant(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
}
