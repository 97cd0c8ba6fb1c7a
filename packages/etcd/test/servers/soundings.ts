// SPDX-License-Identifier: Apache-2.0

import type { Exporter } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'
import { durationBounds } from '../../src/duration-bounds.ts'
import type { Op, Result } from '../../src/ops.ts'
import { type FaultPlace, faultPlaces } from '../../src/verdicts/fault-place.ts'

/** How many soundings of a kind at a member have ended in one way. */
export function soundingCount(page: Page, member: string, op: Op, result: Result): number {
  return page.value('etcd_endpoint_soundings_total', { member, op, result }) ?? 0
}

/** Counts of soundings at all members that have failed, by what was sounded and how it failed; those of 0 left out. */
export function failedSoundings({
  text,
}: Page): { readonly op: string; readonly failure: string; readonly count: number }[] {
  const series = /^etcd_endpoint_soundings_total\{.*op="(\w+)",result="(\w+)"\} ([1-9]\d*)$/gm
  return [...text.matchAll(series)]
    .map(([, op = '', failure = '', count]) => ({ op, failure, count: Number(count) }))
    .filter(({ failure }) => failure !== 'success' && failure !== 'lagged')
}

/** Where a member's fault is; undefined before anything is known. */
export function placeOf(page: Page, member: string): FaultPlace | undefined {
  return faultPlaces.find((place) => page.value('etcd_endpoint_fault_place', { member, place }) === 1)
}

/**
 * The bound of the histogram's bucket that a quantile of the soundings between two pages lies in, in seconds; infinite
 * beyond the last bound, undefined when there was none.
 */
export function quantileBetween(before: Page, after: Page, member: string, op: Op, share: number): number | undefined {
  const name = 'etcd_endpoint_sounding_duration_seconds'
  const more = (suffix: string, le?: string): number => {
    const labels = { member, op, ...(le !== undefined && { le }) }
    return (after.value(`${name}_${suffix}`, labels) ?? 0) - (before.value(`${name}_${suffix}`, labels) ?? 0)
  }
  const count = more('count')
  if (count === 0) return undefined
  return durationBounds.find((bound) => more('bucket', `${bound}`) >= share * count) ?? Number.POSITIVE_INFINITY
}

/** Waits for so many more puts at each of these members, and gives the page that has them. */
export async function morePuts(
  exporter: Exporter,
  members: readonly { readonly name: string }[],
  count: number,
): Promise<Page> {
  const counts = (page: Page) => members.map(({ name }) => soundingCount(page, name, 'put', 'success'))
  const before = counts(await exporter.page())
  return exporter.shows(`${count} more puts`, count + 5, (page) =>
    counts(page).every((puts, i) => puts >= (before[i] ?? 0) + count),
  )
}
