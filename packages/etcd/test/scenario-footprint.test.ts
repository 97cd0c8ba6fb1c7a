// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import type { Page } from '../../../test/servers/page.ts'
import { until } from '../../../test/servers/until.ts'
import { results } from '../src/ops.ts'
import { calm, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { fsyncCount, revision } from './servers/own-metrics.ts'

tap.jobs = 3

/** Successful soundings of one kind at the first member. */
function successes(page: Page, op: string): number {
  return page.value('etcd_endpoint_soundings_total', { member: 'm1', op, result: 'success' }) ?? 0
}

/** Writes that reached the first member: one in which the exporter was held up made its fsync all the same. */
function writes(page: Page): number {
  const count = (result: string) =>
    page.value('etcd_endpoint_soundings_total', { member: 'm1', op: 'put', result }) ?? 0
  return results.reduce((sum, result) => sum + count(result), 0)
}

/** Whether no write is under way at the first member. */
function isIdle(page: Page): boolean {
  return page.value('etcd_endpoint_sounding_in_flight_seconds', { member: 'm1', op: 'put' }) === 0
}

test('check 16: without a canary, an idle cluster makes no fsync and no revision for us', {
  buffered: true,
}, async (t) => {
  const cluster = await startCluster(t, { size: 3, flags: calm })
  if (!cluster) return
  const exporter = await startExporter(t, cluster, { canary: 'off' })
  const before = await Promise.all(
    cluster.members.map(async (member) => [await fsyncCount(member), await revision(member)]),
  )
  const begun = successes(await exporter.page(), 'linearizable_read')
  await exporter.shows('six more reads', 10, (page) => successes(page, 'linearizable_read') >= begun + 6)
  const after = await Promise.all(
    cluster.members.map(async (member) => [await fsyncCount(member), await revision(member)]),
  )
  t.same(after, before)
  t.equal((await exporter.page()).count('etcd_endpoint_soundings_total', { op: 'put' }), 0)
})

for (const [canary, revisions] of [
  ['put', 1],
  ['delete', 0],
] as const) {
  test(`check 16: with the canary ${canary}, each write costs one fsync and ${revisions} revisions`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { flags: calm })
    const [member] = cluster?.members ?? []
    if (!cluster || !member) return
    const exporter = await startExporter(t, cluster, { canary })
    // Taken between two writes: one that is under way, or that ends meanwhile, may have made its fsync or not.
    const take = (least: number) =>
      until(
        `a moment between two writes, after ${least}`,
        async () => {
          const first = await exporter.page()
          const [fsyncs, at] = [await fsyncCount(member), await revision(member)]
          const last = await exporter.page()
          const isStill = [first, last].every((page) => isIdle(page) && writes(page) === writes(first))
          const taken = { fsyncs, revision: at, writes: writes(first) }
          return isStill && taken.writes >= least ? taken : undefined
        },
        15,
      )
    const before = await take(2)
    const after = await take(before.writes + 6)
    t.equal(after.revision - before.revision, revisions * (after.writes - before.writes))
    t.equal(after.fsyncs - before.fsyncs, after.writes - before.writes)
  })
}
