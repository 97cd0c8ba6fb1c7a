// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { ledgerRig } from './ledger-rig.ts'
import { atWork, pod, runs } from './objects.ts'

const uids = ['a', 'b', 'c', 'd']
const uid = fc.constantFrom(...uids)
const answers = ['running', 'not_found', 'failed', 'pending', 'another', 'rejected'] as const
const steps = fc.array(
  fc.oneof(
    fc.record({ act: fc.constantFrom('set', 'delete', 'runs', 'gate', 'look'), uid }),
    fc.record({ act: fc.constant('replace'), uids: fc.subarray(uids) }),
    fc.record({ act: fc.constant('answer'), uid, answer: fc.constantFrom(...answers) }),
  ),
  { maxLength: 80 },
)
const running = (name: string) => pod({ ...atWork([runs(1005)], { uid: name, name }), status: { phase: 'Running' } })

test('check 23: each pod that came leaves exactly once, or is still there', async () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 3 }), (sequence, mostLookUps) => {
      const { ledger, leavings } = ledgerRig({ mostLookUps })
      // A pod that has left comes again under another UID alone, as in a cluster.
      const lives = new Map(uids.map((one) => [one, 0]))
      const nameOf = (one: string) => `${one}${lives.get(one)}`
      const came = new Set<string>()
      const come = (one: string) => came.add(nameOf(one)) && pod({ uid: nameOf(one), name: nameOf(one) })
      const found = (one: string, answer: (typeof answers)[number]) => {
        if (answer === 'not_found' || answer === 'failed') return answer
        if (answer === 'running') return running(nameOf(one))
        const status = answer === 'rejected' ? { phase: 'Failed', reason: 'OutOfcpu' } : {}
        return pod({ uid: answer === 'another' ? 'another' : nameOf(one), name: nameOf(one), status })
      }
      for (const [index, step] of sequence.entries()) {
        const at = 1001 + index
        if ('uids' in step) ledger.pods.replace(step.uids.map(come), at)
        else if ('answer' in step) ledger.resolve(nameOf(step.uid), found(step.uid, step.answer), at)
        else if (step.act === 'set') ledger.pods.set(come(step.uid), at)
        else if (step.act === 'gate') {
          came.add(nameOf(step.uid))
          ledger.pods.set(pod({ uid: nameOf(step.uid), spec: { schedulingGates: [{ name: 'g' }] } }), at)
        } else if (step.act === 'delete') ledger.pods.delete(pod({ uid: nameOf(step.uid) }), at)
        else if (step.act === 'runs') ledger.pods.set(running(nameOf(step.uid)), at)
        else ledger.nextLookUp()
        for (const one of uids)
          if (leavings.some((left) => left.uid === nameOf(one))) lives.set(one, (lives.get(one) ?? 0) + 1)
        if (ledger.lookUps > mostLookUps) return false
      }
      const left = leavings.map((one) => one.uid)
      return new Set(left).size === left.length && came.size === left.length + ledger.size + ledger.lookUps
    }),
    { numRuns: 500 },
  )
})

test('no age and no duration is ever negative', async () => {
  const times = fc.record({
    createdAt: fc.integer({ min: 1, max: 5000 }),
    seenAt: fc.nat(5000),
    leftAt: fc.nat(5000),
    now: fc.nat(5000),
  })
  fc.assert(
    fc.property(times, fc.boolean(), ({ createdAt, seenAt, leftAt, now }, isGated) => {
      const { ledger, leavings } = ledgerRig()
      const spec = isGated ? { schedulingGates: [{ name: 'g' }] } : {}
      ledger.pods.set(pod({ createdAt, spec }), seenAt)
      const ages = ledger.summarise(now).groups.map(({ oldestSeconds }) => oldestSeconds)
      ledger.pods.delete(pod({ createdAt, spec }), leftAt)
      ledger.resolve('u1', pod({ ...atWork([runs(1005)], { createdAt }), status: { phase: 'Running' } }), leftAt)
      const durations = leavings.flatMap(({ startedSeconds, scheduledSeconds }) => [
        startedSeconds ?? 0,
        scheduledSeconds ?? 0,
      ])
      return leavings.length === 1 && [...ages, ...durations].every((seconds) => seconds >= 0)
    }),
  )
})
