// SPDX-License-Identifier: Apache-2.0
import { performance } from 'node:perf_hooks'
import { test } from 'tap'
import { corpus } from './corpus/messages.ts'
import { ledgerRig } from './ledger-rig.ts'
import { atWork, pod, rawPod, refused, waits } from './objects.ts'

const pods = 3000
const parts = (index: number) => {
  const whose = { uid: `u${index}`, name: `pod-${index}`, namespace: `team-${index % 60}`, createdAt: 1000 + index }
  const message = corpus[index % corpus.length]?.message ?? ''
  return index % 3 === 0 ? atWork([waits('ImagePullBackOff')], whose) : { ...whose, conditions: [refused(message)] }
}
/** The best of some rounds: what the work itself takes, whoever else is at work on this machine. */
const bestMilliseconds = (work: () => void) => {
  const rounds = Array.from({ length: 30 }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...rounds)
}

test('three thousand waiting pods are summed up in less than 3 ms', async (t) => {
  const { ledger } = ledgerRig()
  for (let index = 0; index < pods; index++) ledger.pods.set(pod(parts(index)), 5000)
  t.equal(ledger.size, pods)
  const milliseconds = bestMilliseconds(() => ledger.summarise(6000))
  t.ok(milliseconds < 3, `${milliseconds.toFixed(2)} ms`)
})

test('a pod is read and taken in within a tenth of a millisecond', async (t) => {
  const { ledger } = ledgerRig()
  const raws = Array.from({ length: 300 }, (_, index) => parts(index))
  t.ok(rawPod(raws[0]))
  const milliseconds = bestMilliseconds(() => {
    for (const one of raws) ledger.pods.set(pod(one), 5000)
  })
  t.ok(milliseconds / raws.length < 0.1, `${(milliseconds / raws.length).toFixed(4)} ms`)
})
