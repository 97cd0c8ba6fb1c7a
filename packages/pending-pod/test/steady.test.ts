// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { type Cause, causes } from '../src/cause/cause.ts'
import { stageOf } from '../src/cause/stage.ts'
import { firstCause, followCause, type SteadyCause } from '../src/cause/steady.ts'
import { atWork, condition, pod, refused, waits } from './objects.ts'

const holdSeconds = 10
const follow = (steady: SteadyCause, seen: Cause, at: number, stage = 1) =>
  followCause(steady, seen, { stage, at, holdSeconds })

test('a cause gives way when it has not been seen for ten seconds', async (t) => {
  let steady = follow(firstCause('insufficient_cpu', 1), 'insufficient_memory', 100)
  t.equal(steady.cause, 'insufficient_cpu')
  steady = follow(steady, 'insufficient_memory', 109)
  t.equal(steady.cause, 'insufficient_cpu')
  t.equal(follow(steady, 'insufficient_memory', 110).cause, 'insufficient_memory')
  t.equal(follow(steady, 'taint', 110).cause, 'taint', 'whatever else was seen meanwhile')
  const back = follow(steady, 'insufficient_cpu', 109.5)
  t.equal(follow(follow(back, 'insufficient_memory', 110), 'insufficient_memory', 119).cause, 'insufficient_cpu')
})

test('a pod that has come further has its new cause at once, and one that falls back has not', async (t) => {
  const bound = follow(firstCause('insufficient_cpu', 1), 'starting', 100, 2)
  t.strictSame([bound.cause, bound.stage], ['starting', 2])
  t.equal(follow(bound, 'insufficient_cpu', 101, 1).cause, 'starting')
})

test('check 22: reasons that alternate change the cause no more than once in ten seconds', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...causes), fc.double({ min: 0, max: 25, noNaN: true })), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(steps, (sequence) => {
      let at = 0
      let changedAt = Number.NEGATIVE_INFINITY
      let steady = firstCause('other', 1)
      return sequence.every(([seen, seconds]) => {
        at += seconds
        const next = follow(steady, seen, at)
        const isTooSoon = next.cause !== steady.cause && at - changedAt < holdSeconds
        if (next.cause !== steady.cause) changedAt = at
        steady = next
        return !isTooSoon
      })
    }),
    { numRuns: 1000 },
  )
})

test('a cause that stays is shown in the end, whatever came before', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...causes), fc.nat(20)), { maxLength: 20 })
  fc.assert(
    fc.property(steps, fc.constantFrom(...causes), (sequence, last) => {
      let at = 0
      let steady = firstCause('other', 1)
      for (const [seen, seconds] of sequence) steady = follow(steady, seen, (at += seconds))
      return follow(follow(steady, last, at + 1), last, at + 11).cause === last
    }),
  )
})

test('stages go up along the road of a pod', async (t) => {
  const init = {
    spec: { initContainers: [{ name: 'i' }] },
    status: { initContainerStatuses: [waits('x', { name: 'i' })] },
  }
  const ready = condition('PodReadyToStartContainers', true)
  const road = [
    pod({ spec: { schedulingGates: [{ name: 'g' }] } }),
    pod(),
    pod({ conditions: [refused('0/1 nodes are available: 1 Insufficient cpu.')] }),
    pod({ spec: { nodeName: 'n' } }),
    pod(atWork([waits('ContainerCreating')])),
    pod(atWork([waits('ContainerCreating')], { conditions: [ready] })),
    pod(atWork([waits('ContainerCreating')], { ...init, conditions: [ready, condition('Initialized', true)] })),
    pod(atWork([waits('ContainerCreating')], { deletedAt: 1100 })),
  ]
  const stages = road.map((one) => stageOf(one, 1010))
  t.strictSame(stages, [0, 1, 2, 3, 5, 6, 7, 8])
  t.equal(stageOf(pod({ spec: { nodeName: 'n' } }), 1061), 4, 'when its kubelet has been silent for too long')
})
