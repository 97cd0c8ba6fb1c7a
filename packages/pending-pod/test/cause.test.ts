// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { causes, causeTexts } from '../src/cause/cause.ts'
import { type CauseContext, causeOf } from '../src/cause/cause-of.ts'
import { atWork, condition, ended, type PodParts, pod, refused, runs, waits } from './objects.ts'

const cause = (parts: PodParts, context: CauseContext = {}, now = 1030) => causeOf(pod(parts), context, now)
const noCpu = refused('0/1 nodes are available: 1 Insufficient cpu.')
const failed = (message: string) => cause({ conditions: [refused(message, 'SchedulerError')] })
const creating = (isSandboxReady: boolean | undefined, parts: PodParts = {}) => {
  const sandbox = isSandboxReady === undefined ? [] : [condition('PodReadyToStartContainers', isSandboxReady)]
  return atWork([waits('ContainerCreating')], { ...parts, conditions: [condition('Initialized', true), ...sandbox] })
}
const hint = (reason: string): CauseContext => ({ hintOf: () => ({ reason, at: 1020 }) })
const init = (...statuses: object[]) =>
  atWork([waits('PodInitializing')], {
    spec: { initContainers: [{ name: 'first' }, { name: 'proxy', restartPolicy: 'Always' }] },
    status: { initContainerStatuses: statuses },
    conditions: [condition('Initialized', false)],
  })
const first = { name: 'first' }

test('every cause has a text for people, and none is twice', async (t) => {
  t.equal(new Set(causes).size, causes.length)
  t.strictSame(Object.keys(causeTexts).toSorted(), [...causes].toSorted())
  t.equal(new Set(Object.values(causeTexts)).size, causes.length)
})

test('check 19: a pod with a scheduling gate is gated, and one just let through waits for the scheduler', async (t) => {
  const blocked = refused('Scheduling is blocked due to non-empty scheduling gates', 'SchedulingGated')
  t.equal(cause({ spec: { schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] }, conditions: [blocked] }), 'gated')
  t.equal(cause({ spec: { schedulingGates: [{ name: 'g' }] } }), 'gated')
  t.equal(cause({ conditions: [blocked] }), 'not_seen_by_scheduler')
})

test('check 20: a pod that no scheduler has touched is not seen, and one whose kubelet says nothing is silent after a minute', async (t) => {
  t.equal(cause({}, {}, 5000), 'not_seen_by_scheduler')
  t.equal(cause({ spec: { schedulerName: 'gone' } }), 'not_seen_by_scheduler')
  const bound = { spec: { nodeName: 'n1' }, conditions: [condition('PodScheduled', true, 2000)] }
  t.equal(cause(bound, {}, 2060), 'starting')
  t.equal(cause(bound, {}, 2061), 'bound_kubelet_silent')
  t.equal(
    cause({ spec: { nodeName: 'n1' } }, {}, 1061),
    'bound_kubelet_silent',
    'bound by other hands: from its creation',
  )
  t.equal(cause({ ...bound, status: { startTime: '1970-01-01T00:33:21Z' } }, {}, 9000), 'starting')
})

test('what the scheduler says is the cause until a node is chosen', async (t) => {
  t.equal(cause({ conditions: [noCpu] }), 'insufficient_cpu')
  t.equal(cause({ conditions: [refused('x', 'SchedulerError')] }), 'scheduler_error')
  t.equal(cause({ conditions: [noCpu], status: { nominatedNodeName: 'n1' } }), 'nominated_waiting')
  t.equal(cause({ status: { nominatedNodeName: 'n1' } }), 'nominated_waiting')
  const preempting = refused('waiting for the preemption for this pod to be finished')
  t.equal(cause({ conditions: [preempting], status: { nominatedNodeName: 'n1' } }), 'preempting')
  t.equal(cause({ conditions: [refused('queue resource quota insufficient')] }), 'unschedulable_other')
})

test('a scheduler that waited in vain for a volume has not failed itself', async (t) => {
  const binding = 'running PreBind plugin "VolumeBinding": binding volumes'
  t.equal(failed(`${binding}: context deadline exceeded`), 'pvc_unbound')
  t.equal(failed(`${binding}: timed out waiting for the condition`), 'pvc_unbound')
  t.equal(failed('binding rejected: running Bind plugin "DefaultBinder": forbidden'), 'scheduler_error')
  t.equal(failed(''), 'scheduler_error')
})

test('a pod that is being deleted is terminating, wherever it is', async (t) => {
  t.equal(cause({ deletedAt: 1020, conditions: [noCpu] }), 'terminating_while_pending')
  t.equal(cause(atWork([waits('ImagePullBackOff')], { deletedAt: 1020 })), 'terminating_while_pending')
})

test('check 22: each waiting reason of the kubelet has its cause', async (t) => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    image_pull_error: [
      'ErrImagePull',
      'ImagePullBackOff',
      'ImageInspectError',
      'ErrImageNeverPull',
      'InvalidImageName',
    ],
    config_error: ['CreateContainerConfigError'],
    create_error: [
      'CreateContainerError',
      'PreCreateHookError',
      'PreStartHookError',
      'PostStartHookError',
      'RunContainerError',
    ],
    sandbox_network: ['CreatePodSandboxError', 'ConfigPodSandboxError', 'KillPodSandboxError'],
    other: ['Frobnicating', 'constructor', '__proto__'],
  }
  for (const [wanted, reasons] of Object.entries(expected)) {
    for (const reason of reasons) t.equal(cause(atWork([waits(reason)])), wanted, reason)
  }
  for (const reason of ['RegistryUnavailable', 'SignatureValidationFailed']) {
    t.equal(cause(init(waits(reason, first))), 'image_pull_error', reason)
  }
})

test('a container that is being created waits for what the sandbox and the last event tell', async (t) => {
  const withSecret = { spec: { volumes: [{ name: 'v', secret: { secretName: 's' } }] } }
  t.equal(cause(creating(false)), 'sandbox_network')
  t.equal(cause(creating(false, withSecret)), 'volume_mount')
  t.equal(cause(creating(true)), 'image_pulling')
  t.equal(cause(creating(undefined)), 'starting')
  t.equal(cause(creating(false), { isSandboxFirst: false }), 'starting', 'before 1.36 it is False during pulls too')
  t.equal(cause(creating(true), { isSandboxFirst: false }), 'starting')
  for (const reason of ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']) {
    t.equal(cause(creating(false), hint(reason)), 'volume_mount', reason)
    t.equal(cause(creating(true), hint(reason)), 'image_pulling', `${reason}, over since`)
  }
  t.equal(cause(creating(false, withSecret), hint('FailedCreatePodSandBox')), 'sandbox_network')
  t.equal(cause(creating(undefined), hint('NetworkNotReady')), 'sandbox_network')
  t.equal(cause(creating(false), hint('FailedPrepareDynamicResources')), 'device_claim')
  t.equal(cause(creating(false), { ...hint('Pulling'), isSandboxFirst: false }), 'image_pulling')
  t.equal(cause(creating(true), hint('Pulled')), 'starting')
  t.equal(cause(creating(true), hint('Scheduled')), 'image_pulling')
})

test('check 22: an init container is running, or fails again and again, also while it runs between', async (t) => {
  t.equal(cause(init(runs(1006, first))), 'init_running')
  t.equal(cause(init(waits('CrashLoopBackOff', { ...first, restartCount: 3 }))), 'init_crashloop')
  t.equal(cause(init(runs(1006, { ...first, restartCount: 3 }))), 'init_crashloop')
  t.equal(cause(init(ended(1, 1006, first))), 'init_crashloop')
  t.equal(cause(init(waits('ErrImagePull', first))), 'image_pull_error')
  const proxy = { name: 'proxy' }
  t.equal(cause(init(ended(0, 1006, first), runs(1007, { ...proxy, started: false }))), 'init_running')
  t.equal(
    cause(init(ended(0, 1006, first), waits('CrashLoopBackOff', { ...proxy, started: false, restartCount: 1 }))),
    'init_crashloop',
  )
  t.equal(cause(init(ended(0, 1006, first), runs(1007, { ...proxy, started: true }))), 'starting')
})

test('check 22: where some containers run the pod has started in part, unless one tells why it waits', async (t) => {
  const [one, two] = [runs(1010, { name: 'a' }), runs(1011, { name: 'b' })]
  t.equal(cause(atWork([one, two, waits('ContainerCreating', { name: 'c' })])), 'sidecar_or_partial_start')
  t.equal(cause(atWork([one, two, waits('ImagePullBackOff', { name: 'c' })])), 'image_pull_error')
  const crashed = waits('CrashLoopBackOff', { name: 'a', restartCount: 2 })
  t.equal(cause(atWork([crashed, two, waits('ContainerCreating', { name: 'c' })])), 'sidecar_or_partial_start')
  t.equal(cause(atWork([crashed, waits('ContainerCreating', { name: 'c' })])), 'sidecar_or_partial_start')
})
