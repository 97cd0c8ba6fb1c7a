// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { amountText } from '../src/help/amount-text.ts'
import { helpText } from '../src/help/help.ts'
import type { NodeFacts } from '../src/help/node-facts.ts'
import { readAmounts } from '../src/pod/amounts.ts'
import { type PodParts, pod, refused } from './objects.ts'

const wants = (requests: object, parts: PodParts = {}) =>
  pod({ ...parts, spec: { containers: [{ name: 'main', resources: { requests } }], ...parts.spec } })
const node = (name: string, allocatable: object, requested: object, more: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  allocatable: readAmounts({ pods: 110, ...allocatable }),
  requested: readAmounts({ pods: 10, ...requested }),
  taints: [],
  unschedulable: false,
  ...more,
})
const gpuTaint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }

test('the nodes that lack a resource are counted, and the one nearest to fitting is named', async (t) => {
  const nodes = [
    node('n1', { cpu: '4' }, { cpu: '3500m' }),
    node('n2', { cpu: '4' }, { cpu: '3200m' }),
    node('n3', { cpu: '4' }, { cpu: '4' }),
  ]
  t.equal(
    helpText(wants({ cpu: '1' }), 'insufficient_cpu', nodes),
    '3 nodes lack cpu: the smallest shortfall is 200m on n2',
  )
  t.equal(
    helpText(wants({ cpu: '1' }), 'insufficient_cpu', nodes.slice(0, 1)),
    '1 node lacks cpu: the smallest shortfall is 500m on n1',
  )
})

test('a node that lacks one thing is nearer than one that lacks two', async (t) => {
  const asked = wants({ cpu: '1', memory: '2Gi' })
  const both = node('both', { cpu: '4', memory: '8Gi' }, { cpu: '3100m', memory: '7Gi' })
  const one = node('one', { cpu: '4', memory: '8Gi' }, { cpu: '3500m', memory: '1Gi' })
  t.equal(helpText(asked, 'insufficient_cpu', [both, one]), '2 nodes lack cpu: the smallest shortfall is 500m on one')
  t.equal(
    helpText(asked, 'insufficient_cpu', [both]),
    '1 node lacks cpu: the smallest shortfall is 100m on both, which also lacks 1Gi of memory',
  )
})

test('nodes that the pod may not go to do not count', async (t) => {
  const full = node('full', { cpu: '4' }, { cpu: '4' })
  const cordoned = node('cordoned', { cpu: '4' }, { cpu: '3900m' }, { unschedulable: true })
  const tainted = node('tainted', { cpu: '4' }, { cpu: '3950m' }, { taints: [gpuTaint] })
  const nodes = [full, cordoned, tainted]
  t.equal(
    helpText(wants({ cpu: '1' }), 'insufficient_cpu', nodes),
    '1 node lacks cpu: the smallest shortfall is 1 on full',
  )
  const tolerant = wants({ cpu: '1' }, { spec: { tolerations: [{ key: 'dedicated', operator: 'Exists' }] } })
  t.match(helpText(tolerant, 'insufficient_cpu', nodes), /^2 nodes lack cpu: .* 950m on tainted$/)
})

test('what is larger than any node can hold is said to be', async (t) => {
  const nodes = [node('n1', { cpu: '4', memory: '8Gi' }, {}), node('n2', { cpu: '8', memory: '8Gi' }, {})]
  t.equal(
    helpText(wants({ cpu: '12' }), 'insufficient_cpu', nodes),
    'it asks for 12 of cpu, and the largest node that it may go to has 8 in all',
  )
  const refusal = refused('0/2 nodes are available: 2 Insufficient nvidia.com/gpu.')
  t.equal(
    helpText(wants({ 'nvidia.com/gpu': 1 }, { conditions: [refusal] }), 'insufficient_extended', nodes),
    'no node that it may go to has any nvidia.com/gpu',
  )
})

test('without nodes it is said what the pod asks for', async (t) => {
  const parts = { conditions: [refused('0/3 nodes are available: 3 Insufficient memory.')] }
  t.equal(
    helpText(wants({ memory: '1.5Gi' }, parts), 'insufficient_memory'),
    'it asks for 1.5Gi of memory, which no node that it may go to has left',
  )
  t.equal(helpText(wants({}, parts), 'insufficient_memory'), undefined)
})

test('each other cause has its own remedy, or none', async (t) => {
  const full = node('n1', { cpu: '4' }, { pods: 110 })
  t.equal(helpText(pod(), 'too_many_pods', [full]), '1 node lacks room for pods: each runs as many as it may')
  t.equal(
    helpText(pod(), 'taint', [node('n1', {}, {}, { taints: [gpuTaint] })]),
    'it would have to tolerate dedicated=gpu',
  )
  const named = { conditions: [refused('0/2 nodes are available: 2 node(s) had untolerated taint {a: b}.')] }
  t.equal(helpText(pod(named), 'taint'), 'it would have to tolerate a=b')
  t.equal(helpText(pod(), 'taint'), undefined)
  const cordoned = ['n1', 'n2', 'n3', 'n4'].map((name) => node(name, {}, {}, { unschedulable: true }))
  t.equal(helpText(pod(), 'cordoned', cordoned), 'n1, n2, n3 and 1 more would have to be uncordoned')
  t.equal(helpText(pod({ spec: { schedulingGates: [{ name: 'g' }] } }), 'gated'), 'g has to be lifted')
  t.equal(helpText(pod({ spec: { schedulerName: 'mine' } }), 'not_seen_by_scheduler'), 'the scheduler mine has to run')
  t.equal(helpText(pod({ spec: { nodeName: 'n7' } }), 'bound_kubelet_silent'), 'the kubelet of n7 has to answer')
  t.equal(helpText(pod(), 'image_pull_error'), undefined)
})

test('amounts are written as people write them', async (t) => {
  t.equal(amountText('cpu', 250), '250m')
  t.equal(amountText('cpu', 2000), '2')
  t.equal(amountText('memory', 2 ** 30), '1Gi')
  t.equal(amountText('ephemeral-storage', 1500), '1.5Ki')
  t.equal(amountText('memory', 10), '10')
  t.equal(amountText('nvidia.com/gpu', 4096), '4096')
})
