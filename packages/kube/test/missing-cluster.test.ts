// SPDX-License-Identifier: Apache-2.0
import { type Test, test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { missingCluster } from '../src/exporting/missing-cluster.ts'

/** Has the process see these variables only, of those that lead to a cluster. */
function surround(t: Test, env: Readonly<Record<string, string>>): void {
  for (const name of ['HOME', 'KUBECONFIG', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT']) {
    const before = process.env[name]
    delete process.env[name]
    if (env[name] !== undefined) process.env[name] = env[name]
    t.teardown(() => {
      delete process.env[name]
      if (before !== undefined) process.env[name] = before
    })
  }
}

test('without a kubeconfig it says what it needs, and how to give it', async (t) => {
  surround(t, { HOME: '/nowhere' })
  t.equal(
    await missingCluster('cronjob-lag'),
    "needs a Kubernetes cluster: a kubeconfig, or a pod's service account: leadline cronjob-lag --kubeconfig=file",
  )
})

test('a kubeconfig that can not be used is named', async (t) => {
  const folder = await makeFolder('missing-cluster')
  t.teardown(() => folder.remove())
  const path = await folder.write('config', 'clusters: 7\n')
  surround(t, { HOME: '/nowhere', KUBECONFIG: path })
  t.match(
    await missingCluster('cronjob-lag'),
    new RegExp(`^needs a kubeconfig that can be used: .*${path}.*--kubeconfig=file$`),
  )
})

test('nothing is missing where a kubeconfig names a cluster', async (t) => {
  const folder = await makeFolder('missing-cluster')
  t.teardown(() => folder.remove())
  const path = await folder.write(
    'config',
    [
      'current-context: here',
      'contexts: [{name: here, context: {cluster: one, user: me}}]',
      'clusters: [{name: one, cluster: {server: "http://127.0.0.1:1"}}]',
      'users: [{name: me, user: {token: a}}]',
    ].join('\n'),
  )
  surround(t, { HOME: '/nowhere', KUBECONFIG: path })
  t.equal(await missingCluster('cronjob-lag'), undefined)
})
