// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { at, World } from './world.ts'
import type { WorldPod } from './world-objects.ts'

/** A world with one run going on since 11:00:02, and its pod. */
function running(): { world: World; pod: WorldPod } {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: 2, runsFor: 3000 })
  world.runUntil('11:05')
  const [pod] = world.pods.values()
  if (pod === undefined) throw new Error('no pod')
  return { world, pod }
}

const byCluster = [
  ['an eviction', 'EvictionByEvictionAPI', undefined],
  ['preemption', 'PreemptionByScheduler', undefined],
  ['a NoExecute taint', 'DeletionByTaintManager', undefined],
  ['a device taint', 'DeletionByDeviceTaintManager', undefined],
  ['the end of its node', 'DeletionByPodGC', undefined],
  ['the shutdown of its node', 'TerminationByKubelet', 'Terminated'],
  ['the pressure on its node', 'TerminationByKubelet', 'Evicted'],
] as const

for (const [what, reason, podReason] of byCluster) {
  test(`16: a run that ${what} ends is killed by the cluster`, async (t) => {
    const { world, pod } = running()
    world.changePod(pod, { disruption: { status: 'True', reason }, deletedAt: world.now })
    world.runUntil('11:06')
    t.strictSame(world.killed(), [], 'not before it has ended')
    world.changePod(pod, { phase: 'Failed', reason: podReason, finishedAt: world.now, exitCode: 143 })
    world.runUntil('11:07')
    world.dropPod(pod)
    world.runUntil('11:59')
    t.strictSame(world.killed(), [`11:00 cluster ${reason}`])
    t.strictSame(world.verdicts(), ['11:00 on_time'])
  })
}

const byItself = [
  ['its own emptyDir limit', { phase: 'Failed', reason: 'Evicted', finishedAt: at('11:05') }],
  ['its own memory limit', { phase: 'Failed', finishedAt: at('11:05'), exitCode: 137 }],
  ['exit code 1', { phase: 'Failed', finishedAt: at('11:05'), exitCode: 1 }],
  ['exit code 143', { phase: 'Failed', finishedAt: at('11:05'), exitCode: 143 }],
  [
    'success, with an eviction under way',
    {
      phase: 'Succeeded',
      finishedAt: at('11:05'),
      disruption: { status: 'True', reason: 'EvictionByEvictionAPI' },
    },
  ],
] as const

for (const [what, change] of byItself) {
  test(`16: a run that ends by ${what} is not killed`, async (t) => {
    const { world, pod } = running()
    world.changePod(pod, change)
    world.runUntil('11:59')
    t.notOk([...world.jobs.values()][0]?.end === undefined, 'it has ended')
    t.strictSame(world.killed(), [])
  })
}

test('16: a pod that came and went before its Job was seen, as after watches were cut, is told of all the same', async (t) => {
  for (const [end, verdict, kills] of [
    [
      { disruption: { status: 'True', reason: 'EvictionByEvictionAPI' } },
      'on_time',
      ['11:00 cluster EvictionByEvictionAPI'],
    ],
    [{ phase: 'Failed', exitCode: 1 }, 'on_time', []],
    [{ startedAt: undefined, phase: 'Failed', reason: 'OutOfcpu' }, 'lost never_ran', ['11:00 cluster OutOfcpu']],
  ] as const) {
    const world = new World()
    world.addCronJob('0 * * * *')
    world.plan = () => ({ startsAfter: 2, runsFor: 3000 })
    world.runUntil('10:59')
    world.isWatched = false
    world.runUntil('11:00:10')
    const job = world.jobOf('11:00')
    const [pod] = world.podsOf(job)
    if (pod === undefined) throw new Error('no pod')
    world.isWatched = true
    world.tellPod(pod)
    world.changePod(pod, { finishedAt: world.now, ...end })
    world.dropPod(pod)
    world.tellJob(job)
    world.deleteJob(job)
    world.runUntil('11:10')
    t.strictSame(world.verdicts(), [`11:00 ${verdict}`])
    t.strictSame(
      world.killed().filter((kill) => !kill.endsWith('hand')),
      kills,
    )
  }
})

test('16: an eviction that is called off kills nobody', async (t) => {
  const { world, pod } = running()
  world.changePod(pod, { disruption: { status: 'True', reason: 'EvictionByEvictionAPI' } })
  world.runUntil('11:07')
  world.changePod(pod, { disruption: { status: 'False', reason: 'EvictionByEvictionAPI' } })
  world.runUntil('11:59')
  t.strictSame(world.killed(), [])
})

test('16: a pod that its kubelet refused is killed by the cluster and was never run', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: undefined, runsFor: 0 })
  world.runUntil('11:01')
  for (const pod of world.pods.values()) world.changePod(pod, { phase: 'Failed', reason: 'OutOfcpu' })
  world.runUntil('11:02')
  t.strictSame([world.verdicts(), world.killed()], [['11:00 lost never_ran'], ['11:00 cluster OutOfcpu']])
})

test('16: a run whose deadline comes while it is running is killed by policy', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.jobDeadline = 600
  world.plan = () => ({ startsAfter: 2, runsFor: 3000 })
  world.runUntil('11:11')
  t.strictSame([world.verdicts(), world.killed()], [['11:00 on_time'], ['11:00 policy DeadlineExceeded']])
})

test('a pod or a Job that somebody deletes is killed by hand', async (t) => {
  const first = running()
  first.world.changePod(first.pod, { deletedAt: first.world.now })
  first.world.changePod(first.pod, { phase: 'Failed', finishedAt: first.world.now + 1, exitCode: 143 })
  first.world.dropPod(first.pod)
  first.world.runUntil('11:06')
  t.strictSame(first.world.killed(), ['11:00 hand'])
  const second = running()
  second.world.deleteJob(second.world.jobOf('11:00'))
  second.world.runUntil('11:06')
  t.strictSame(second.world.killed(), ['11:00 hand'])
})

test('a run that is suspended after its start is not killed by it, then or later', async (t) => {
  const { world, pod } = running()
  const job = world.jobOf('11:00')
  job.suspended = true
  world.tellJob(job)
  world.changePod(pod, { deletedAt: world.now })
  world.dropPod(pod)
  world.runUntil('11:10')
  world.resumeJob(job)
  world.runUntil('11:20')
  t.strictSame(world.killed(), [])
})
