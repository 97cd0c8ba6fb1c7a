// SPDX-License-Identifier: Apache-2.0
import { type Test, test } from 'tap'
import { startLeadline } from '../../../test/servers/exporter.ts'
import { needServer } from '../../../test/servers/find.ts'
import { makeFolder } from '../../../test/servers/folder.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { kubeconfigText } from '../../kube/test/servers/open.ts'
import { metricsSections } from '../src/docs.ts'

/** The exporter with a kubeconfig of a cluster that does not answer. */
async function startBlind(t: Test, ...flags: readonly string[]) {
  const folder = await makeFolder('pending-pod-blind')
  const kubeconfig = await folder.write('config', kubeconfigText('http://127.0.0.1:1'))
  const args = ['pending-pod', `--kubeconfig=${kubeconfig}`, ...flags]
  const exporter = await startLeadline(t, { args, prefix: 'pending_pod_', folder })
  const failed = { kind: 'pods', failure: 'unreachable' }
  const page = await exporter.shows(
    'a failure',
    10,
    (now) => (now.value('pending_pod_watch_failures_total', failed) ?? 0) > 0,
  )
  return { exporter, page }
}

test('where no cluster answers it serves, says that it is blind, and tells nothing of pods', async (t) => {
  const { exporter, page } = await startBlind(t)
  t.equal(page.value('pending_pod_telling'), 0)
  for (const kind of ['pods', 'namespaces']) {
    t.equal(page.value('pending_pod_watch_stale', { kind }), 1, kind)
    t.equal(page.value('pending_pod_watch_synced', { kind }), 0, kind)
  }
  t.notMatch(page.text, /^pending_pod_(pods|oldest|over|stuck|node_reasons|left|wait_)/m)
  t.equal(await exporter.stop(), 0, 'and ends with 0')
})

test('one that never gets the Lease tells nothing of pods, and ends well', async (t) => {
  const { exporter, page } = await startBlind(t, '--lease=monitoring/leadline-pending-pod', '--namespaces=shop,batch')
  t.equal(page.value('pending_pod_telling'), 0)
  t.equal(page.count('pending_pod_watch_stale'), 2, 'the watches of two namespaces are told of as one')
  t.notMatch(page.text, /^pending_pod_(pods|oldest|over|stuck|node_reasons|left|wait_)/m)
  t.equal(await exporter.stop(), 0)
})

test('nothing is on its page that METRICS.md does not have', async (t) => {
  const { page } = await startBlind(t)
  const known = new Set(metricsSections.flatMap(({ metrics }) => Object.keys(metrics)))
  const own = [...page.text.matchAll(/^# TYPE (pending_pod_\w+) /gm)].map(([, name = '']) => name)
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
