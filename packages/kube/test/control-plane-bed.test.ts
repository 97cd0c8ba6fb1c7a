// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import type { ApiObject } from '../src/object.ts'
import { startControlPlane } from './control-plane/control-plane.ts'
import { openIn } from './servers/secured.ts'

const jobs = '/apis/batch/v1/namespaces/default/jobs'
const cronjobs = '/apis/batch/v1/namespaces/default/cronjobs'
const pods = '/api/v1/namespaces/default/pods'

const jobSpec = (annotations: object = {}): object => ({
  backoffLimit: 0,
  template: {
    metadata: { annotations },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none' }] },
  },
})

interface Pod extends ApiObject {
  readonly status: {
    readonly phase: string
    readonly containerStatuses?: readonly { readonly state: Readonly<Record<string, object>> }[]
  }
}

test('a whole control plane does its work and breaks at will', async (t) => {
  const plane = await startControlPlane(t, { controllerManager: [], scheduler: [], nodes: 2, audit: true, proxy: true })
  if (!plane) return
  const { admin } = plane

  const podOf = (job: string, phase: string): Promise<Pod> =>
    until(`a pod of ${job} to be ${phase}`, async () => {
      const found = await admin.list<Pod>(`${pods}?labelSelector=job-name%3D${job}`)
      return found.find(({ status }) => status.phase === phase)
    })
  await t.test('pods end as their annotations say', async (sub) => {
    const fates = {
      good: {},
      bad: { 'leadline.test/fate': 'fails' },
      pull: { 'leadline.test/fate': 'image-pull-error' },
    }
    for (const [name, fate] of Object.entries(fates)) {
      await admin.create(jobs, { metadata: { name }, spec: jobSpec({ ...fate, 'leadline.test/runs-for': '200ms' }) })
    }
    const never = { 'leadline.test/fate': 'never-starts' }
    await admin.create(jobs, { metadata: { name: 'never' }, spec: jobSpec(never) })
    sub.match(stateOf(await podOf('good', 'Succeeded')), { terminated: { exitCode: 0, startedAt: /Z$/ } })
    sub.match(stateOf(await podOf('bad', 'Failed')), { terminated: { exitCode: 1, reason: 'Error' } })
    const pull = await until('the pull', async () => {
      const pod = await podOf('pull', 'Pending')
      return stateOf(pod) === undefined ? undefined : pod
    })
    sub.match(stateOf(pull), { waiting: { reason: 'ImagePullBackOff' } })
    sub.match(await podOf('never', 'Pending'), {
      spec: { nodeName: /^node-\d$/ },
      status: { containerStatuses: undefined },
    })
    await admin.delete(`${jobs}/never`)
    await until('its pod to go', async () => {
      const left = await admin.list(`${pods}?labelSelector=job-name%3Dnever`)
      return left.length === 0 || undefined
    })
  })

  await t.test(
    'the controller manager creates nothing while it is frozen, and all is in the audit log',
    async (sub) => {
      const { controllerManager } = plane
      controllerManager.pause()
      await admin.create(cronjobs, {
        metadata: { name: 'often' },
        spec: { schedule: '* * * * *', suspend: true, jobTemplate: { spec: jobSpec() } },
      })
      await admin.create(jobs, { metadata: { name: 'later' }, spec: jobSpec() })
      controllerManager.resume()
      await podOf('later', 'Running')
      const events = readFileSync(plane.auditLog ?? '', 'utf8')
        .trim()
        .split('\n')
      sub.match(events.map((line) => JSON.parse(line) as object).at(-1), {
        verb: 'create',
        objectRef: { resource: 'jobs', name: 'later' },
        responseStatus: { code: 201 },
        stageTimestamp: /^\d{4}-/,
      })
    },
  )

  await t.test('users may do what they are granted, by way of the proxy', async (sub) => {
    const user = await plane.addUser('reader', [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['list'] }])
    const cluster = openIn(sub, user.kubeconfig)
    sub.match(await cluster.get(jobs), { kind: 'JobList' })
    await sub.rejects(cluster.get(pods), { failure: 'forbidden', message: /needs list on pods/ })
    plane.proxy.cut()
    await sub.rejects(cluster.get(jobs, { timeoutSeconds: 0.3 }), { failure: 'unreachable', message: /./ })
    plane.proxy.silence()
    const begin = performance.now()
    await sub.rejects(cluster.get(jobs, { timeoutSeconds: 0.3 }), { failure: 'deadline', message: /within 0.3 s/ })
    sub.ok(performance.now() - begin < 1500, 'the deadline holds for connections that come about in vain')
    plane.proxy.restore()
    sub.match(await cluster.get(jobs), { kind: 'JobList' })
  })

  await t.test('each part starts again', async () => {
    for (const part of [plane.scheduler, plane.controllerManager, plane.kwok]) {
      await part.kill()
      await part.start()
    }
    await admin.create(jobs, { metadata: { name: 'again' }, spec: jobSpec({ 'leadline.test/runs-for': '200ms' }) })
    await podOf('again', 'Succeeded')
  })
})

function stateOf({ status }: Pod): unknown {
  return status.containerStatuses?.[0]?.state
}
