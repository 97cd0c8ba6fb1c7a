// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { test } from 'tap'
import type { Exporter } from '../../../test/servers/exporter.ts'
import type { Page } from '../../../test/servers/page.ts'
import { prefer } from '../../../test/servers/priority.ts'
import { type Cluster, calm, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { failedSoundings, morePuts, placeOf } from './servers/soundings.ts'

/** Has any verdict against a member or the cluster throw. */
function neverBlames(exporter: Exporter, { members }: Cluster): void {
  exporter.never(
    'a verdict was given',
    (page) =>
      members.some(
        ({ name }) =>
          placeOf(page, name) !== 'none' ||
          page.value('etcd_endpoint_disk_stalled', { member: name }) !== 0 ||
          page.value('etcd_endpoint_up', { member: name }) !== 1,
      ) ||
      page.value('etcd_cluster_quorum_available') !== 1 ||
      page.value('etcd_cluster_leaders') !== 1 ||
      page.value('etcd_cluster_leader_changes_total') !== 0,
  )
  exporter.never('a sounding has failed', (page) => failedSoundings(page).length > 0)
}

function heldUp(page: Page): number {
  return page.value('etcd_exporter_held_up_seconds_total') ?? Number.NaN
}

function lagged(page: Page): number {
  return [...page.text.matchAll(/^etcd_endpoint_soundings_total\{.*result="lagged"\} (\d+)$/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  )
}

test('check 19: an exporter that stands still for 2 s blames nobody, and says that it did', async (t) => {
  const cluster = await startCluster(t, { size: 3, proxyClients: true, flags: calm })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  await morePuts(exporter, cluster.members, 3)
  neverBlames(exporter, cluster)
  const before = await exporter.page()
  // What is under way when it stops must not be answered before.
  for (const { clientProxy } of cluster.members) clientProxy?.set('stall')
  await setTimeout(500)
  exporter.signal('SIGSTOP')
  await setTimeout(1000)
  for (const { clientProxy } of cluster.members) clientProxy?.set('pass')
  await setTimeout(1000)
  exporter.signal('SIGCONT')
  const after = await exporter.shows('the lag', 1, (page) => heldUp(page) - heldUp(before) >= 1.9)
  t.ok(heldUp(after) - heldUp(before) < 2.5, `${heldUp(after) - heldUp(before)} s`)
  // Half of the twelve soundings of a second were under way.
  t.ok(lagged(after) - lagged(before) >= 4, `${lagged(after) - lagged(before)} lagged`)
  await morePuts(exporter, cluster.members, 3)
})

test('check 19: programs that take all the processor time beside it raise no verdict', async (t) => {
  const cluster = await startCluster(t, { size: 3, flags: calm })
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  await morePuts(exporter, cluster.members, 3)
  neverBlames(exporter, cluster)
  for (const _ of [1, 2, 3, 4]) {
    const hog = spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' })
    t.teardown(() => hog.kill('SIGKILL'))
    prefer(hog.pid)
  }
  for (let second = 0; second < 6; second++) {
    await setTimeout(1000)
    await exporter.page()
  }
  await morePuts(exporter, cluster.members, 1)
})
