// SPDX-License-Identifier: Apache-2.0
import { clockText, durationText, type ZoneClock } from '@leadline/kit'

/** The time of a tick: without its seconds when they are 0. */
export function tickText(clock: ZoneClock, tick: number, beside: number): string {
  return clockText(clock, tick, beside).replace(/(\d\d:\d\d):00$/, '$1')
}

/** `+4 s` or `-4 s`. */
export function offsetText(seconds: number): string {
  return `${seconds < 0 ? '-' : '+'}${durationText(seconds)}`
}
