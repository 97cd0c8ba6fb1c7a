// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { makeCertificate } from '../../../test/servers/certificate.ts'
import { httpProxy } from '../../blackbox/test/servers/http-proxy.ts'
import { socksProxy } from '../../blackbox/test/servers/socks.ts'
import { startFakeApi } from './servers/fake-api.ts'
import { cronjobs, openAt } from './servers/open.ts'

for (const kind of ['http', 'socks5'] as const) {
  test(`an API server with TLS is reached through the ${kind} proxy that the kubeconfig names`, async (t) => {
    const { certificate, key } = await makeCertificate()
    const api = await startFakeApi(t, { tls: { cert: certificate, key }, isKnown: (sent) => sent === 'Bearer abc' })
    const proxy = kind === 'http' ? await httpProxy(t) : await socksProxy(t)
    const trust = { 'certificate-authority-data': Buffer.from(certificate).toString('base64') }
    const named = { ...trust, 'proxy-url': `${kind}://127.0.0.1:${proxy.port}` }
    const cluster = openAt(t, api.url, { cluster: named, user: { token: 'abc' } })
    t.match(await cluster.get(cronjobs), { kind: 'List' })
    if ('asked' in proxy) t.match(proxy.asked, [`127.0.0.1:${api.port}`])
    else t.match(proxy.requests[0]?.lines[0], `CONNECT 127.0.0.1:${api.port}`)
  })
}
