// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import { type Exporter, startLeadline } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'

/** Starts `leadline cronjob-lag`. Resolves when it serves its page, whatever it knows by then. */
export function startOne(t: Test, ...flags: readonly string[]): Promise<Exporter> {
  return startLeadline(t, { args: ['cronjob-lag', ...flags], prefix: 'cronjob_' })
}

/** Whether it gives verdicts. */
export function isJudging(page: Page): boolean {
  return page.value('cronjob_judging') === 1
}

/** Waits until it gives verdicts. */
export function judges(exporter: Exporter, boundSeconds = 20): Promise<Page> {
  return exporter.shows('that it judges', boundSeconds, isJudging)
}

/** Those of some replicas that give verdicts. */
export async function activeOf(replicas: readonly Exporter[]): Promise<readonly Exporter[]> {
  const pages = await Promise.all(replicas.map((one) => one.page()))
  return replicas.filter((_, i) => pages[i] !== undefined && isJudging(pages[i]))
}
