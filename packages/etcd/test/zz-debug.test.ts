import { setTimeout } from 'node:timers/promises'
import { test } from 'tap'
import { calm, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
test('x', async (t) => {
  const cluster = await startCluster(t, { size: 3, flags: calm })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  const held = (p: any) => [p.value('etcd_exporter_held_up_seconds_total'), p.value('process_cpu_seconds_total')]
  await setTimeout(3000)
  let a = await exporter.page()
  await setTimeout(5000)
  let b = await exporter.page()
  console.error('idle 5s', held(a), held(b))
  for (let i = 0; i < 50; i++) { await setTimeout(90); a = await exporter.page() }
  console.error('10 Hz 5s', held(b), held(a))
  for (let i = 0; i < 20; i++) { await setTimeout(240); b = await exporter.page() }
  console.error('4 Hz 5s', held(a), held(b))
})
