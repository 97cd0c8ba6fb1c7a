// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startControlPlane } from '../../packages/kube/test/control-plane/control-plane.ts'
import { makePod } from '../../packages/pending-pod/test/servers/pods.ts'
import { cpuSeconds } from '../bench/usage.ts'
import { startLeadline } from '../servers/exporter.ts'

const seconds = 60
const workers = 48

test('many pod changes a second', { timeout: 600_000 }, async (t) => {
  const plane = await startControlPlane(t, {
    apiServer: ['--max-requests-inflight=2000', '--max-mutating-requests-inflight=2000'],
  })
  if (!plane) return
  const { admin } = plane
  const exporter = await startLeadline(t, {
    args: ['pending-pod', `--kubeconfig=${plane.kubeconfig}`],
    prefix: 'pending_pod_',
  })
  await exporter.shows('that it tells', 20, (page) => page.value('pending_pod_telling') === 1)
  const [cpuBefore, begunAt] = [cpuSeconds(exporter.pid), performance.now()]
  let made = 0
  let started = 0
  const worker = async (id: number): Promise<void> => {
    for (let i = 0; performance.now() - begunAt < seconds * 1000; i++) {
      const path = `/api/v1/namespaces/default/pods/churn-${id}-${i}`
      await makePod(admin, `churn-${id}-${i}`, { spec: { nodeName: 'node-1' } })
      made++
      const isStarted = i % 2 === 0
      if (isStarted) {
        const containerStatuses = [
          {
            name: 'main',
            image: 'x',
            imageID: 'x',
            ready: true,
            restartCount: 0,
            state: { running: { startedAt: new Date() } },
          },
        ]
        await admin.patch(`${path}/status`, { status: { phase: 'Running', containerStatuses } })
        started++
      } else await admin.delete(path)
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, id) => worker(id)))
  const elapsed = (performance.now() - begunAt) / 1000
  const cores = (cpuSeconds(exporter.pid) - cpuBefore) / elapsed
  const changes = (made * 2) / elapsed
  t.comment(`${changes.toFixed(0)} changes a second, ${(cores * 100).toFixed(0)} % of a core`)
  const page = await exporter.shows('that all have left', 60, (now) => {
    const left = now.values('pending_pod_left_total').reduce((sum, value) => sum + value, 0)
    return left === made && now.count('pending_pod_pods') === 0
  })
  t.equal(page.value('pending_pod_left_total', { how: 'started' }), started, 'each that started is counted as that')
  t.equal(page.value('pending_pod_left_total', { how: 'deleted' }), made - started, 'and each that was deleted')
  t.ok(cores / changes < 0.5 / 1000, 'a thousand changes a second would take less than half a core')
})
