// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startControlPlane } from '../../packages/kube/test/control-plane/control-plane.ts'
import { makePod } from '../../packages/pending-pod/test/servers/pods.ts'
import { peakRssBytes } from '../bench/usage.ts'
import { startLeadline } from '../servers/exporter.ts'
import { until } from '../servers/until.ts'
import { coresOver, pageCost } from './usage-over.ts'

const atOnce = 32

for (const { running, pending } of [
  { running: 15_000, pending: 2000 },
  { running: 50_000, pending: 3000 },
]) {
  test(`check 24: ${running} running and ${pending} pending pods`, { timeout: 2_400_000 }, async (t) => {
    // Running pods are bound at their creation, and the fake kubelets are not needed: the API server holds them all the same.
    const plane = await startControlPlane(t, { apiServer: ['--max-requests-inflight=2000'] })
    if (!plane) return
    const { admin } = plane
    const names = Array.from({ length: running + pending }, (_, i) => ({ name: `pod-${i}`, isRunning: i < running }))
    const queue = names.values()
    const worker = async (): Promise<void> => {
      for (const { name, isRunning } of queue) {
        await makePod(admin, name, { spec: isRunning ? { nodeName: 'node-1' } : {} })
        if (isRunning)
          await admin.patch(`/api/v1/namespaces/default/pods/${name}/status`, { status: { phase: 'Running' } })
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))

    const exporter = await startLeadline(t, {
      args: ['pending-pod', `--kubeconfig=${plane.kubeconfig}`],
      prefix: 'pending_pod_',
    })
    await exporter.shows('all that wait', 60, (page) => page.value('pending_pod_pods') === pending)
    const idle = await coresOver(exporter.pid, 30)
    const { seconds, bytes } = await pageCost(`${exporter.url}metrics`)
    const rss = peakRssBytes(exporter.pid)
    t.comment(
      `idle ${(idle * 100).toFixed(1)} % of a core; page ${(seconds * 1000).toFixed(1)} ms, ${(bytes / 1000).toFixed(0)} kB; ` +
        `peak RSS ${(rss / 1e6).toFixed(0)} MB`,
    )
    t.ok(seconds < 0.01, 'a page takes less than 10 ms')
    t.ok(bytes < 200_000, 'a page is smaller than 200 kB')
    t.ok(rss < 170e6, 'it takes less than 170 MB')

    const delays: number[] = []
    for (let i = 0; i < 20; i++) {
      const begunAt = performance.now()
      await makePod(admin, `late-${i}`)
      await until(
        'its series',
        async () => (await exporter.page()).value('pending_pod_pods') === pending + i + 1 || undefined,
        5,
        0.02,
      )
      delays.push((performance.now() - begunAt) / 1000)
    }
    t.comment(`from creation to series: ${Math.max(...delays).toFixed(2)} s at most`)
    t.ok(Math.max(...delays) < 1, 'a pod that is made has its series within a second')
  })
}
