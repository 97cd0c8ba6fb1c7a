// SPDX-License-Identifier: Apache-2.0
// The API server here is a small https server that knows one path, one token and one selector. What a real one adds,
// checks of roles and watch caches, makes no difference to who reads a list.
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Test, test } from 'tap'
import { makeCertificate } from '../../../test/servers/certificate.ts'
import { makeFolder } from '../../../test/servers/folder.ts'
import { type InCluster, podEndpoints } from '../src/membership/pods.ts'
import { SeedError } from '../src/membership/seeds.ts'

const kubeadm = { namespace: 'kube-system', label_selector: 'component=etcd' }
const annotation = 'kubeadm.kubernetes.io/etcd.advertise-client-urls'

interface ApiServer {
  readonly place: InCluster
  token: string
  /** What it answers; undefined for never. */
  body: unknown
  writeToken(token: string): Promise<unknown>
}

async function startApiServer(t: Test, body: unknown): Promise<ApiServer> {
  const { certificate, key } = await makeCertificate()
  const folder = await makeFolder('account')
  await folder.write('ca.crt', certificate)
  await folder.write('token', 'first\n')
  const server = createServer({ cert: certificate, key }, (request, reply) => {
    const url = new URL(request.url ?? '', 'https://api')
    if (request.headers.authorization !== `Bearer ${api.token}`) reply.writeHead(401).end()
    else if (url.pathname !== '/api/v1/namespaces/kube-system/pods') reply.writeHead(403).end()
    else if (url.searchParams.get('labelSelector') !== 'component=etcd') reply.writeHead(400).end()
    else if (url.searchParams.get('resourceVersion') !== '0') reply.writeHead(400).end()
    else if (api.body !== undefined) reply.end(JSON.stringify(api.body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await folder.remove()
  })
  const port = String((server.address() as AddressInfo).port)
  const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port }
  const api: ApiServer = {
    place: { env, folder: folder.path },
    token: 'first',
    body,
    writeToken: (token) => folder.write('token', token),
  }
  return api
}

function pod(name: string, podIP: string | undefined, metadata: object = {}): object {
  return { metadata: { name, ...metadata }, status: { podIP } }
}

test('etcd pods give the URL that kubeadm noted, or else their address', async (t) => {
  const { place } = await startApiServer(t, {
    items: [
      pod('etcd-c', '10.0.0.3', { annotations: { [annotation]: 'not a url' } }),
      pod('etcd-a', '10.0.0.1', { annotations: { [annotation]: 'https://10.1.0.1:2379,https://10.2.0.1:2379' } }),
      pod('etcd-b', 'fd00::2'),
      pod('etcd-d', '10.0.0.4', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      pod('etcd-e', undefined),
    ],
  })
  const urls = async (hasTls: boolean) => (await podEndpoints(kubeadm, hasTls, place)(20)).map(({ url }) => url)
  t.strictSame(await urls(true), ['https://10.1.0.1:2379', 'https://[fd00::2]:2379', 'https://10.0.0.3:2379'])
  t.strictSame(await urls(false), ['https://10.1.0.1:2379', 'http://[fd00::2]:2379', 'http://10.0.0.3:2379'])
})

test('the token is read again each time', async (t) => {
  const api = await startApiServer(t, { items: [pod('etcd-a', '10.0.0.1')] })
  const source = podEndpoints(kubeadm, true, api.place)
  t.equal((await source(20)).length, 1)
  api.token = 'second'
  await t.rejects(source(20), {
    failure: 'kubernetes',
    message: /status 401; the service account token is not accepted$/,
  })
  await api.writeToken('second')
  t.equal((await source(20)).length, 1)
})

test('each failure is told in one line without the token', async (t) => {
  const api = await startApiServer(t, { items: [] })
  const failsWith = async (message: RegExp, place: InCluster, pods = kubeadm, timeoutSeconds = 20) => {
    const error = await podEndpoints(pods, true, place)(timeoutSeconds).catch((caught: unknown) => caught)
    t.ok(error instanceof SeedError && error.failure === 'kubernetes', String(message))
    t.match(String(error), message)
    t.notMatch(String(error), /first|\n/)
  }
  await failsWith(/no pod in kube-system with component=etcd has an address/, api.place)
  await failsWith(/403; the service account needs a Role with the verb list on pods/, api.place, {
    ...kubeadm,
    namespace: 'other',
  })
  await failsWith(/KUBERNETES_SERVICE_HOST is not set/, { ...api.place, env: {} })
  await failsWith(/GET https:.*: ENOENT.*token/, { ...api.place, folder: '/nowhere' })
  const other = await startApiServer(t, {})
  await failsWith(/certificate/, { ...api.place, env: other.place.env })
  api.body = 'text'
  await failsWith(/no pod/, api.place)
  api.body = undefined
  await failsWith(/no whole answer within 0.2 s/, api.place, kubeadm, 0.2)
})
