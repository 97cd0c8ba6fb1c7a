// SPDX-License-Identifier: Apache-2.0
import type { HistogramValue } from '@leadline/kit'
import { counterFamilies, gaugeFamilies, histogramFamilies } from './families.ts'
import { haveSameBounds, histogramOf } from './histograms.ts'
import { numberOf } from './numbers.ts'
import type { ParsedMetrics } from './text-format.ts'

/** Start times of one and the same run may differ this much, in seconds: the kernel corrects its boot time. */
const startToleranceSeconds = 2

/** What is compared from page to page; the counters only tell a restart. */
const windowHistograms = ['walFsync', 'backendCommit'] as const
const windowCounters = [
  'heartbeatFailures',
  'slowApplies',
  'slowReadIndexes',
  'failedProposals',
  'leaderChanges',
] as const

export type WindowHistogram = (typeof windowHistograms)[number]
type WindowCounter = (typeof windowCounters)[number]

/** What is kept of one page to compare it with later ones. */
export interface Reading {
  /** Monotonic seconds at which the page was asked for. */
  readonly at: number
  /** Unix time at which the member started. */
  readonly startedAt: number | undefined
  readonly histograms: Readonly<Record<WindowHistogram, HistogramValue | undefined>>
  readonly counters: Readonly<Record<WindowCounter, number | undefined>>
}

/** Successive readings of one run of a member, oldest first. */
export type Window = readonly Reading[]

/** The reading of a page; `at` is when it was asked for, in monotonic seconds. */
export function readingOf(page: ParsedMetrics, at: number): Reading {
  return {
    at,
    startedAt: numberOf(page, gaugeFamilies.startedAt),
    histograms: mapNames(windowHistograms, (name) => histogramOf(page, histogramFamilies[name])),
    counters: mapNames(windowCounters, (name) => numberOf(page, counterFamilies[name])),
  }
}

/** The window with one more reading: it begins anew when the member has restarted, and loses what is older than `seconds`. */
export function withReading(window: Window, reading: Reading, seconds: number): Window {
  const last = window.at(-1)
  if (last === undefined || isRestart(last, reading)) return [reading]
  return [...window.filter(({ at }) => reading.at - at <= seconds), reading]
}

/** Whether the later reading is of another run of the member: by its start time, or by what can't fall within a run. */
export function isRestart(before: Reading, after: Reading): boolean {
  return (
    Math.abs((after.startedAt ?? Number.NaN) - (before.startedAt ?? Number.NaN)) > startToleranceSeconds ||
    windowCounters.some((name) => hasFallen(before.counters[name], after.counters[name])) ||
    windowHistograms.some((name) => hasShrunk(before.histograms[name], after.histograms[name]))
  )
}

/** An object of these names with what the function makes of each. */
function mapNames<const K extends string, V>(names: readonly K[], make: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, V>
}

function hasFallen(before: number | undefined, after: number | undefined): boolean {
  return before !== undefined && after !== undefined && after < before
}

function hasShrunk(before: HistogramValue | undefined, after: HistogramValue | undefined): boolean {
  if (before === undefined || after === undefined) return false
  return (
    after.count < before.count ||
    !haveSameBounds(before, after) ||
    after.buckets.some(([, cumulative], i) => hasFallen(before.buckets[i]?.[1], cumulative))
  )
}
