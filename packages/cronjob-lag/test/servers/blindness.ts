// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import type { Exporter } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'
import { isJudging } from './judging.ts'

/** The kinds without which nothing is judged. */
export const neededKinds = ['cronjobs', 'jobs', 'pods'] as const

/** What is told only as long as it is known to be so. */
const openNames = [
  'cronjob_cronjobs',
  'cronjob_open_lag_seconds',
  'cronjob_open_lag_cause',
  'cronjob_open_lag_ratio',
  'cronjob_next_run_timestamp_seconds',
  'cronjob_suspended',
  'cronjob_objective_seconds',
]

/** The kinds that the exporter says it does not see as they are now. */
export function staleKinds(page: Page): readonly string[] {
  const kinds = ['cronjobs', 'jobs', 'pods', 'events', 'namespaces']
  return kinds.filter((kind) => page.value('cronjob_watch_stale', { kind }) === 1)
}

/** Waits until it judges no more, and checks that nothing stays as it was but what was counted. Gives the page. */
export async function goesBlind(t: Test, exporter: Exporter, boundSeconds: number): Promise<Page> {
  const before = await exporter.page()
  t.ok(isJudging(before))
  t.ok(before.count('cronjob_open_lag_seconds') > 0)
  const page = await exporter.shows('that it is blind', boundSeconds, (now) => !isJudging(now))
  for (const name of openNames) t.equal(page.count(name), 0, `no ${name}`)
  for (const verdict of ['on_time', 'lost']) {
    const labels = { cronjob: 'each-minute', verdict }
    t.ok((page.value('cronjob_runs_total', labels) ?? -1) >= (before.value('cronjob_runs_total', labels) ?? 0), verdict)
  }
  t.equal(page.count('cronjob_runs_total'), before.count('cronjob_runs_total'))
  return page
}

/** The warnings of the exporter about its watch of a kind. */
export function warningsOf(exporter: Exporter, kind: string): readonly string[] {
  const lines = exporter.output().split('\n')
  return lines.filter((line) => line.includes('level=WARN') && line.includes(`kind=${kind} `))
}
