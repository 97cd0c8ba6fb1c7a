// SPDX-License-Identifier: Apache-2.0
import { lint, type MetricTable, systemClock } from '@leadline/kit'
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { watchMetrics, watchModule } from '../src/metrics.ts'
import { startFakeApi } from './servers/fake-api.ts'
import { cronjobs, openAt, watchCronJobs } from './servers/open.ts'

test('the rows keep the rules under any namespace', (t) => {
  for (const namespace of ['cronjob', 'pending_pod']) t.strictSame(lint(watchMetrics(namespace) as MetricTable), [])
  t.end()
})

test('a watch is told under the namespace of its exporter, and what is not known is absent', async (t) => {
  const api = await startFakeApi(t)
  let isOpen = false
  api.faults.push(() => !isOpen)
  const cluster = openAt(t, api.url)
  const { watch } = watchCronJobs(t, api, { cluster, times: { answerSeconds: 0.2 } })
  const module = watchModule('cronjob', { cluster, watches: () => [watch] })
  const before = (await runOnce(module)).values
  t.equal(before['cronjob_watch_synced{kind="cronjobs"}'], 0)
  t.equal(before['cronjob_watch_stale{kind="cronjobs"}'], 1)
  t.equal(before['cronjob_watch_failures_total{failure="forbidden",kind="cronjobs"}'], 0)
  const known = Object.keys(before).filter((name) => /timestamp|duration|objects|skew/.test(name))
  t.strictSame(known, [])
  isOpen = true
  await watch.synced
  await untilSo('the watch', () => api.openWatches === 1)
  const begin = systemClock.unix()
  api.set(cronjobs, 'a')
  api.set(cronjobs, 'b', { spec: { schedule: 1 } })
  api.bookmark()
  await untilSo('the bookmark', () => watch.state().lastBookmarkAt !== undefined)
  const { values } = await runOnce(module)
  const of = (name: string): number | undefined => values[`cronjob_${name}{kind="cronjobs"}`]
  t.strictSame(
    ['watch_synced', 'watch_stale', 'watch_objects', 'watch_unreadable_objects', 'watch_relists_total'].map(of),
    [1, 0, 1, 1, 0],
  )
  t.equal(values['cronjob_watch_failures_total{failure="unreadable_object",kind="cronjobs"}'], 1)
  for (const name of ['watch_last_event_timestamp_seconds', 'watch_last_bookmark_timestamp_seconds']) {
    t.ok(Math.abs((of(name) as number) - begin) < 5, name)
  }
  t.ok((of('watch_last_list_duration_seconds') as number) < 5)
  t.ok(Math.abs(values['cronjob_cluster_clock_skew_seconds'] as number) <= 1.05)
})
