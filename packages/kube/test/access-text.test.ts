// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { accessText } from '../src/client/access-text.ts'

test('a request is told as RBAC grants it', (t) => {
  const cases = [
    ['GET', '/apis/batch/v1/jobs', 'list on jobs in batch'],
    ['GET', '/api/v1/pods', 'list on pods'],
    ['GET', '/api/v1/namespaces/a/pods/p', 'get on pods (namespace a)'],
    ['GET', '/api/v1/namespaces/a', 'get on namespaces'],
    ['GET', '/api/v1/namespaces', 'list on namespaces'],
    ['GET', '/api/v1/nodes/n', 'get on nodes'],
    [
      'PUT',
      '/apis/coordination.k8s.io/v1/namespaces/a/leases/l',
      'update on leases in coordination.k8s.io (namespace a)',
    ],
    ['POST', '/api/v1/namespaces/a/configmaps', 'create on configmaps (namespace a)'],
    ['GET', '/version', 'list on /version'],
  ] as const
  for (const [method, path, text] of cases) t.equal(accessText({ method, path, isWatch: false }), text)
  t.equal(accessText({ method: 'GET', path: '/api/v1/pods', isWatch: true }), 'watch on pods')
  t.end()
})
