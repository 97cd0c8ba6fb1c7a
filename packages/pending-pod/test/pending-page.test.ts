// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { atWork, refused, runs, waits } from './objects.ts'
import { ask, askJson, gatedWaiter, nodeOf, now, ofDeployment, podNames, viewOf, waiter } from './pending-rig.ts'

test('pods stand by cause, the worst first, and the oldest first in each; held ones apart', async (t) => {
  const view = viewOf([
    gatedWaiter('held-young', 10),
    gatedWaiter('held-old', 90_000),
    waiter('tainted', 5000, {
      conditions: [refused('0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.')],
    }),
    waiter('unseen-old', 250, { conditions: [] }),
    waiter('unseen-young', 5, { conditions: [] }),
    atWork([waits('ErrImagePull')], { name: 'image', createdAt: now - 280 }),
    waiter('cpu-young', 20),
    waiter('cpu-old', 500),
    waiter('cpu-older', 600),
  ])
  const listed = await askJson(view)
  t.strictSame(podNames(listed), [
    ['insufficient_cpu', 'cpu-older', 'cpu-old', 'cpu-young'],
    ['taint', 'tainted'],
    ['image_pull_error', 'image'],
    ['not_seen_by_scheduler', 'unseen-old', 'unseen-young'],
    ['held', 'held-old', 'held-young'],
  ])
  t.strictSame([listed['waiting'], listed['overThreshold'], listed.held?.count], [7, 3, 2])
  const { text } = await ask(view)
  t.strictSame(
    [...text.matchAll(/<h2>([^<]*)<small>(\w+)<\/small><\/h2>\n<p>(.*)<\/p>/g)].map(([, ...parts]) => parts),
    [
      [
        'No node has enough cpu left',
        'insufficient_cpu',
        '3 pods, <span class="bad">2 over the threshold</span>, the oldest for 10 min.',
      ],
      [
        'The nodes have taints that it does not tolerate',
        'taint',
        '1 pod, for 1 h 23 min, <span class="bad">over its threshold</span>.',
      ],
      ['An image can&#39;t be pulled', 'image_pull_error', '1 pod, for 4 min 40 s.'],
      ['No scheduler has looked at it', 'not_seen_by_scheduler', '2 pods, the oldest for 4 min 10 s.'],
      [
        'Held back on purpose',
        'gated',
        '2 pods, the oldest for 1 d 1 h. No threshold counts for what scheduling gates hold.',
      ],
    ],
  )
})

test('a pod shows what it is of, since when it waits, what is said of it and what would help', async (t) => {
  const nodes = [nodeOf('n1', '4', '3'), nodeOf('n2', '4', '2200m'), nodeOf('n3', '4', '3')]
  const view = viewOf([waiter('api-7f-x', 1260, { metadata: ofDeployment('api') })], {
    nodes: () => Promise.resolve(nodes),
  })
  const { text } = await ask(view)
  t.equal(
    text.split('<tr>')[2]?.split('</tr>')[0],
    [
      '<td data-label="Pod" class=""><span class="plain">api-7f-x</span>',
      '<small><a href="/prefix/pending?namespace=shop">shop</a></small></td>',
      '<td data-label="Workload" class=""><span class="plain">',
      '<a href="/prefix/pending?namespace=shop&amp;workload=Deployment%2Fapi">api</a></span><small>Deployment</small></td>',
      '<td data-label="Waiting" class=""><span class="bad">21 min</span><small>since 16:39:00</small></td>',
      '<td data-label="Why, and what would help" class=""><div>',
      '<div>0/3 nodes are available: 3 Insufficient cpu.</div>',
      '<div class="help">3 nodes lack cpu: the smallest shortfall is 200m on n2</div>',
      '<code>kubectl -n shop describe pod api-7f-x</code></div></td>',
    ].join(''),
  )
  const listed = await askJson(view)
  t.strictSame(listed.groups[0]?.pods[0], {
    namespace: 'shop',
    pod: 'api-7f-x',
    uid: 'u0',
    workloadKind: 'Deployment',
    workload: 'api',
    cause: 'insufficient_cpu',
    since: { time: '2026-11-21T16:39:00Z', unixSeconds: now - 1260 },
    ageSeconds: 1260,
    thresholdSeconds: 300,
    isOverThreshold: true,
    node: null,
    nominatedNode: null,
    gates: [],
    saidBy: 'scheduler',
    container: null,
    reason: 'Unschedulable',
    message: '0/3 nodes are available: 3 Insufficient cpu.',
    help: '3 nodes lack cpu: the smallest shortfall is 200m on n2',
    command: 'kubectl -n shop describe pod api-7f-x',
  })
})

test('of a pod with a node the container is told that it waits for', async (t) => {
  const createdAt = now - 20
  const view = viewOf([
    atWork([waits('ImagePullBackOff', { name: 'b' }), waits('ContainerCreating')], { name: 'p1', createdAt }),
    atWork([waits('PodInitializing')], {
      name: 'p2',
      createdAt,
      status: { initContainerStatuses: [runs(now - 9, { name: 'migrate' })] },
    }),
    atWork([waits('PodInitializing')], {
      name: 'p3',
      createdAt,
      status: { initContainerStatuses: [waits('CrashLoopBackOff', { name: 'wait', restartCount: 4 })] },
    }),
    atWork([], { name: 'p4', createdAt, status: { reason: 'Odd', message: 'the node says so' } }),
    waiter('p5', 20, { status: { nominatedNodeName: 'n7' } }),
    waiter('p6', 20, { conditions: [refused('it broke', 'SchedulerError')] }),
  ])
  const { text } = await ask(view)
  const cells = text.matchAll(/"Pod"[^>]*><span[^>]*>(\w+)<.*?would help"[^>]*><div>(.*?)<code>/g)
  const said = Array.from(cells, ([, name = '', why = '']) => [
    name,
    why.split(/<[^>]*>/).filter((part) => part !== ''),
  ])
  t.strictSame(Object.fromEntries(said), {
    p1: ['on node n1', 'container b: ImagePullBackOff: why ImagePullBackOff'],
    p2: ['on node n1', 'init container migrate runs'],
    p3: ['on node n1', 'init container wait, restarted 4 times: CrashLoopBackOff: why CrashLoopBackOff'],
    p4: ['on node n1', 'Odd: the node says so'],
    p5: ['nominated for node n7', '0/3 nodes are available: 3 Insufficient cpu.'],
    p6: ['SchedulerError: it broke'],
  })
  const { groups } = await askJson(view, '/pending?cause=image_pull_error')
  t.match(groups[0]?.pods[0], { saidBy: 'kubelet', container: 'b', node: 'n1' })
})

test('a long text is cut with an ellipsis, and whole once it is opened', async (t) => {
  const whole = `0/9 nodes are available: ${'🚢'.repeat(300)}.`
  const { text } = await ask(viewOf([waiter('api-1', 9, { conditions: [refused(whole)] })]))
  const [, summary = '', rest = ''] = /<details><summary>(.*)<\/summary>(.*)<\/details>/.exec(text) ?? []
  t.equal(rest, whole)
  t.equal(summary, `${whole.slice(0, 199)}…`)
  t.ok(summary.isWellFormed())
})

test('what is shown may be old, and says so', async (t) => {
  const view = viewOf([], { blindness: () => 'no watch of pods for <3> min' })
  const { text } = await ask(view)
  t.match(text, '<p class="warn">What is shown may be old: no watch of pods for &lt;3&gt; min</p>')
  t.match(text, '<h1 class="warn">As last known, nothing waits.</h1>')
  t.equal((await askJson(view))['blindness'], 'no watch of pods for <3> min')
  const { text: seeing } = await ask(viewOf([]))
  t.match(seeing, '<h1 class="good">Nothing waits.</h1>')
  t.notMatch(seeing, '<form')
})
