// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { test } from 'tap'
import { findContext, type Surroundings } from '../src/client/find-context.ts'
import { kubeconfigText } from './servers/open.ts'

const nothing: Surroundings = { env: {}, serviceAccountFolder: '/nonexistent' }

test('a named file goes before $KUBECONFIG, that before the home folder, that before the pod', (t) => {
  const folder = t.testdir({
    named: kubeconfigText('https://named'),
    env: kubeconfigText('https://env'),
    home: { '.kube': { config: kubeconfigText('https://home') } },
    pod: { token: 't' },
  })
  const pod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
  const serviceAccountFolder = join(folder, 'pod')
  const serverOf = (env: Record<string, string>, kubeconfig?: string): string | undefined =>
    findContext({ kubeconfig }, { env: { ...pod, ...env }, serviceAccountFolder })?.cluster.server
  const [KUBECONFIG, HOME] = [join(folder, 'env'), join(folder, 'home')]
  t.equal(serverOf({ KUBECONFIG, HOME }, join(folder, 'named')), 'https://named')
  t.equal(serverOf({ KUBECONFIG, HOME }), 'https://env')
  t.equal(serverOf({ HOME }), 'https://home')
  t.equal(serverOf({ HOME: folder }), 'https://[fd00::1]:443')
  t.equal(findContext({}, nothing), undefined)
  t.end()
})

test('several files are one, in which the first to name something wins, and paths are from the file', (t) => {
  const folder = t.testdir({
    a: { config: kubeconfigText('https://a', { 'certificate-authority': 'ca.pem' }) },
    b: { config: kubeconfigText('https://b').replaceAll('"c"', '"d"') },
  })
  const KUBECONFIG = [join(folder, 'a/config'), join(folder, 'missing'), join(folder, 'b/config')].join(':')
  const surroundings = { ...nothing, env: { KUBECONFIG } }
  t.match(findContext({}, surroundings)?.cluster, { server: 'https://a', caFile: join(folder, 'a/ca.pem') })
  t.match(findContext({ context: 'd' }, surroundings)?.cluster, { server: 'https://a' })
  const unknown = `kubeconfig ${KUBECONFIG.split(':')
    .filter((each) => !each.includes('missing'))
    .join(', ')}`
  t.throws(() => findContext({ context: 'x' }, surroundings), { message: `${unknown}: no context x; there is c, d` })
  t.end()
})

test('a file that can not be used is named with what is wrong, and never quoted', (t) => {
  const folder = t.testdir({
    yaml: 'users:\n- name: u\n  user: {token: s3cr3t\n  - "s3cr3t',
    text: 's3cr3t',
    empty: '{}',
    context: kubeconfigText('https://a').replace('"cluster":"k"', '"cluster":"other"'),
    scheme: kubeconfigText('127.0.0.1:6443'),
    server: JSON.stringify({ 'current-context': 'c', clusters: [{ name: 'k', cluster: {} }] }),
  })
  const cases = [
    ['yaml', /line \d+, column \d+: not YAML/],
    ['text', /not a map/],
    ['empty', /no current-context; name a context/],
    ['context', /context c: no cluster other/],
    ['server', /clusters\[0\].cluster.server is missing/],
    ['scheme', /cluster k: server is not a URL of http or https/],
    ['gone', /ENOENT/],
  ] as const
  for (const [name, says] of cases) {
    const file = join(folder, name)
    try {
      findContext({ kubeconfig: file }, nothing)
      t.fail(`${name} is taken`)
    } catch (error) {
      const { message } = error as Error
      t.match(message, says)
      t.ok(message.startsWith(`kubeconfig ${file}: `))
      t.notOk(message.includes('s3cr3t'))
    }
  }
  t.end()
})
