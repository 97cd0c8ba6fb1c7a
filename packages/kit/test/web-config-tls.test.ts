// SPDX-License-Identifier: Apache-2.0
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTls } from 'node:tls'
import { startExporter } from '@leadline/kit'
import { type Test, test } from 'tap'
import { makeAuthority, makeLeaf, type TestCertificate } from './certificates.ts'
import { ask, makeToy, serveToy } from './toy.ts'
import { webFolder } from './web-folder.ts'

interface Pki {
  readonly ca: TestCertificate
  readonly server: TestCertificate
}

async function makePki(): Promise<Pki> {
  const ca = await makeAuthority('test authority')
  return { ca, server: await makeLeaf('server', ca, [{ type: 'ip', value: '127.0.0.1' }]) }
}

const tlsYaml = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n'

/** A toy that serves with TLS; `more` is added to tls_server_config. */
async function serveTls(t: Test, { ca, server }: Pki, more = '', argv: readonly string[] = []) {
  const files = { 'server.pem': server.cert, 'server.key': server.key, 'ca.pem': ca.cert, 'web.yml': tlsYaml + more }
  const { flag, put } = await webFolder(t, files)
  const toy = await serveToy(t, makeToy(), [flag, ...argv])
  return { ...toy, put, url: `https://127.0.0.1:${toy.port}/-/healthy` }
}

test('TLS with HTTP/1.1 and HTTP/2', async (t) => {
  const pki = await makePki()
  const { url, port, lines, running } = await serveTls(t, pki)
  t.equal((await ask(url, { ca: pki.ca.cert })).body, 'Healthy')
  t.match(running.url, /^https:/)
  t.match(lines.join(''), `msg="TLS is enabled." http2=true address=127.0.0.1:${port}`)
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: pki.ca.cert })
  t.teardown(() => session.close())
  const stream = session.request({ ':path': '/-/reload', ':method': 'GET' })
  const [headers] = await Promise.all([new Promise((resolve) => stream.on('response', resolve)), stream.toArray()])
  t.match(headers, { ':status': 405, allow: 'POST' })
  await t.rejects(ask(`http://127.0.0.1:${port}/`), 'plain HTTP is not served')
})

test('http2: false', async (t) => {
  const pki = await makePki()
  const { port } = await serveTls(t, pki, 'http_server_config: {http2: false}\n')
  const socket = connectTls({ host: '127.0.0.1', port, ca: pki.ca.cert, ALPNProtocols: ['h2', 'http/1.1'] })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  t.equal(socket.alpnProtocol, 'http/1.1')
  socket.destroy()
})

test('versions, ciphers and curves', async (t) => {
  const pki = await makePki()
  const suites = 'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]\n  curve_preferences: [CurveP384]\n'
  const { port } = await serveTls(t, pki, `  ${suites}`)
  const shake = (options: object): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port, ca: pki.ca.cert, ...options }, () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`)
        socket.destroy()
      })
      socket.on('error', () => resolve('refused'))
    })
  t.match(await shake({}), 'TLSv1.3')
  t.equal(await shake({ maxVersion: 'TLSv1.2' }), 'TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256')
  t.equal(await shake({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }), 'refused')
  t.equal(await shake({ ecdhCurve: 'X25519' }), 'refused')
  t.equal(await shake({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), 'refused')
})

test('TLS 1.0 when it is asked for', async (t) => {
  const pki = await makePki()
  const { url } = await serveTls(t, pki, '  min_version: TLS10\n')
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  t.equal((await ask(url, { ca: pki.ca.cert, ...old })).status, 200)
})

test('client certificates', async (t) => {
  const pki = await makePki()
  const stranger = await makeAuthority('stranger')
  const names = [
    { type: 'dns', value: 'scraper.example' },
    { type: 'ip', value: '::1' },
  ] as const
  const clients = {
    none: undefined,
    known: await makeLeaf('known', pki.ca, [...names]),
    foreign: await makeLeaf('foreign', stranger, [...names]),
  }
  const table: readonly [yaml: string, none: boolean, known: boolean, foreign: boolean][] = [
    ['', true, true, true],
    ['  client_auth_type: RequestClientCert\n', true, true, true],
    ['  client_auth_type: RequireAnyClientCert\n', false, true, true],
    ['  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: ca.pem\n', true, true, false],
    ['  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n', false, true, false],
    ['  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [scraper.example]\n', false, true, true],
    ['  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: ["::1"]\n', false, true, true],
    ['  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [other]\n', false, false, false],
  ]
  const { url, put } = await serveTls(t, pki)
  for (const [yaml, ...expected] of table) {
    await put('web.yml', tlsYaml + yaml)
    for (const [i, [name, client]] of Object.entries(clients).entries()) {
      const served = await ask(url, { ca: pki.ca.cert, cert: client?.cert, key: client?.key }).then(
        ({ status }) => status === 200,
        () => false,
      )
      t.equal(served, expected[i], `${name} under:\n${yaml}`)
    }
  }
})

test('certificates rotate without a restart, and a broken one is mended', async (t) => {
  const pki = await makePki()
  const { url, put, lines } = await serveTls(t, pki)
  const next = await makeLeaf('next server', pki.ca, [{ type: 'ip', value: '127.0.0.1' }])
  const subject = async (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(url).port), ca: pki.ca.cert }, () => {
        resolve(socket.getPeerCertificate().subject.CN as string)
        socket.destroy()
      })
      socket.on('error', reject)
    })
  t.equal(await subject(), 'server')
  await put('server.pem', next.cert)
  await t.rejects(subject(), 'the certificate is there, but not yet its key')
  await t.rejects(subject())
  t.equal(lines.filter((line) => line.includes('Unable to use the certificates')).length, 1, 'logged once')
  await put('server.key', next.key)
  t.equal(await subject(), 'next server')
  await put('web.yml', '{}\n')
  await t.rejects(subject(), 'TLS is never dropped while the server runs')
  await put('web.yml', tlsYaml)
  t.equal(await subject(), 'next server')
})

test('what cannot be served is refused at the start', async (t) => {
  const pki = await makePki()
  const other = await makePki()
  const start = async (files: Readonly<Record<string, string>>): Promise<unknown> => {
    const { flag } = await webFolder(t, files)
    return startExporter(makeToy(), { argv: ['--web.listen-address=127.0.0.1:0', flag], stderr: { write: () => true } })
  }
  await t.rejects(start({}), { message: /no such file or directory/ })
  await t.rejects(start({ 'web.yml': 'tls: 1\n' }), { message: /web\.yml:1:1: field tls not found/ })
  await t.rejects(start({ 'web.yml': tlsYaml }), { message: /^failed to read cert_file: .*server\.pem/ })
  const mixed = { 'web.yml': tlsYaml, 'server.pem': pki.server.cert, 'server.key': other.server.key }
  await t.rejects(start(mixed), { message: /^failed to load the certificate and key of tls_server_config: .*mismatch/ })
})
