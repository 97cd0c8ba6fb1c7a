// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { untilSo, until as untilTold } from '../../../test/servers/until.ts'
import { makeLeaf } from '../../kit/test/certificates.ts'
import { startControlPlane } from './control-plane/control-plane.ts'
import { openAt, watchIn } from './servers/open.ts'
import { cronJobReader, makeCronJobs } from './servers/real.ts'
import { openIn } from './servers/secured.ts'

test('access to a real API server', async (t) => {
  const plane = await startControlPlane(t)
  if (!plane) return
  const { admin, authority, userUrl } = plane

  await t.test('a right that is taken away and given back costs one kind alone, and no change', async (sub) => {
    const others = { apiGroups: ['batch'], resources: ['jobs'], verbs: ['watch', 'list'] }
    const user = await plane.addUser('restricted', [...cronJobReader, others])
    const cronjobs = await makeCronJobs(admin, 'restricted')
    await cronjobs.add('a', 'b')
    const cluster = openIn(sub, user.kubeconfig)
    // The server looks at rights when a watch begins.
    const times = { watchSeconds: 1, disconnectedSeconds: 0.5 }
    const { watch, consumer } = watchIn(sub, cluster, { path: cronjobs.path, times })
    const jobs = watchIn(sub, cluster, { path: '/apis/batch/v1/jobs', times })
    await Promise.all([watch.synced, jobs.watch.synced])
    await user.grant([others])
    await untilSo('staleness', () => watch.state().isStale && watch.state().failures.forbidden > 0)
    sub.match(watch.state(), {
      objects: 2,
      problem:
        /needs watch on cronjobs in batch \(namespace restricted\) for system:serviceaccount:default:restricted$/,
    })
    sub.match(jobs.watch.state(), { failures: { forbidden: 0 } })
    await cronjobs.remove('a')
    await cronjobs.add('c')
    await user.grant([...cronJobReader, others])
    await untilSo('the changes', () => consumer.told.at(-1) === 'new c')
    sub.strictSame(consumer.told, ['replace a b', 'delete a', 'new c'])
    sub.match(watch.state(), { isStale: false, relists: 0, problem: undefined })
  })

  await t.test('a token that is refused is read again from its file', async (sub) => {
    const user = await plane.addUser('renewed', cronJobReader)
    const cluster = openIn(sub, user.kubeconfig)
    const path = '/apis/batch/v1/cronjobs'
    await cluster.get(path)
    const old = openAt(sub, userUrl, {
      cluster: { 'certificate-authority-data': base64(authority.cert) },
      user: { token: await user.renewToken() },
    })
    await old.get(path)
    await user.revokeTokens()
    await user.renewToken()
    await untilTold('the old tokens to be refused', () =>
      old.get(path).then(
        () => undefined,
        (error: { failure?: string }) => error.failure === 'unauthorized' || undefined,
      ),
    )
    sub.match(await cluster.get(path), { kind: 'CronJobList' })
  })

  await t.test('a pod finds its cluster by its service account', async (sub) => {
    const user = await plane.addUser('pod', cronJobReader)
    const { hostname, port } = new URL(userUrl)
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port }
    const cluster = openIn(sub, undefined, { env, serviceAccountFolder: user.folder })
    sub.match([cluster.namespace, cluster.server], ['default', userUrl])
    sub.match(await cluster.get('/apis/batch/v1/cronjobs'), { kind: 'CronJobList' })
    await sub.rejects(cluster.get('/api/v1/secrets'), {
      failure: 'forbidden',
      message: /forbidden: needs list on secrets for system:serviceaccount:default:pod$/,
    })
  })

  await t.test('a client certificate tells who we are', async (sub) => {
    const { cert, key } = await makeLeaf('jane', authority)
    const user = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
    const cluster = openAt(sub, userUrl, { cluster: { 'certificate-authority-data': base64(authority.cert) }, user })
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    sub.match(await cluster.write('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', review), {
      status: { userInfo: { username: 'jane' } },
    })
  })

  await t.test("the cluster's clock is ours", async (sub) => {
    const cluster = openIn(sub, plane.kubeconfig)
    for (let i = 0; i < 10; i++) await cluster.get('/version')
    const seconds = cluster.skewSeconds() as number
    sub.ok(Math.abs(seconds) <= 0.55, `${seconds}`)
  })
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
