// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startLeadline } from '../../../../test/servers/exporter.ts'
import { startControlPlane } from '../../../kube/test/control-plane/control-plane.ts'
import { makeCronJob } from '../servers/cron-jobs.ts'

test('a CronJob has its verdict within its first minute, and /runs says so', async (t) => {
  const plane = await startControlPlane(t, { controllerManager: [], scheduler: [], nodes: 1 })
  if (!plane) return
  const exporter = await startLeadline(t, {
    args: ['cronjob-lag', `--kubeconfig=${plane.kubeconfig}`],
    prefix: 'cronjob_',
  })
  await exporter.shows('that it judges', 10, (page) => page.value('cronjob_judging') === 1)
  await makeCronJob(plane.admin, 'backup')
  const labels = { namespace: 'default', cronjob: 'backup' }
  const page = await exporter.shows(
    'the first verdict',
    75,
    (now) => now.value('cronjob_runs_total', { ...labels, verdict: 'on_time' }) === 1,
  )
  t.equal(page.value('cronjob_runs_total', { ...labels, verdict: 'lost' }), 0)
  t.ok((page.value('cronjob_next_run_timestamp_seconds', labels) ?? 0) > Date.now() / 1000)
  t.equal(page.value('cronjob_open_lag_seconds', labels), 0)
  const reply = await fetch(`${exporter.url}runs?namespace=default&cronjob=backup&format=json`)
  t.match(await reply.json(), { answer: /^Yes/ })
})
