// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { chooseReason } from '../src/cause/choose.ts'
import { nodeReasons } from '../src/message/node-reason.ts'
import { readMessage } from '../src/message/read-message.ts'
import { corpus } from './corpus/messages.ts'

const causeFor = (message: string) => chooseReason(readMessage(message))
const extras = (message: string) => readMessage(message).extras
const totalOf = (message: string) => {
  const head = /^\d+\/(\d+) nodes/.exec(message)
  return head === null ? undefined : Number(head[1])
}

test('check 21: every message of the corpus has its cause, and its nodes are counted once', async (t) => {
  t.ok(corpus.length >= 120, `${corpus.length} messages`)
  for (const { form, cause, nodes, message } of corpus) {
    const read = readMessage(message)
    const about = `${form}: ${message}`
    t.strictSame(Object.fromEntries(read.causes), nodes, about)
    t.equal(chooseReason(read), cause, about)
    t.equal(read.totalNodes, totalOf(message), about)
    t.equal(read.isClassified, !('unschedulable_other' in nodes), about)
  }
})

test('check 21: the corpus has every reason, in two forms of words or more where there are such', async (t) => {
  for (const reason of nodeReasons) {
    const found = corpus.filter(({ nodes }) => reason in nodes)
    const forms = new Set(found.map(({ form }) => form))
    t.ok(found.length >= 2 && (forms.size >= 2 || reason === 'preempting'), `${reason}: ${[...forms].join()}`)
  }
})

test('check 21: without its tail a message says the same', async (t) => {
  const tailed = corpus.filter(({ message }) => message.includes('. '))
  t.ok(tailed.length > 80)
  for (const { message, nodes } of tailed) {
    const head = message.slice(0, message.indexOf('. ') + 1)
    t.strictSame(Object.fromEntries(readMessage(head).causes), nodes, head)
  }
})

test('nodes that were never meant for the pod give no cause unless nothing else remains', async (t) => {
  const affinity = "node(s) didn't match Pod's node affinity/selector"
  t.equal(causeFor(`0/9 nodes are available: 1 Too many pods, 8 ${affinity}.`), 'too_many_pods')
  t.equal(causeFor(`0/9 nodes are available: 4 node(s) were unschedulable, 5 ${affinity}.`), 'node_affinity')
})

test('an unknown reason is the cause only where no known one is left', async (t) => {
  t.equal(causeFor('0/9 nodes are available: 1 Insufficient cpu, 8 moon in the wrong house.'), 'insufficient_cpu')
  t.equal(
    causeFor('0/9 nodes are available: 1 moon in the wrong house, 8 node(s) had untolerated taint(s).'),
    'unschedulable_other',
  )
})

test('of reasons for as many nodes the same one is named whatever their order', async (t) => {
  const [cpu, memory] = ['2 Insufficient cpu', '2 Insufficient memory']
  t.equal(causeFor(`0/2 nodes are available: ${cpu}, ${memory}.`), 'insufficient_memory')
  t.equal(causeFor(`0/2 nodes are available: ${memory}, ${cpu}.`), 'insufficient_memory')
})

test('the extended resources and taints that a message names are kept, eight at most', async (t) => {
  t.strictSame(
    extras("0/3 nodes are available: 1 node(s) had taint {a: b}, that the pod didn't tolerate, 2 Insufficient x.y/z."),
    ['a=b', 'x.y/z'],
  )
  t.strictSame(extras('0/1 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }.'), [
    'node-role.kubernetes.io/master',
  ])
  t.strictSame(extras('0/1 nodes are available: 1 node(s) had untolerated taint(s), 1 Insufficient cpu.'), [])
  const many = Array.from({ length: 50 }, (_, index) => `1 Insufficient ${'x'.repeat(500)}/${index}`)
  t.ok(extras(`0/50 nodes are available: ${many.join(', ')}.`).length <= 8)
  t.ok(extras(`0/50 nodes are available: ${many.join(', ')}.`).every((extra) => extra.length <= 128))
})

test('what refuses a pod for all nodes alike is told apart', async (t) => {
  const { prefilter, totalNodes } = readMessage(
    '0/3 nodes are available: persistentvolumeclaim "data" not found. not found',
  )
  t.strictSame({ prefilter, totalNodes }, { prefilter: 'persistentvolumeclaim "data" not found', totalNodes: 3 })
  t.equal(readMessage('0/3 nodes are available: 3 Insufficient cpu.').prefilter, undefined)
})
