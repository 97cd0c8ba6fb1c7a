// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { atWork, refused, waits } from './objects.ts'
import { ask, askJson, gatedWaiter, nodeOf, now, ofDeployment, podNames, viewOf, waiter } from './pending-rig.ts'

test('the list is searched by namespace, cause and workload', async (t) => {
  const view = viewOf([
    waiter('a1', 50, { namespace: 'prod', metadata: ofDeployment('api') }),
    waiter('a2', 40, { namespace: 'prod-eu', metadata: ofDeployment('api-docs'), conditions: [] }),
    waiter('a3', 30, { namespace: 'test' }),
    gatedWaiter('a4', 20),
  ])
  const found = async (query: string): Promise<readonly string[]> =>
    podNames(await askJson(view, `/pending?${query}`)).flatMap(([, ...pods]) => pods)
  t.strictSame(await found('namespace=prod'), ['a1'])
  t.strictSame(await found('namespace=pro'), ['a1', 'a2'])
  t.strictSame(await found('cause=cpu'), ['a1', 'a3'])
  t.strictSame(await found('cause=not_seen_by_scheduler'), ['a2'])
  t.strictSame(await found('cause=gated'), ['a4'])
  t.strictSame(await found('workload=api'), ['a1', 'a2'])
  t.strictSame(await found('workload=Deployment/api-'), ['a2'])
  t.strictSame(await found('workload=Pod/a3'), ['a3'])
  t.strictSame(await found('namespace=prod&cause=cpu&workload=api'), ['a1'])
  t.strictSame(await found('namespace=&cause=&workload='), ['a1', 'a3', 'a2', 'a4'])
  t.strictSame(await found('cause=nonsense'), [])
  const { text } = await ask(view, '/pending?namespace=prod&cause=insufficient_cpu&workload=api')
  t.match(text, '<input name="namespace" value="prod">')
  t.match(
    text,
    '<option>gated</option><option selected>insufficient_cpu</option><option>not_seen_by_scheduler</option>',
  )
  t.match(text, '<input name="workload" value="api">')
  t.match(text, '<a href="/prefix/pending">All waiting pods</a>')
  t.match((await ask(view, '/pending?cause=cpu')).text, '<option selected>cpu</option>')
})

test('500 are shown, some of each cause, and how many are left off is said', async (t) => {
  const pods = Array.from({ length: 5000 }, (_, i) =>
    waiter(`api-${i}`, i, {
      conditions: i % 500 === 0 ? [] : [refused('0/3 nodes are available: 3 Insufficient cpu.')],
    }),
  )
  const view = viewOf([...pods, gatedWaiter('held', 9)])
  const { groups, held } = await askJson(view)
  t.strictSame(
    [...groups, ...(held === null ? [] : [held])].map((group) => [group.count, group.leftOff, group.pods.length]),
    [
      [4990, 4501, 489],
      [10, 0, 10],
      [1, 0, 1],
    ],
  )
  t.equal(groups[0]?.pods[0]?.pod, 'api-4999')
  const { text } = await ask(view)
  t.equal(text.split('<tr>').length - 1, 500 + 3)
  t.match(
    text,
    'The youngest 4501 are left off: search by namespace or workload, or see <a href="/prefix/pending?cause=insufficient_cpu">this cause alone</a>.',
  )
  t.match(
    (await ask(view, '/pending?namespace=shop')).text,
    '<a href="/prefix/pending?namespace=shop&amp;cause=insufficient_cpu">this cause alone</a>',
  )
  t.match(
    (await ask(view, '/pending?cause=insufficient_cpu')).text,
    'The youngest 4490 are left off: search by namespace or workload.</p>',
  )
  t.ok(text.length < 700_000, `${text.length} characters`)
})

test('nodes are looked at for as many pods as time allows, and others get their turn', async (t) => {
  const pods = Array.from({ length: 400 }, (_, i) =>
    waiter(`api-${i}`, 1000 - i, {
      spec: { containers: [{ name: 'main', resources: { requests: { cpu: `${i + 1000}m` } } }] },
    }),
  )
  const nodes = Array.from({ length: 1000 }, (_, i) => nodeOf(`n${i}`, '4', '3500m'))
  const view = viewOf([...pods, waiter('like-first', 1, { spec: pods[0]?.spec ?? {} })], {
    nodes: () => Promise.resolve(nodes),
  })
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  t.teardown(() => clearInterval(timer))
  const { groups } = await askJson(view)
  t.ok(turns >= 3, `${turns} turns`)
  const helps = groups[0]?.pods.map(({ help }) => help) ?? []
  t.equal(helps[0], '1000 nodes lack cpu: the smallest shortfall is 500m on n0')
  t.equal(helps[29], '1000 nodes lack cpu: the smallest shortfall is 529m on n0')
  t.equal(helps[30], 'it asks for 1030m of cpu, which no node that it may go to has left')
  t.equal(helps[399], 'it asks for 1399m of cpu, which no node that it may go to has left')
  t.equal(helps[400], helps[0])
})

test('nodes are not read for pods that have one, or are held', async (t) => {
  let reads = 0
  const nodes = (): Promise<readonly []> => {
    reads++
    return Promise.resolve([])
  }
  const bound = atWork([waits('ErrImagePull')], { createdAt: now - 20 })
  await ask(viewOf([bound, gatedWaiter('held', 9)], { nodes }))
  t.equal(reads, 0)
  await ask(viewOf([bound, waiter('api-1', 9)], { nodes }))
  t.equal(reads, 1)
})
