// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import type { PodParts } from './objects.ts'
import { askJson, gatedWaiter, viewOf, waiter } from './pending-rig.ts'

async function answer(pods: readonly PodParts[], query = '', thresholds: Record<string, number> = {}): Promise<string> {
  const view = viewOf(pods, { thresholdSecondsOf: (namespace) => thresholds[namespace] ?? 300 })
  return (await askJson(view, `/pending${query}`)).answer
}

test('that nothing waits is said', async (t) => {
  t.equal(await answer([]), 'Nothing waits.')
  t.equal(await answer([], '?namespace=shop'), 'Nothing waits.')
})

test('one pod is named, with how long it waits and why', async (t) => {
  t.equal(
    await answer([waiter('api-1', 40)]),
    '1 pod waits, within its 5 min threshold: shop/api-1, for 40 s because no node has enough cpu left.',
  )
  t.equal(
    await answer([waiter('api-1', 301)]),
    '1 pod waits, over its 5 min threshold: shop/api-1, for 5 min 1 s because no node has enough cpu left.',
  )
  t.match(await answer([waiter('api-1', 300)]), '1 pod waits, within its 5 min threshold')
})

test('of several the oldest is named, of those over their threshold where there are some', async (t) => {
  const young = [waiter('api-1', 40), waiter('api-2', 50)]
  const old = [waiter('api-3', 1260), waiter('api-4', 1300)]
  t.equal(
    await answer(young),
    '2 pods wait, all within their 5 min threshold; the oldest, shop/api-2, for 50 s because no node has enough cpu left.',
  )
  t.equal(
    await answer(old),
    '2 pods wait, all over their 5 min threshold; the oldest, shop/api-4, for 21 min 40 s because no node has enough cpu left.',
  )
  t.equal(
    await answer([...young, ...old]),
    '4 pods wait; 2 over their 5 min threshold, the oldest, shop/api-4, for 21 min 40 s because no node has enough cpu left.',
  )
  t.equal(
    await answer([...young, waiter('api-3', 1260)]),
    '3 pods wait; 1 over its 5 min threshold, shop/api-3, for 21 min because no node has enough cpu left.',
  )
})

test('namespaces have thresholds of their own', async (t) => {
  const pods = [
    waiter('patient', 2000, { namespace: 'batch' }),
    waiter('hasty', 100, { namespace: 'web' }),
    waiter('usual', 400, { namespace: 'shop' }),
  ]
  t.equal(
    await answer(pods, '', { batch: 3600, web: 60 }),
    '3 pods wait; 2 over their thresholds, the oldest, shop/usual, for 6 min 40 s because no node has enough cpu left.',
  )
  t.equal(
    await answer(pods.slice(0, 2), '', { batch: 3600, web: 60 }),
    '2 pods wait; 1 over its 1 min threshold, web/hasty, for 1 min 40 s because no node has enough cpu left.',
  )
})

test('pods that are held on purpose are counted apart, however old', async (t) => {
  const held = [gatedWaiter('held-1', 90_000), gatedWaiter('held-2', 10)]
  t.equal(await answer(held), 'No pod waits but 2 that are held back on purpose.')
  t.equal(await answer(held.slice(1)), 'No pod waits but 1 that is held back on purpose.')
  t.equal(
    await answer([...held, waiter('api-1', 40)]),
    '1 pod waits, within its 5 min threshold: shop/api-1, for 40 s because no node has enough cpu left. 2 more are held back on purpose.',
  )
  t.match(await answer([gatedWaiter('held', 9), waiter('api-1', 40)]), '. 1 more is held back on purpose.')
})

test('a search says that it is of those that match', async (t) => {
  const pods = [waiter('api-1', 40), waiter('api-2', 50), waiter('other', 60, { namespace: 'test' })]
  t.equal(
    await answer(pods, '?namespace=shop'),
    '2 matching pods wait, all within their 5 min threshold; the oldest, shop/api-2, for 50 s because no node has enough cpu left.',
  )
  t.equal(await answer(pods, '?namespace=nowhere'), 'No waiting pod matches, of 3 in all.')
  t.equal(
    await answer([gatedWaiter('held', 9)], '?cause=gated'),
    'No matching pod waits but 1 that is held back on purpose.',
  )
})

test('without a watch it says so first', async (t) => {
  const blind = { blindness: () => 'no watch of pods for 3 min' }
  t.equal((await askJson(viewOf([], blind))).answer, 'As last known, nothing waits.')
  t.match((await askJson(viewOf([waiter('api-1', 40)], blind))).answer, 'As last known, 1 pod waits')
})
