// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startLeadline } from '../../../test/servers/exporter.ts'
import { startControlPlane } from '../../kube/test/control-plane/control-plane.ts'
import { makePod, podPath } from './servers/pods.ts'

test('a pod that waits shows its cause within a second, and how it left', async (t) => {
  const plane = await startControlPlane(t, { scheduler: [], nodes: 2 })
  if (!plane) return
  const { admin } = plane
  const args = ['pending-pod', `--kubeconfig=${plane.kubeconfig}`]
  const exporter = await startLeadline(t, { args, prefix: 'pending_pod_' })
  await exporter.shows('that it tells', 10, (page) => page.value('pending_pod_telling') === 1)

  await makePod(admin, 'huge', { requests: { cpu: '1000' } })
  const page = await exporter.shows(
    'its cause',
    1,
    (now) => now.value('pending_pod_pods', { namespace: 'default', cause: 'insufficient_cpu' }) === 1,
  )
  t.equal(page.count('pending_pod_pods'), 1)
  t.equal(page.value('pending_pod_node_reasons', { reason: 'insufficient_cpu' }), 2)
  t.equal(page.value('pending_pod_unclassified_messages_total'), 0)
  t.equal(page.value('pending_pod_over_threshold_pods', { cause: 'insufficient_cpu' }), 0)

  const told = (await (await fetch(`${exporter.url}pending?format=json`)).json()) as {
    readonly groups: readonly { readonly cause: string; readonly pods: readonly { readonly help: string }[] }[]
  }
  t.strictSame(
    told.groups.map(({ cause, pods }) => [cause, pods.map(({ help }) => help)]),
    [['insufficient_cpu', ['it asks for 1000 of cpu, and the largest node that it may go to has 64 in all']]],
  )

  await makePod(admin, 'small')
  await exporter.shows('that it started', 10, (now) => now.value('pending_pod_left_total', { how: 'started' }) === 1)
  await admin.delete(podPath('huge'))
  const after = await exporter.shows(
    'that it is gone',
    10,
    (now) => now.value('pending_pod_left_total', { how: 'deleted' }) === 1,
  )
  t.equal(after.count('pending_pod_pods'), 0)
  t.equal(after.value('pending_pod_wait_duration_seconds_count', { stage: 'started' }), 1)
})
