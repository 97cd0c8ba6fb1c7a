// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import { type Exporter, startLeadline } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from '../../../kube/test/control-plane/control-plane.ts'
import type { Rule } from '../../../kube/test/control-plane/users.ts'
import type { Cause } from '../../src/cause/cause.ts'
import type { Outcome } from '../../src/ledger/leaving.ts'

/** How long after a pod was made, or changed, its cause may take to be told. */
export const causeSeconds = 2

/** What the exporter has to be let do. */
export const podRights: Rule = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }

/** What it may be let do besides. */
export const moreRights: Rule = { apiGroups: [''], resources: ['namespaces', 'nodes'], verbs: ['get', 'list', 'watch'] }

/** A control plane with a scheduler and one node, unless told otherwise. */
export function startPlane(t: Test, more: ControlPlaneOptions = {}): Promise<ControlPlane | undefined> {
  return startControlPlane(t, { scheduler: [], nodes: 1, ...more })
}

/** Starts our exporter as users run it. Resolves when it serves its page, and may not have told of pods yet. */
export function startExporter(t: Test, kubeconfig: string, ...flags: readonly string[]): Promise<Exporter> {
  return startLeadline(t, { args: ['pending-pod', `--kubeconfig=${kubeconfig}`, ...flags], prefix: 'pending_pod_' })
}

/** Waits until it tells of pods, and gives the page. */
export function tells(exporter: Exporter, boundSeconds = 20): Promise<Page> {
  return exporter.shows('that it tells', boundSeconds, isTelling)
}

/** Whether waiting pods are told. */
export function isTelling(page: Page): boolean {
  return page.value('pending_pod_telling') === 1
}

/** Makes a namespace, whose pods may wait that long. */
export async function makeNamespace(admin: Admin, name: string, threshold?: string): Promise<void> {
  const annotations = threshold === undefined ? {} : { 'leadline.dev/pending-threshold': threshold }
  await admin.create('/api/v1/namespaces', { metadata: { name, annotations } })
}

/** The causes for which the pods of a namespace wait, and how many for each. */
export function causesOf(page: Page, namespace: string): Readonly<Record<string, number>> {
  return countsOf(page, 'pending_pod_pods', 'cause', namespace)
}

/** What became of the pods of a namespace that wait no longer, without what is 0. */
export function leftOf(page: Page, namespace: string): Readonly<Partial<Record<Outcome, number>>> {
  const counts = Object.entries(countsOf(page, 'pending_pod_left_total', 'how', namespace))
  return Object.fromEntries(counts.filter(([, count]) => count !== 0))
}

/** Waits until one pod waits in a namespace, for this cause and no other, and gives the page. */
export function waitsFor(
  exporter: Exporter,
  namespace: string,
  cause: Cause,
  boundSeconds: number = causeSeconds,
): Promise<Page> {
  return exporter.shows(`that a pod of ${namespace} waits for ${cause}`, boundSeconds, (page) => {
    const causes = causesOf(page, namespace)
    return causes[cause] === 1 && Object.keys(causes).length === 1
  })
}

/** How many of the pods of a namespace are over their threshold. */
export function overThreshold(page: Page, namespace: string): number {
  return page.values('pending_pod_over_threshold_pods', { namespace }).reduce((sum, count) => sum + count, 0)
}

/** For how long the oldest pod of a namespace has been waiting; NaN when none is or they wait for several causes. */
export function ageOf(page: Page, namespace: string): number {
  return page.value('pending_pod_oldest_age_seconds', { namespace }) ?? Number.NaN
}

function countsOf(page: Page, name: string, label: string, namespace: string): Readonly<Record<string, number>> {
  const series = new RegExp(`^${name}\\{[^}]*namespace="${namespace}"[^}]*\\} (\\S+)$`, 'gm')
  return Object.fromEntries(
    [...page.text.matchAll(series)].map(([line, value]) => [
      new RegExp(`${label}="([^"]*)"`).exec(line)?.[1] ?? '',
      Number(value),
    ]),
  )
}
