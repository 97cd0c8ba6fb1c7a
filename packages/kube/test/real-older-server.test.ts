// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { startControlPlane } from './control-plane/control-plane.ts'
import { watchIn } from './servers/open.ts'
import { cronJobReader, makeCronJobs, noting } from './servers/real.ts'
import { openIn } from './servers/secured.ts'

test('an API server without watch-lists that is easily busy', async (t) => {
  const plane = await startControlPlane(t, {
    apiServer: [
      '--feature-gates=WatchList=false',
      '--enable-priority-and-fairness=false',
      '--max-requests-inflight=1',
      '--max-mutating-requests-inflight=1',
    ],
  })
  if (!plane) return
  const { admin } = plane
  const user = await plane.addUser('reader', cronJobReader)
  const cronjobs = await makeCronJobs(admin, 'older')
  await cronjobs.add('a', 'b', 'c', 'd', 'e')

  await t.test('the whole set comes as a list', async (sub) => {
    const cluster = noting(openIn(sub, user.kubeconfig))
    const { watch, consumer, log } = watchIn(sub, cluster, { path: cronjobs.path })
    await watch.synced
    await cronjobs.change('c', '0 0 2 1 *')
    await untilSo('the change', () => consumer.told.length === 2)
    sub.strictSame(consumer.told, ['replace a b c d e', 'set c'])
    sub.strictSame(cluster.asked.lists, [cronjobs.path])
    sub.match(
      cluster.asked.watches.map((query) => query['sendInitialEvents']),
      [true, undefined],
    )
    sub.strictSame(log.records, [])
  })

  await t.test('a list comes page by page', async (sub) => {
    const cluster = openIn(sub, user.kubeconfig)
    const { items, resourceVersion } = await cluster.list(cronjobs.path, { pick: nameOf, limit: 2 })
    sub.strictSame(items, ['a', 'b', 'c', 'd', 'e'])
    sub.match(resourceVersion, /^\d+$/)
  })

  await t.test('requests that are throttled are made again as the server asks', async (sub) => {
    const cluster = openIn(sub, user.kubeconfig)
    const answers = await Promise.all(Array.from({ length: 60 }, () => cluster.get(cronjobs.path)))
    sub.equal(answers.length, 60)
    sub.match(
      await admin.text('/metrics'),
      /^apiserver_request_total\{code="429",[^}]*resource="cronjobs"[^}]*\} [1-9]/m,
    )
  })
})

function nameOf(object: unknown): string {
  return (object as { readonly metadata: { readonly name: string } }).metadata.name
}
