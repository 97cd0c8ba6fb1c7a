// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { startControlPlane } from './control-plane/control-plane.ts'
import { watchIn } from './servers/open.ts'
import { cronJobReader, makeCronJobs, noting } from './servers/real.ts'
import { openIn } from './servers/secured.ts'

test('a watch of a real API server', async (t) => {
  const plane = await startControlPlane(t, { proxy: true })
  if (!plane) return
  const { admin, proxy, apiServer } = plane
  const user = await plane.addUser('watcher', cronJobReader)

  await t.test('the whole set comes by a watch-list, then each change in order', async (sub) => {
    const cronjobs = await makeCronJobs(admin, 'changes')
    await cronjobs.add('a', 'b')
    const cluster = noting(openIn(sub, user.kubeconfig))
    const { watch, consumer } = watchIn(sub, cluster, { path: cronjobs.path })
    await watch.synced
    sub.strictSame(consumer.told, ['replace a b'])
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`)
    await cronjobs.add(...names)
    for (const name of names) await cronjobs.change(name, '0 0 2 1 *')
    for (const name of names) await cronjobs.remove(name)
    await untilSo('the last change', () => consumer.told.at(-1) === 'delete n19')
    const each = (what: string): string[] => names.map((name) => `${what} ${name}`)
    sub.strictSame(consumer.told.slice(1), [...each('new'), ...each('set'), ...each('delete')])
    sub.strictSame([consumer.wrong, cluster.asked.lists], [[], []])
    sub.match(watch.state(), { isSynced: true, isStale: false, objects: 2, relists: 0, reconnects: 0 })
  })

  await t.test('where only metadata is wanted the rest does not come', async (sub) => {
    const cronjobs = await makeCronJobs(admin, 'metadata')
    await cronjobs.add('a')
    const { watch } = watchIn(sub, openIn(sub, user.kubeconfig), { path: cronjobs.path, metadataOnly: true })
    await watch.synced
    sub.match([...watch.objects.values()], [{ name: 'a', schedule: undefined, uid: /-/ }])
  })

  await t.test('a watch that the server ends goes on from its last bookmark', async (sub) => {
    const cronjobs = await makeCronJobs(admin, 'bookmarks')
    await cronjobs.add('a')
    const cluster = noting(openIn(sub, user.kubeconfig))
    // The server sends a bookmark 2 s before it ends a watch.
    const times = { watchSeconds: 3 }
    const { watch, consumer } = watchIn(sub, cluster, { path: cronjobs.path, times, random: () => 0 })
    await watch.synced
    const last = [...watch.objects.values()][0]?.version
    // Others of the kind carry the version on; without them the server has no bookmark to send.
    await (await makeCronJobs(admin, 'others')).add('x')
    await untilSo('a bookmark', () => watch.state().lastBookmarkAt !== undefined)
    await untilSo('the next watch', () => cluster.asked.watches.length === 2)
    sub.ok(Number(cluster.asked.watches[1]?.['resourceVersion']) > Number(last))
    await cronjobs.add('b')
    await untilSo('the change', () => consumer.told.length === 2)
    sub.strictSame(consumer.told, ['replace a', 'new b'])
    sub.match(watch.state(), { relists: 0, problem: undefined, failures: { gone: 0 } })
    sub.strictSame(cluster.asked.lists, [])
  })

  await t.test('a quiet kind, which has no bookmarks, is heard of at the end of each watch', async (sub) => {
    const cronjobs = await makeCronJobs(admin, 'quiet')
    await cronjobs.add('a')
    const times = { watchSeconds: 2, silentSeconds: 5, staleSeconds: 3.5 }
    const { watch } = watchIn(sub, openIn(sub, user.kubeconfig), { path: cronjobs.path, times, random: () => 0 })
    await watch.synced
    const before = watch.state().seenUntil ?? 0
    await untilSo('three ends', () => watch.state().reconnects >= 3 || watch.state().isStale, 12)
    sub.match(watch.state(), { isStale: false, relists: 0, lastBookmarkAt: undefined, failures: { silent: 0 } })
    sub.ok((watch.state().seenUntil ?? 0) >= before + 5)
  })

  await t.test('a network that falls silent is found out, and nothing is missed', async (sub) => {
    const cronjobs = await makeCronJobs(admin, 'silence')
    await cronjobs.add('a')
    const times = { silentSeconds: 1, answerSeconds: 1, disconnectedSeconds: 1 }
    const { watch, consumer } = watchIn(sub, openIn(sub, user.kubeconfig), { path: cronjobs.path, times })
    await watch.synced
    for (let day = 1; day <= 5; day++) {
      await cronjobs.change('a', `0 0 ${day + 1} 1 *`)
      await untilSo('the change', () => consumer.told.length === 1 + day)
    }
    sub.match(watch.state(), { isStale: false, failures: { silent: 0, deadline: 0 } })
    proxy.silence()
    await cronjobs.add('b')
    await untilSo('silence', () => watch.state().failures.silent === 1)
    await untilSo('a new connection in vain', () => watch.state().failures.deadline > 0)
    await untilSo('staleness', () => watch.state().isStale)
    proxy.restore()
    await untilSo('the change', () => consumer.told.at(-1) === 'new b')
    sub.match(watch.state(), { isStale: false, relists: 0, objects: 2 })
    sub.strictSame(consumer.wrong, [])
  })

  await t.test(
    'after changes that can not be had any more the new set takes the place of the old at once',
    async (sub) => {
      const cronjobs = await makeCronJobs(admin, 'gone')
      await cronjobs.add('a', 'b', 'c')
      const { watch, consumer } = watchIn(sub, openIn(sub, user.kubeconfig), { path: cronjobs.path })
      await watch.synced
      proxy.cut()
      await untilSo('the cut', () => watch.state().problem !== undefined)
      await cronjobs.remove('b')
      await cronjobs.add('d')
      // It forgets the changes with its cache, as it does with old ones.
      await apiServer.kill()
      await apiServer.start()
      sub.equal(watch.objects.size, 3)
      proxy.restore()
      await untilSo('the relist', () => consumer.told.length > 1)
      sub.strictSame(consumer.told, ['replace a b c', 'replace a c d -b'])
      sub.strictSame(consumer.wrong, [])
      sub.match(watch.state(), { relists: 1, isStale: false, failures: { gone: 1 } })
    },
  )

  await t.test('an API server that was killed is found again', async (sub) => {
    const cronjobs = await makeCronJobs(admin, 'killed')
    await cronjobs.add('a')
    const times = { disconnectedSeconds: 0.5 }
    const { watch, consumer, log } = watchIn(sub, openIn(sub, user.kubeconfig), { path: cronjobs.path, times })
    await watch.synced
    await apiServer.kill()
    await untilSo('staleness', () => watch.state().isStale)
    sub.match(watch.state(), { objects: 1, isSynced: true, problem: /GET https/ })
    await apiServer.start()
    await untilSo('the watch', () => !watch.state().isStale)
    await cronjobs.add('b')
    await untilSo('the change', () => watch.objects.size === 2)
    sub.strictSame(
      consumer.told.filter((told) => told.startsWith('delete')),
      [],
    )
    sub.equal(log.records.at(-1)?.message, 'Watch goes on')
  })
})
