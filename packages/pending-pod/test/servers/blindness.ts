// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import type { Exporter } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import { isTelling, leftOf, makeNamespace, overThreshold, tells, waitsFor } from './lab.ts'
import { makePod } from './pods.ts'

/** Within how long it must be told that pods are not seen any more. */
const blindSeconds = 60

/** What is told only as long as it is known to be so. */
const openNames = [
  'pending_pod_pods',
  'pending_pod_oldest_age_seconds',
  'pending_pod_over_threshold_pods',
  'pending_pod_stuck',
  'pending_pod_stuck_age_seconds',
  'pending_pod_node_reasons',
]

/** The threshold of the namespaces of `makeSights`. */
export const thresholdSeconds = 5

/** Makes the namespaces a and b. */
export async function makeNamespaces(admin: Admin): Promise<void> {
  for (const name of ['a', 'b']) await makeNamespace(admin, name, `${thresholdSeconds}s`)
}

/** Has a pod start in a, and one wait in a and b, and waits until exporters that know of their thresholds tell it all. */
export async function makeSights(admin: Admin, exporters: readonly Exporter[]): Promise<void> {
  await Promise.all(exporters.map((one) => tells(one)))
  await makePod(admin, 'starts', { namespace: 'a' })
  for (const one of exporters) await one.shows('that it started', 5, (page) => leftOf(page, 'a').started === 1)
  for (const namespace of ['a', 'b']) await makePod(admin, 'waits', { namespace, requests: { cpu: '1000' } })
  for (const one of exporters) {
    await waitsFor(one, 'b', 'insufficient_cpu')
    await one.shows('that it is over', thresholdSeconds + 3, (page) => overThreshold(page, 'b') === 1)
  }
}

/** Whether what is told of a kind may be out of date. */
export function isStale(page: Page, kind = 'pods'): boolean {
  return page.value('pending_pod_watch_stale', { kind }) === 1
}

/** Waits until an exporter is blind, and checks that nothing stays as it was on `before` but what was counted. */
export async function goesBlind(t: Test, exporter: Exporter, before: Page): Promise<void> {
  for (const name of openNames) t.ok(before.count(name) > 0, name)
  const page = await exporter.shows('that it is blind', blindSeconds, (now) => !isTelling(now))
  t.ok(isStale(page), 'pods are stale')
  for (const name of openNames) t.equal(page.count(name), 0, `no ${name}`)
  t.strictSame(leftOf(page, 'a'), { started: 1 })
  t.equal(page.value('pending_pod_wait_duration_seconds_count', { stage: 'started' }), 1)
}

/** Waits until it tells again, and checks that it tells what it did. */
export async function seesAgain(t: Test, exporter: Exporter, boundSeconds: number): Promise<void> {
  await tells(exporter, boundSeconds)
  const page = await waitsFor(exporter, 'b', 'insufficient_cpu', 5)
  t.ok((page.value('pending_pod_oldest_age_seconds', { namespace: 'b' }) ?? 0) > thresholdSeconds)
  t.strictSame(leftOf(page, 'a'), { started: 1 })
  t.strictSame(leftOf(page, 'b'), {})
}

/** The warnings of an exporter about its watch of a kind. */
export function warningsOf(exporter: Exporter, kind = 'pods'): readonly string[] {
  const lines = exporter.output().split('\n')
  return lines.filter((line) => line.includes('level=WARN') && line.includes(`kind=${kind} `))
}
