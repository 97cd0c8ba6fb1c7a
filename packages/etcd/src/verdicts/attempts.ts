// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../ops.ts'
import type { Finished, SoundingView } from '../view.ts'
import { stuckSeconds } from './thresholds.ts'

/**
 * Results that say nothing of whether a member could serve: it was not asked, or refused before it tried, as `other` is
 * with too many requests.
 */
const silent: ReadonlySet<Result> = new Set<Result>(['lagged', 'auth', 'tls', 'nospace', 'corrupt', 'other'])

/** The soundings that say something of the member's service, oldest first. */
export function telling({ recent }: SoundingView): readonly Finished[] {
  return recent.filter(({ result }) => !silent.has(result))
}

/**
 * The soundings that were begun within the last `seconds`. A call that was under way when the leader changed was lost with
 * the old one, and tells nothing of the new one or of the member that it went through.
 */
export function begunWithin(sounding: SoundingView | undefined, seconds: number): SoundingView | undefined {
  if (sounding === undefined) return undefined
  const { inFlightSeconds = Number.POSITIVE_INFINITY, recent } = sounding
  return {
    ...sounding,
    inFlightSeconds: inFlightSeconds < seconds ? inFlightSeconds : undefined,
    recent: recent.filter(({ begunAgo }) => begunAgo < seconds),
  }
}

/** How long a sounding took, in seconds. */
export function durationOf({ begunAgo, endedAgo }: Finished): number {
  return begunAgo - endedAgo
}

/**
 * For how many seconds now calls have hung: since the first of the deadlines in a row at the end, or since the call that is
 * under way began. 0 when neither hangs.
 */
export function hangingSeconds(sounding: SoundingView | undefined): number {
  return sounding === undefined ? 0 : failingSeconds(sounding, ({ result }) => result === 'deadline')
}

/**
 * The duration that this share of the soundings of the last `windowSeconds` stayed at or below, in seconds; infinite when
 * that one failed, or when all have failed or hung for two seconds now; undefined when fewer than `fewest` were tried.
 * Between two it is the outer one, so that of a few soundings too the slower quarter is slow before the median is.
 */
export function durationQuantile(
  sounding: SoundingView | undefined,
  share: number,
  windowSeconds: number,
  fewest = 1,
): number | undefined {
  if (sounding === undefined) return undefined
  const late = lately(sounding, windowSeconds)
  if (failingSeconds({ ...sounding, recent: late }, () => true) >= stuckSeconds) return Number.POSITIVE_INFINITY
  const durations = late
    .map((one) => (one.result === 'success' ? durationOf(one) : Number.POSITIVE_INFINITY))
    .toSorted((a, b) => a - b)
  if (durations.length < fewest) return undefined
  const rank = (durations.length - 1) * share
  return durations[share > 0.5 ? Math.ceil(rank) : Math.floor(rank)]
}

/**
 * Longest duration of the last `windowSeconds`, in seconds, a deadline and the call under way counted for as long as they
 * have lasted; undefined when nothing was tried.
 */
export function longestDuration(sounding: SoundingView | undefined, windowSeconds: number): number | undefined {
  if (sounding === undefined) return undefined
  const finished = lately(sounding, windowSeconds)
    .filter(({ result }) => result === 'success' || result === 'deadline')
    .map(durationOf)
  const inFlight = sounding.inFlightSeconds === undefined ? [] : [sounding.inFlightSeconds]
  return finished.length + inFlight.length === 0 ? undefined : Math.max(...finished, ...inFlight)
}

/** Since when the last ones in a row have failed in this way, or the one under way has been, in seconds. */
function failingSeconds(sounding: SoundingView, isOfKind: (one: Finished) => boolean): number {
  const finished = telling(sounding)
  const lastOther = finished.findLastIndex((one) => one.result === 'success' || !isOfKind(one))
  return Math.max(finished[lastOther + 1]?.begunAgo ?? 0, sounding.inFlightSeconds ?? 0)
}

/**
 * The telling ones of the window, or of the last three where soundings are made too seldom to have so many in it: where they
 * were made and refused, those before are old.
 */
function lately({ recent }: SoundingView, windowSeconds: number): readonly Finished[] {
  const made = recent.filter(({ result }) => result !== 'lagged')
  const late = made.filter(({ endedAgo }, i) => endedAgo <= windowSeconds || i >= made.length - 3)
  return late.filter(({ result }) => !silent.has(result))
}
