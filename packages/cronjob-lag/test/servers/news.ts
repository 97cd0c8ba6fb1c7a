// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import type { Exporter } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import { usualOptions } from '../../src/judge/options.ts'
import { cronJobPath, jobPath, makeCronJob, oneContainer } from './cron-jobs.ts'

const namespace = 'news'
const pauseSeconds = 2

/** Longer than two turns of judging. */
const judgedSeconds = 2

/**
 * Changes an object of each kind every 2 s until the test ends, as in a busy cluster: what is missing is then soon known
 * to be, where on a quiet one the next bookmark has to come first.
 */
export async function bringNews(t: Test, admin: Admin): Promise<void> {
  const podsPath = `/api/v1/namespaces/${namespace}/pods`
  await admin.create('/api/v1/namespaces', { metadata: { name: namespace } })
  await makeCronJob(admin, 'news', { namespace, spec: { suspend: true } })
  await admin.create(jobPath('', namespace), {
    metadata: { name: 'news' },
    spec: { suspend: true, template: { spec: oneContainer } },
  })
  await admin.create(podsPath, {
    metadata: { name: 'news', labels: { 'batch.kubernetes.io/job-name': 'news' } },
    spec: { ...oneContainer, schedulingGates: [{ name: 'example.com/news' }] },
  })
  const paths = [cronJobPath('news', namespace), jobPath('news', namespace), `${podsPath}/news`]
  let turn = 0
  const tell = async (path: string): Promise<void> => {
    // There is none from an API server that is down.
    await admin.patch(path, { metadata: { annotations: { turn: String(turn) } } }).catch(() => undefined)
  }
  const timer = setInterval(() => {
    turn++
    void Promise.all(paths.map(tell))
  }, pauseSeconds * 1000)
  t.teardown(() => clearInterval(timer))
}

/** Waits until all up to a time, in unix seconds, is seen and judged, and gives the page: what is not counted never will be. */
export async function judgedUntil(exporter: Exporter, unix: number): Promise<Page> {
  const settledAt = unix + usualOptions.settleSeconds
  const boundSeconds = 45 + Math.max(0, settledAt - Date.now() / 1000)
  const page = await exporter.shows('what came by then', boundSeconds, (now) => seenUntil(now) > settledAt)
  return exporter.shows('its verdicts', 45, (now) => seenUntil(now) > seenUntil(page) + judgedSeconds)
}

function seenUntil(page: Page): number {
  return page.value('cronjob_seen_until_timestamp_seconds') ?? 0
}
