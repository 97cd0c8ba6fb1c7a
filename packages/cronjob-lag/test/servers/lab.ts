// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import { type Exporter, startLeadline } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from '../../../kube/test/control-plane/control-plane.ts'
import { killers, lostReasons, verdicts } from '../../src/judge/verdict.ts'

/** A real control plane whose CronJobs run on fake kubelets, and our exporter as users run it. */
export interface Lab {
  readonly plane: ControlPlane
  readonly exporter: Exporter
}

/** Starts both. Resolves when the exporter judges; with undefined after the test was skipped for want of a program. */
export async function startLab(t: Test, more: ControlPlaneOptions = {}): Promise<Lab | undefined> {
  const plane = await startPlane(t, more)
  if (!plane) return undefined
  const exporter = await startLeadline(t, {
    args: ['cronjob-lag', `--kubeconfig=${plane.kubeconfig}`],
    prefix: 'cronjob_',
  })
  await exporter.shows('that it judges', 10, (page) => page.value('cronjob_judging') === 1)
  exporter.never('it was blind', (page) => page.value('cronjob_judging') !== 1)
  return { plane, exporter }
}

/** A control plane with all that CronJobs need, and one node unless told otherwise. */
export function startPlane(t: Test, more: ControlPlaneOptions = {}): Promise<ControlPlane | undefined> {
  // All are due in the same second, and its usual 20 requests a second would make the last of them late.
  const controllerManager = ['--kube-api-qps=500', '--kube-api-burst=500', ...(more.controllerManager ?? [])]
  return startControlPlane(t, { scheduler: [], nodes: 1, ...more, controllerManager })
}

/** What is counted of the runs of a CronJob and is not 0: `on_time`, `lost deadline`, `killed replace`; absent series are NaN. */
export function runsOf(page: Page, cronjob: string, namespace = 'default'): Readonly<Record<string, number>> {
  const labels = { namespace, cronjob }
  const count = (name: string, label: string, values: readonly string[], prefix = ''): [string, number][] =>
    values.map((value) => [`${prefix}${value}`, page.value(name, { ...labels, [label]: value }) ?? Number.NaN])
  const counts = [
    ...count('cronjob_runs_total', 'verdict', verdicts),
    ...count('cronjob_runs_lost_total', 'reason', lostReasons, 'lost '),
    ...count('cronjob_runs_killed_total', 'by', killers, 'killed '),
  ]
  return Object.fromEntries(counts.filter(([, value]) => value !== 0))
}
