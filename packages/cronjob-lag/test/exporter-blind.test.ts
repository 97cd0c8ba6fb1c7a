// SPDX-License-Identifier: Apache-2.0
import { type Test, test } from 'tap'
import { startLeadline } from '../../../test/servers/exporter.ts'
import { needServer } from '../../../test/servers/find.ts'
import { makeFolder } from '../../../test/servers/folder.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { metricsSections } from '../src/docs.ts'

/** The exporter with a kubeconfig of a cluster that does not answer. */
async function startBlind(t: Test) {
  const folder = await makeFolder('cronjob-lag-blind')
  const kubeconfig = await folder.write(
    'config',
    [
      'current-context: gone',
      'contexts: [{name: gone, context: {cluster: gone, user: me}}]',
      'clusters: [{name: gone, cluster: {server: "http://127.0.0.1:1"}}]',
      'users: [{name: me, user: {}}]',
    ].join('\n'),
  )
  const exporter = await startLeadline(t, {
    args: ['cronjob-lag', `--kubeconfig=${kubeconfig}`],
    prefix: 'cronjob_',
    folder,
  })
  const failed = { kind: 'pods', failure: 'unreachable' }
  const page = await exporter.shows(
    'a failure',
    10,
    (now) => (now.value('cronjob_watch_failures_total', failed) ?? 0) > 0,
  )
  return { exporter, page }
}

test('where no cluster answers it serves, says that it is blind, and tells nothing of runs', async (t) => {
  const { exporter, page } = await startBlind(t)
  t.equal(page.value('cronjob_judging'), 0)
  for (const kind of ['cronjobs', 'jobs', 'pods', 'events', 'namespaces']) {
    t.equal(page.value('cronjob_watch_stale', { kind }), 1, kind)
    t.equal(page.value('cronjob_watch_synced', { kind }), 0, kind)
  }
  t.notMatch(page.text, /^cronjob_(runs|open|cronjobs|next|seen|state|run_start)/m)
  const reply = await fetch(`${exporter.url}runs?format=json`)
  t.match(await reply.json(), { blindness: /are not seen as they are now: ./, cronJobs: [] })
  t.equal(await exporter.stop(), 0, 'and ends with 0')
})

test('nothing is on its page that METRICS.md does not have', async (t) => {
  const { page } = await startBlind(t)
  const known = new Set(metricsSections.flatMap(({ metrics }) => Object.keys(metrics)))
  const own = [...page.text.matchAll(/^# TYPE (cronjob_\w+) /gm)].map(([, name = '']) => name)
  t.ok(own.length > 10)
  for (const name of own) t.ok(known.has(name), name)
})

test('promtool accepts its page', async (t) => {
  const promtool = needServer(t, 'promtool')
  if (promtool === undefined) return
  const { page } = await startBlind(t)
  // Names of prom-client that end in _total and are gauges.
  const input = page.text.replaceAll(/^.*\bnodejs_active_.*\n/gm, '')
  const { code, stdout, stderr } = await runToEnd(promtool, ['check', 'metrics'], { input })
  t.equal(code, 0, stdout + stderr)
})
