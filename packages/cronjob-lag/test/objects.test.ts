// SPDX-License-Identifier: Apache-2.0
import { ObjectError } from '@leadline/kube'
import { test } from 'tap'
import { readCronJob } from '../src/objects/cron-job.ts'
import { readJob } from '../src/objects/job.ts'
import { readPod } from '../src/objects/pod.ts'

const metadata = { uid: 'u', namespace: 'n', name: 'backup', creationTimestamp: '1970-01-01T01:00:00Z' }
const owner = (kind: string) => [{ kind, uid: 'o', name: 'backup', controller: true }]

const without = (key: string) => ({ metadata: { ...metadata, [key]: undefined } })
const tick = (name: string, annotations: object, ownerReferences: unknown = owner('CronJob')) => {
  const job = readJob({ metadata: { ...metadata, name, annotations, ownerReferences } })
  return [job.tick, job.isMinute]
}
const end = (type: string, status = 'True') =>
  readJob({
    metadata,
    status: {
      completionTime: '1970-01-01T00:00:09Z',
      conditions: [{ type, status, reason: 'R', lastTransitionTime: '1970-01-01T00:00:10Z' }],
    },
  })
const started = (...containerStatuses: object[]) =>
  readPod({ metadata, status: { phase: 'Running', containerStatuses } }).startedAt
const doomed = (status: string) =>
  readPod({
    metadata: { ...metadata, deletionTimestamp: '1970-01-01T00:01:00Z', deletionGracePeriodSeconds: 30 },
    status: { conditions: [{ type: 'DisruptionTarget', status, reason: 'EvictionByEvictionAPI' }] },
  })
const waits = (...reasons: string[]) =>
  readPod({
    metadata,
    status: { containerStatuses: reasons.map((reason) => ({ state: { waiting: { reason } } })) },
  }).waitingReason
const at = (second: number) => ({ startedAt: `1970-01-01T00:00:0${second}Z` })
const toldOnlyPhase = (phase: string) =>
  readPod({ metadata, status: { phase, startTime: '1970-01-01T00:00:08Z' } }).startedAt

test('an object without an identity is refused by its name', async (t) => {
  t.throws(() => readJob(without('uid')), new ObjectError('Job n/backup: metadata.uid is missing or not valid'))
  t.throws(() => readPod(without('name')), new ObjectError('Pod n/?: metadata.name is missing or not valid'))
  t.throws(
    () => readJob({ metadata: { ...metadata, creationTimestamp: 'yesterday' } }),
    new ObjectError('Job n/backup: metadata.creationTimestamp is missing or not valid'),
  )
  t.throws(() => readCronJob({ metadata }), new ObjectError('CronJob n/backup: spec.schedule is missing'))
  for (const odd of [null, 7, [], { metadata: 'x' }]) t.throws(() => readCronJob(odd), ObjectError)
})

test('a CronJob has the defaults of the API where it says nothing', async (t) => {
  t.strictSame(readCronJob({ metadata, spec: { schedule: '@daily', concurrencyPolicy: 'Sometimes' } }), {
    uid: 'u',
    namespace: 'n',
    name: 'backup',
    createdAt: 3600,
    schedule: '@daily',
    timeZone: undefined,
    suspended: false,
    policy: 'Allow',
    startingDeadlineSeconds: undefined,
    keeps: { succeeded: 3, failed: 1 },
    ttlSeconds: undefined,
    lastScheduledAt: undefined,
    activeJobs: [],
    generation: undefined,
    annotations: {},
  })
})

test('a CronJob says what it is to say', async (t) => {
  const read = readCronJob({
    metadata: { ...metadata, generation: 3, annotations: { 'leadline.io/x': '1', other: '2' } },
    spec: {
      schedule: '0 3 * * *',
      timeZone: 'Europe/Berlin',
      suspend: true,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 0,
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 2,
      jobTemplate: { spec: { ttlSecondsAfterFinished: 0 } },
    },
    status: { lastScheduleTime: '1970-01-01T03:00:00+01:00', active: [{ uid: 'j' }, { name: 'no uid' }] },
  })
  t.match(read, {
    timeZone: 'Europe/Berlin',
    suspended: true,
    policy: 'Forbid',
    startingDeadlineSeconds: 0,
    keeps: { succeeded: 0, failed: 2 },
    ttlSeconds: 0,
    lastScheduledAt: 7200,
    generation: 3,
  })
  t.strictSame(read.activeJobs, ['j'])
  t.strictSame(read.annotations, { 'leadline.io/x': '1' })
})

test('the tick of a Job is that of the annotation, else that of its name, and none of a Job made by hand', async (t) => {
  const stamp = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '1970-01-01T02:00:19+01:00' }
  t.strictSame(tick('backup-29000000', stamp), [3619, false])
  t.strictSame(tick('backup-29000000', {}), [1_740_000_000, true])
  t.strictSame(tick('backup-x', {}), [undefined, false])
  t.strictSame(tick('other-29000000', {}), [undefined, false])
  t.strictSame(tick('backup-29000000', { 'cronjob.kubernetes.io/instantiate': 'manual' }), [undefined, false])
  t.strictSame(tick('backup-29000000', stamp, owner('ReplicaSet')), [undefined, false])
  t.strictSame(tick('backup-29000000', stamp, []), [undefined, false])
})

test('the end of a Job is its terminal condition, not the ones on the way there', async (t) => {
  t.strictSame(end('Complete').end, { result: 'complete', at: 9, reason: 'R' })
  t.strictSame(end('Failed').end, { result: 'failed', at: 10, reason: 'R' })
  t.equal(end('Failed', 'False').end, undefined)
  t.match(end('FailureTarget'), { end: undefined, isEnding: true })
  t.equal(end('Suspended', 'False').resumedAt, 10)
})

test('a pod starts with the first of its main containers, at the first of their starts that is told', async (t) => {
  t.equal(started({ state: { running: at(7) } }, { state: { terminated: at(5) } }), 5)
  t.equal(started({ state: { running: at(7) }, lastState: { terminated: at(3) } }), 3)
  t.equal(started({ state: { terminated: { startedAt: null } } }), undefined)
  t.equal(started({ state: { waiting: { reason: 'ContainerCreating' } } }), undefined)
  const init = readPod({
    metadata,
    status: { phase: 'Pending', initContainerStatuses: [{ state: { running: at(1) } }] },
  })
  t.equal(init.startedAt, undefined, 'an init container is not the run')
})

test('a pod whose kubelet tells of no containers has started when it is past Pending', async (t) => {
  t.strictSame(['Pending', 'Running', 'Succeeded', 'Failed'].map(toldOnlyPhase), [undefined, 8, 8, undefined])
})

test('only a disruption that is True counts, and a deletion from when it was asked for', async (t) => {
  t.equal(doomed('True').disruption, 'EvictionByEvictionAPI')
  t.equal(doomed('False').disruption, undefined)
  t.equal(doomed('True').deletionRequestedAt, 30)
})

test('a pod says what it waits for: the first reason that is not merely the making of it', async (t) => {
  t.equal(waits('ContainerCreating', 'ErrImagePull'), 'ErrImagePull')
  t.equal(waits('PodInitializing'), 'PodInitializing')
  t.equal(waits(), undefined)
})
