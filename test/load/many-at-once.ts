// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startControlPlane } from '../../packages/kube/test/control-plane/control-plane.ts'
import { peakRssBytes } from '../bench/usage.ts'
import { startLeadline } from '../servers/exporter.ts'
import { makeFleet } from './fleet.ts'
import { coresOver, pageCost } from './usage-over.ts'

const cronJobs = 10_000
const namespaces = 50

test('check 24: 10,000 CronJobs due at once', { timeout: 900_000 }, async (t) => {
  // Without a controller manager nothing is created, so that what each waits for is known to the second.
  const plane = await startControlPlane(t, { apiServer: ['--max-requests-inflight=1000'] })
  if (!plane) return
  const due = new Date(Date.now() + 300_000)
  due.setUTCSeconds(0, 0)
  const schedule = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`
  await makeFleet(plane.admin, { namespaces, each: cronJobs / namespaces, schedule })
  const exporter = await startLeadline(t, {
    args: ['cronjob-lag', `--kubeconfig=${plane.kubeconfig}`],
    prefix: 'cronjob_',
  })
  await exporter.shows('that it judges', 30, (page) => page.value('cronjob_judging') === 1)
  const idle = await coresOver(exporter.pid, 60)
  t.comment(`idle: ${(idle * 100).toFixed(1)} % of a core`)
  t.ok(idle < 0.1, 'idle, it takes less than 10 % of a core')

  const dueAt = due.getTime() / 1000
  await exporter.shows(
    'all of them due',
    360,
    (page) => total(page.values('cronjob_open_lag_cause', { cause: 'not_created' })) === cronJobs,
  )
  let worst = 0
  for (let i = 0; i < 20; i++) {
    const before = Date.now() / 1000
    const page = await exporter.page()
    const after = Date.now() / 1000
    for (const lag of page.values('cronjob_open_lag_seconds')) {
      worst = Math.max(worst, before - dueAt - lag, lag - (after - dueAt))
    }
  }
  t.comment(`lag is off by ${worst.toFixed(3)} s at most`)
  t.ok(worst <= 1, 'the lag of each is exact to 1 s')
  const { seconds, bytes } = await pageCost(`${exporter.url}metrics`)
  t.comment(`page: ${(seconds * 1000).toFixed(0)} ms, ${(bytes / 1e6).toFixed(2)} MB`)
  t.ok(seconds < 0.1, 'a page takes less than 100 ms')
  t.ok(bytes < 2e6, 'a page is smaller than 2 MB')
  const rss = peakRssBytes(exporter.pid)
  t.comment(`peak RSS: ${(rss / 1e6).toFixed(0)} MB`)
  t.ok(rss < 300e6, 'it takes less than 300 MB')
})

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
