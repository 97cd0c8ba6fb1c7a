// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { ledgerRig } from './ledger-rig.ts'
import { atWork, condition, ended, type PodParts, pod, refused, runs, waits } from './objects.ts'

const noCpu = {
  conditions: [refused('0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.')],
}
const gated = { spec: { schedulingGates: [{ name: 'g' }] } }
const running = (startedAt: number, parts: PodParts = {}) =>
  pod(atWork([runs(startedAt)], { ...parts, status: { phase: 'Running', ...parts.status } }))
const failed = (reason: string, parts: PodParts = {}) =>
  pod({ ...parts, spec: { nodeName: 'n1' }, status: { phase: 'Failed', reason, message: 'why' } })

/** What becomes of a pod whose status says this when it has ended. */
function endOf(reason: string, message: string): readonly (string | undefined)[] {
  const { ledger, leavings } = ledgerRig()
  ledger.pods.set(pod(), 1001)
  ledger.pods.set(pod({ spec: { nodeName: 'n1' }, status: { phase: 'Failed', reason, message } }), 1008)
  return leavings.flatMap(({ outcome, rejection }) => [outcome, rejection])
}

test('pods are counted by namespace and cause, with their age from creation', async (t) => {
  const { ledger, group } = ledgerRig()
  ledger.pods.set(pod({ uid: 'a', createdAt: 1000, ...noCpu }), 1001)
  ledger.pods.set(pod({ uid: 'b', createdAt: 1100, ...noCpu }), 1101)
  ledger.pods.set(pod({ uid: 'c', createdAt: 1100, namespace: 'other' }), 1101)
  t.equal(group('insufficient_cpu', 1300), '2 300 0', 'exactly its 300 seconds are not over')
  t.equal(group('insufficient_cpu', 1301), '2 301 1')
  t.equal(group('not_seen_by_scheduler', 1301, 'other'), '1 201 0')
  t.equal(group('not_seen_by_scheduler', 900, 'other'), '1 0 0', 'a clock that goes back makes no negative age')
  t.equal(ledger.size, 3)
})

test('each namespace has its own threshold', async (t) => {
  const { ledger, group } = ledgerRig({ thresholdSeconds: (namespace) => (namespace === 'batch' ? 3600 : 60) })
  ledger.pods.set(pod({ uid: 'a', namespace: 'batch' }), 1001)
  ledger.pods.set(pod({ uid: 'b' }), 1001)
  t.equal(group('not_seen_by_scheduler', 1100, 'batch'), '1 100 0')
  t.equal(group('not_seen_by_scheduler', 1100), '1 100 1')
})

test('check 19: a gated pod ages apart, and once let through it counts from that moment', async (t) => {
  const { ledger, group, leavings } = ledgerRig()
  ledger.pods.set(pod(gated), 1001)
  t.equal(group('gated', 9000), '1 8000 0')
  t.strictSame(ledger.summarise(9000).stuck, [])
  ledger.pods.set(pod(noCpu), 9000)
  t.equal(group('gated', 9000), undefined)
  t.equal(group('insufficient_cpu', 9300), '1 300 0')
  t.equal(group('insufficient_cpu', 9301), '1 301 1')
  ledger.pods.set(running(9400, {}), 9402)
  t.match(leavings, [{ outcome: 'started', since: 9000, startedSeconds: 400, isOverThreshold: true }])
})

test('check 19: a pod that was let through before it was first seen counts from its creation', async (t) => {
  const { ledger, group } = ledgerRig()
  ledger.pods.set(pod({ conditions: [refused('Scheduling is blocked', 'SchedulingGated')] }), 5000)
  t.equal(group('not_seen_by_scheduler', 5000), '1 4000 1')
})

test('check 19: a pod that was let through and bound unseen counts from its binding', async (t) => {
  const { ledger, leavings } = ledgerRig()
  ledger.pods.set(pod(gated), 1001)
  ledger.pods.delete(pod(gated), 7010)
  const bound = [condition('PodScheduled', true, 7000)]
  const status = { phase: 'Running', containerStatuses: [runs(7004)] }
  ledger.resolve('u1', pod({ spec: { nodeName: 'n1' }, conditions: bound, status }), 7011)
  t.match(leavings, [{ outcome: 'started', since: 7000, startedSeconds: 4, isOverThreshold: false }])
})

test('check 20: a pod that no scheduler sees is over its threshold with that cause, and so is one on a silent node', async (t) => {
  const { ledger, group } = ledgerRig()
  ledger.pods.set(pod({ uid: 'a', spec: { schedulerName: 'gone' } }), 1001)
  ledger.pods.set(
    pod({ uid: 'b', spec: { nodeName: 'dead' }, conditions: [condition('PodScheduled', true, 1003)] }),
    1003,
  )
  t.equal(group('starting', 1060), '1 60 0')
  t.equal(group('starting', 1063), '1 63 0')
  t.equal(group('bound_kubelet_silent', 1064), '1 64 0', 'at once, however seldom it is asked')
  t.equal(group('not_seen_by_scheduler', 1301), '1 301 1')
  t.equal(group('bound_kubelet_silent', 1301), '1 301 1')
})

test('check 22: pulls that fail in two ways by turns are one cause, and the age goes on', async (t) => {
  const { ledger, group } = ledgerRig()
  for (let at = 1010; at < 1310; at += 3) {
    const reason = at % 2 === 0 ? 'ErrImagePull' : 'ImagePullBackOff'
    ledger.pods.set(pod(atWork([waits(reason)])), at)
    t.equal(group('image_pull_error', at), `1 ${at - 1000} ${at > 1300 ? 1 : 0}`)
  }
})

test('check 22: reasons of a scheduler that change at every look change the cause once in ten seconds at most', async (t) => {
  const { ledger } = ledgerRig()
  const messages = ['1 Insufficient cpu, 2 Too many pods', '2 Insufficient cpu, 1 Too many pods']
  const shown = Array.from({ length: 60 }, (_, second) => {
    const at = 1001 + second
    ledger.pods.set(pod({ conditions: [refused(`0/3 nodes are available: ${messages[second % 2]}.`)] }), at)
    return ledger.summarise(at).groups[0]?.cause
  })
  t.strictSame([...new Set(shown)], ['too_many_pods'])
})

test('check 23: a pod that leaves the Pending ones is looked up once, and what it became is counted', async (t) => {
  const { ledger, leavings, outcomes } = ledgerRig()
  for (const uid of ['started', 'deleted', 'rejected', 'replaced'])
    ledger.pods.set(pod({ uid, name: uid, ...noCpu }), 1001)
  for (const uid of ['started', 'deleted', 'rejected', 'replaced'])
    ledger.pods.delete(pod({ uid, name: uid, ...noCpu }), 1100)
  t.strictSame([ledger.size, ledger.lookUps, leavings.length], [0, 4, 0], 'that it left says nothing of how')
  t.strictSame(ledger.nextLookUp(), { uid: 'started', namespace: 'shop', name: 'started' })
  t.equal(ledger.nextLookUp()?.uid, 'deleted')
  ledger.resolve('started', running(1099, { uid: 'started', name: 'started' }), 1101)
  ledger.resolve('deleted', 'not_found', 1101)
  ledger.resolve('rejected', failed('OutOfcpu', { uid: 'rejected', name: 'rejected' }), 1101)
  ledger.resolve('replaced', running(1099, { uid: 'new', name: 'replaced' }), 1101)
  t.strictSame(outcomes(), ['started started', 'deleted deleted', 'rejected rejected', 'replaced deleted'])
  t.match(leavings[0], {
    scheduledSeconds: 4,
    startedSeconds: 99,
    leftAt: 1100,
    cause: 'insufficient_cpu',
    rejection: undefined,
  })
  t.match(leavings[1], { startedSeconds: undefined, scheduledSeconds: undefined })
  t.match(leavings[2], { rejection: 'OutOfcpu', startedSeconds: undefined })
  ledger.resolve('started', 'not_found', 1102)
  t.equal(leavings.length, 4, 'a second answer says nothing')
  t.equal(ledger.nextLookUp(), undefined)
})

test('check 23: a watch that tells of all phases needs no look-up', async (t) => {
  const { ledger, leavings, outcomes } = ledgerRig()
  ledger.pods.set(running(999, { uid: 'before' }), 1001)
  t.equal(leavings.length, 0, 'a pod that never waited before our eyes')
  for (const name of ['a', 'b', 'c']) ledger.pods.set(pod({ uid: name, name }), 1001)
  ledger.pods.set(running(1007, { uid: 'a', name: 'a' }), 1008)
  ledger.pods.set(running(1009, { uid: 'a', name: 'a' }), 1020)
  ledger.pods.set(failed('OutOfnvidia.com/gpu', { uid: 'b', name: 'b' }), 1008)
  ledger.pods.delete(failed('Evicted', { uid: 'c', name: 'c' }), 1008)
  t.strictSame(outcomes(), ['a started', 'b rejected', 'c finished'])
  t.strictSame([leavings[1]?.rejection, ledger.lookUps], ['OutOfextended', 0])
})

test('check 23: a pod that its kubelet did not let in is rejected, whatever the reason, and one evicted later is not', async (t) => {
  const rejected = ['rejected', 'other']
  t.strictSame(endOf('Evicted', 'Pod was rejected: The node had condition: [DiskPressure]. '), rejected)
  t.strictSame(endOf('Evicted', 'Pod The node had condition: [MemoryPressure]. '), rejected, 'by an older kubelet')
  t.strictSame(endOf('SMTAlignmentError', 'Pod was rejected: SMT Alignment Error: requested 3 cpus'), rejected)
  const finished = ['finished', undefined]
  t.strictSame(endOf('Evicted', 'The node was low on resource: ephemeral-storage. '), finished)
  t.strictSame(endOf('DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'), finished)
})

test('a pod found to have ended counts as started where a container tells when it ran', async (t) => {
  const { ledger, leavings } = ledgerRig()
  ledger.pods.set(pod(), 1001)
  ledger.pods.delete(pod(), 1030)
  const done = atWork([ended(1, 1010)])
  ledger.resolve('u1', pod({ ...done, status: { ...done.status, phase: 'Failed', reason: 'OutOfcpu' } }), 1031)
  t.match(leavings, [{ outcome: 'started', startedSeconds: 10 }])
})

test('a pod whose init container ran and failed has not started', async (t) => {
  const { ledger, outcomes } = ledgerRig()
  ledger.pods.set(pod(), 1001)
  const initContainerStatuses = [ended(1, 1010, { name: 'first' })]
  const status = { phase: 'Failed', initContainerStatuses, containerStatuses: [waits('PodInitializing')] }
  ledger.pods.set(pod({ spec: { nodeName: 'n1' }, status }), 1020)
  t.strictSame(outcomes(), ['web-1 finished'])
})

test('a node whose clock is ahead makes no pod start later than it was seen to', async (t) => {
  const { ledger, leavings } = ledgerRig()
  ledger.pods.set(pod(), 1001)
  ledger.pods.delete(pod(), 1030)
  ledger.resolve('u1', running(9000), 1031)
  t.match(leavings, [{ startedSeconds: 30 }])
})

test('where nobody can be asked, or too many wait to be, the end is not known', async (t) => {
  const { ledger, outcomes } = ledgerRig({ mostLookUps: 2 })
  for (const name of ['a', 'b', 'c']) ledger.pods.set(pod({ uid: name, name }), 1001)
  for (const name of ['a', 'b', 'c']) ledger.pods.delete(pod({ uid: name, name }), 1002)
  t.strictSame(outcomes(), ['c unknown'])
  ledger.resolve('a', 'failed', 1003)
  ledger.resolve('b', pod({ uid: 'b', name: 'b', status: { phase: 'Unknown' } }), 1003)
  t.strictSame(outcomes(), ['c unknown', 'a unknown', 'b unknown'])
})

test('a pod that is found to be Pending still, or comes back, goes on waiting', async (t) => {
  const { ledger, group, leavings } = ledgerRig()
  ledger.pods.set(pod(gated), 1001)
  ledger.pods.set(pod(noCpu), 2000)
  ledger.pods.delete(pod(noCpu), 2100)
  ledger.resolve('u1', pod(noCpu), 2101)
  t.equal(group('insufficient_cpu', 2200), '1 200 0', 'and the moment of its ungating is kept')
  ledger.pods.delete(pod(noCpu), 2210)
  ledger.pods.replace([pod(noCpu)], 2220)
  t.equal(group('insufficient_cpu', 2250), '1 250 0')
  ledger.resolve('u1', 'not_found', 2260)
  t.strictSame([ledger.size, leavings.length], [1, 0])
})

test('what a new list lacks has left, and is looked up', async (t) => {
  const { ledger, outcomes } = ledgerRig()
  ledger.pods.replace([pod({ uid: 'a', name: 'a' }), pod({ uid: 'b', name: 'b' })], 1001)
  ledger.pods.replace([pod({ uid: 'b', name: 'b' }), pod({ uid: 'c', name: 'c' })], 1500)
  t.strictSame([ledger.size, ledger.nextLookUp()?.uid, ledger.nextLookUp()], [2, 'a', undefined])
  ledger.resolve('a', 'not_found', 1501)
  t.strictSame(outcomes(), ['a deleted'])
})

test('the oldest over their threshold are named, oldest first, and held ones are not', async (t) => {
  const { ledger } = ledgerRig({ mostStuck: () => 3 })
  for (const [name, createdAt] of Object.entries({ a: 1400, b: 1100, c: 1300, d: 1200, e: 1500, f: 1950 })) {
    ledger.pods.set(pod({ uid: name, name, createdAt }), 1960)
  }
  ledger.pods.set(pod({ uid: 'held', name: 'held', ...gated }), 1960)
  const { stuck } = ledger.summarise(2000)
  t.strictSame(
    stuck.map((one) => `${one.pod.name} ${one.ageSeconds} ${one.cause}`),
    ['b 900 not_seen_by_scheduler', 'd 800 not_seen_by_scheduler', 'c 700 not_seen_by_scheduler'],
  )
})

test('refused nodes are summed over the pods without a node, and texts not understood are counted', async (t) => {
  const { ledger } = ledgerRig()
  ledger.pods.set(pod({ uid: 'a', ...noCpu }), 1001)
  ledger.pods.set(pod({ uid: 'b', ...noCpu }), 1001)
  ledger.pods.set(pod({ uid: 'c', conditions: [refused('queue resource quota insufficient')] }), 1001)
  const { refusedNodes, unclassified } = ledger.summarise(1002)
  t.strictSame(Object.fromEntries(refusedNodes), { taint: 2, insufficient_cpu: 4 }, 'not what no node has')
  t.equal(unclassified, 1)
})
