// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { pod } from './objects.ts'

const madeAt = Date.parse('2026-11-21T17:30:20Z') / 1000
const minute = Math.floor(madeAt / 60)
const workload = (apiVersion: string, kind: string, name: string, labels: object = {}) => {
  const ownerReferences = [
    { apiVersion: 'v1', kind: 'Gang', name: 'no' },
    { apiVersion, kind, name, uid: 'o', controller: true },
  ]
  const found = pod({ createdAt: madeAt, metadata: { ownerReferences, labels } }).workload
  return `${found.kind} ${found.name}`
}

test('a pod belongs to the workload that its own metadata tells of', async (t) => {
  t.equal(workload('apps/v1', 'StatefulSet', 'db'), 'StatefulSet db')
  t.equal(workload('apps/v1', 'DaemonSet', 'agent'), 'DaemonSet agent')
  t.equal(workload('v1', 'ReplicationController', 'old'), 'ReplicationController old')
  t.equal(workload('v1', 'Node', 'n1'), 'Node n1')
  t.strictSame(pod().workload, { kind: 'Pod', name: 'web-1' })
})

test('a ReplicaSet with the pod template hash in its name is one of a Deployment', async (t) => {
  t.equal(workload('apps/v1', 'ReplicaSet', 'web-7dc458997b', { 'pod-template-hash': '7dc458997b' }), 'Deployment web')
  t.equal(workload('apps/v1', 'ReplicaSet', 'web-7dc458997b'), 'ReplicaSet web-7dc458997b')
  t.equal(workload('apps/v1', 'ReplicaSet', 'by-hand', { 'pod-template-hash': 'hash' }), 'ReplicaSet by-hand')
  t.equal(workload('apps/v1', 'ReplicaSet', '-abc', { 'pod-template-hash': 'abc' }), 'ReplicaSet -abc')
})

test('a Job named after a minute of the last year is one of a CronJob', async (t) => {
  t.equal(workload('batch/v1', 'Job', `backup-${minute}`), 'CronJob backup')
  t.equal(workload('batch/v1', 'Job', `nightly-2-${minute - 3 * 1440}`), 'CronJob nightly-2')
  t.equal(workload('batch/v1', 'Job', `${'c'.repeat(52)}-${minute}`), `CronJob ${'c'.repeat(52)}`)
})

test('a Job made by hand stays a Job, whatever number its name ends in', async (t) => {
  const names = [
    'backup',
    'backup-manual-abc',
    'backup-20261121',
    `backup-${minute - 2 * 366 * 1440}`,
    `backup-${minute + 120}`,
  ]
  for (const name of [...names, `${minute}`, `-${minute}`]) t.equal(workload('batch/v1', 'Job', name), `Job ${name}`)
})

test('controllers of others are named with their kind, also where it is called Job', async (t) => {
  t.equal(workload('batch.volcano.sh/v1alpha1', 'Job', 'train'), 'other Job/train')
  t.equal(workload('argoproj.io/v1alpha1', 'Workflow', 'etl'), 'other Workflow/etl')
  t.equal(workload('', 'constructor', 'x'), 'other constructor/x')
})
