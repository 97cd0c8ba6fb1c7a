// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { RecordingLogger, systemClock } from '@leadline/kit'
import { test } from 'tap'
import { makeCertificate } from '../../../test/servers/certificate.ts'
import { makeAuthority, makeLeaf } from '../../kit/test/certificates.ts'
import { startFakeApi } from './servers/fake-api.ts'
import { cronjobs, kubeconfigText, openAt } from './servers/open.ts'
import { authorizations, openIn, startSecured } from './servers/secured.ts'

test('tokens, names and passwords of the kubeconfig are sent, and whom to act as', async (t) => {
  const { api, trust, known } = await startSecured(t)
  known.add('Bearer abc').add(`Basic ${Buffer.from('u:p').toString('base64')}`)
  const token = { token: 'abc', as: 'jane', 'as-groups': ['g', 'h'] }
  await openAt(t, api.url, { cluster: trust, user: token }).get(cronjobs)
  await openAt(t, api.url, { cluster: trust, user: { username: 'u', password: 'p' } }).get(cronjobs)
  t.match(api.requests, [{ headers: { 'impersonate-user': 'jane', 'impersonate-group': 'g, h' } }, {}])
})

test('a token file is read again when the token is refused', async (t) => {
  const { api, trust, known } = await startSecured(t)
  const file = join(t.testdir({ token: 'one\n' }), 'token')
  const folder = join(file, '..')
  writeFileSync(join(folder, 'config'), kubeconfigText(api.url, trust, { tokenFile: 'token' }))
  const cluster = openIn(t, join(folder, 'config'))
  known.add('Bearer one')
  await cluster.get(cronjobs)
  known.clear()
  known.add('Bearer two')
  writeFileSync(file, 'two\n')
  await cluster.get(cronjobs)
  known.clear()
  await t.rejects(cluster.get(cronjobs), { failure: 'unauthorized', message: /does not know who we are/ })
  const sent = ['one', 'one', 'two', 'two', 'two'].map((each) => `Bearer ${each}`)
  t.strictSame(authorizations(api), sent, 'renewed once for each refusal')
  writeFileSync(file, 'three')
  known.add('Bearer three')
  const body = await cluster.stream(cronjobs, { query: { watch: 1 }, silentSeconds: 1 })
  t.equal(authorizations(api).at(-1), 'Bearer three', 'watches renew it too')
  body.destroy()
})

test('in a pod its service account is used', async (t) => {
  const { certificate, key } = await makeCertificate()
  const api = await startFakeApi(t, { tls: { cert: certificate, key }, isKnown: (sent) => sent === 'Bearer pod' })
  const serviceAccountFolder = t.testdir({ token: 'pod', 'ca.crt': certificate, namespace: 'monitoring\n' })
  const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${api.port}` }
  const cluster = openIn(t, undefined, { env, serviceAccountFolder })
  t.equal(cluster.namespace, 'monitoring')
  t.match(await cluster.get(cronjobs), { kind: 'List' })
})

test('a login by OpenID Connect gives its token, and a way that kubectl has dropped is refused', async (t) => {
  const { api, trust, known } = await startSecured(t)
  const token = [part({ alg: 'none' }), part({ exp: systemClock.unix() + 3600 }), 'x'].join('.')
  const user = (name: string): object => ({ 'auth-provider': { name, config: { 'id-token': token } } })
  known.add(`Bearer ${token}`)
  t.match(await openAt(t, api.url, { cluster: trust, user: user('oidc') }).get(cronjobs), { kind: 'List' })
  t.throws(() => openAt(t, api.url, { cluster: trust, user: user('gcp') }), {
    message: 'auth-provider gcp: kubectl knows it no more since 1.26; use an exec plugin',
  })
})

test('a client certificate is shown, and read again once the server refuses the old one', async (t) => {
  const authority = await makeAuthority('ca')
  const [server, old, renewed] = await Promise.all([
    makeLeaf('server', authority, [{ type: 'ip', value: '127.0.0.1' }]),
    makeLeaf('old', authority),
    makeLeaf('renewed', authority),
  ])
  let refused = ''
  const seen: string[] = []
  const api = createServer(
    { cert: server.cert, key: server.key, ca: authority.cert, requestCert: true },
    (q, response) => {
      const name = String((q.socket as TLSSocket).getPeerCertificate().subject.CN)
      seen.push(name)
      response.writeHead(name === refused ? 401 : 200).end('{}')
    },
  )
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    api.closeAllConnections()
    api.close()
  })
  const folder = t.testdir({ 'ca.pem': authority.cert, 'c.pem': old.cert, 'k.pem': old.key })
  const user = { 'client-certificate': 'c.pem', 'client-key': 'k.pem' }
  const url = `https://127.0.0.1:${(api.address() as AddressInfo).port}`
  writeFileSync(join(folder, 'config'), kubeconfigText(url, { 'certificate-authority': 'ca.pem' }, user))
  const cluster = openIn(t, join(folder, 'config'))
  // Open connections, which show the old certificate for as long as they last.
  for (let i = 0; i < 3; i++) await cluster.get('/version')
  refused = 'old'
  writeFileSync(join(folder, 'c.pem'), renewed.cert)
  writeFileSync(join(folder, 'k.pem'), renewed.key)
  await cluster.get('/version')
  t.strictSame(seen.slice(3), ['old', 'renewed'])
})

test('what is wrong with TLS is told in plain words', async (t) => {
  const { api } = await startSecured(t)
  const plain = await startFakeApi(t)
  const stranger = await makeCertificate(['10.0.0.1'])
  const other = await startFakeApi(t, { tls: { cert: stranger.certificate, key: stranger.key } })
  const ca = { 'certificate-authority-data': Buffer.from(stranger.certificate).toString('base64') }
  const cases = [
    [openAt(t, api.url), /authority that is not trusted; check certificate-authority/],
    [openAt(t, other.url, { cluster: ca }), /not for the host in its URL; set tls-server-name/],
    [openAt(t, plain.url.replace('http:', 'https:')), /does not speak TLS; write http:/],
    [
      openAt(t, api.url, { cluster: { 'certificate-authority': 'gone.pem' } }),
      /certificate-authority .*gone.pem: ENOENT/,
    ],
  ] as const
  for (const [cluster, message] of cases) {
    await t.rejects(cluster.get(cronjobs, { timeoutSeconds: 1 }), { failure: 'tls', message })
  }
  const named = { ...ca, 'tls-server-name': 'localhost' }
  t.match(await openAt(t, other.url, { cluster: named }).get(cronjobs), { kind: 'List' })
})

test('without TLS nobody is told who we are', async (t) => {
  const api = await startFakeApi(t)
  const log = new RecordingLogger('debug', systemClock.unix)
  await openAt(t, api.url, { user: { token: 'abc' }, options: { log } }).get(cronjobs)
  t.strictSame(authorizations(api), [undefined])
  t.match(log.records, [{ level: 'warn', message: /without TLS/ }])
})

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
