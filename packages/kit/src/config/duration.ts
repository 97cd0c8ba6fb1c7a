// SPDX-License-Identifier: Apache-2.0

const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
}

/** Largest whole number of seconds that Go's int64 nanoseconds hold. */
const largest = 9_223_372_036

/** Seconds of a Go duration such as `1m30s` or `-500ms` (Go's time.ParseDuration); undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.exec(text)
  if (match === null) return /^[+-]?0$/.test(text) ? 0 : undefined
  let seconds = 0
  for (const part of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    seconds += Number(part[1]) * (unitSeconds[part[2] as string] as number)
  }
  if (seconds > largest) return undefined
  return match[1] === '-' ? -seconds : seconds
}

/** The shortest Go spelling of a duration in seconds, as Go's Duration.String gives it: `1m30s`, `500ms`, `0s`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return '0s'
  const sign = seconds < 0 ? '-' : ''
  const nanos = Math.round(Math.abs(seconds) * 1e9)
  if (nanos < 1e3) return `${sign}${nanos}ns`
  if (nanos < 1e6) return `${sign}${nanos / 1e3}µs`
  if (nanos < 1e9) return `${sign}${nanos / 1e6}ms`
  const whole = Math.floor(nanos / 1e9)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = Number(((whole % 60) + (nanos % 1e9) / 1e9).toFixed(9))
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${rest}s`
}
