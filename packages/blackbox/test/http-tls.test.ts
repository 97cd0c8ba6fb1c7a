// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import nodeHttp2 from 'node:http2'
import type net from 'node:net'
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { http } from '../src/probers/http.ts'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'
import { httpServer, redirect, response } from './servers/http.ts'
import { tlsServer } from './servers/tls.ts'

const probe = (target: string, yaml = '{}', timeoutSeconds = 5) => runOnce(http, { target, yaml, timeoutSeconds })

const tlsMetrics = [
  'probe_ssl_earliest_cert_expiry',
  'probe_ssl_last_chain_expiry_timestamp_seconds',
  'probe_ssl_last_chain_info',
  'probe_tls_cipher_info',
  'probe_tls_version_info',
]

/** The names of the TLS metrics among a run's values. */
const tlsNames = (values: Readonly<Record<string, number>>): string[] => {
  const names = Object.keys(values).map((key) => key.replace(/\{.*/, ''))
  return names.filter((name) => tlsMetrics.includes(name)).toSorted()
}

const authority = await makeAuthority('root')
const certificate = await makeCertificate({ authority, names: ['localhost', 'example.com'], ips: ['127.0.0.1'] })

/** `tls_config` that trusts the authority, as a block of YAML. */
const trust = (t: Test, more = ''): string =>
  `tls_config: {ca_file: ${t.testdir({ 'ca.pem': authority.certPem })}/ca.pem${more}}`

test('a page over TLS', async (t) => {
  const server = await httpServer(t, response('hello'), { certificate })
  const { ending, values } = await probe(server.url(), trust(t))
  t.equal(ending, 'success')
  t.strictSame(tlsNames(values), tlsMetrics)
  t.match(values, {
    probe_http_ssl: 1,
    probe_http_version: 1.1,
    probe_ssl_earliest_cert_expiry: certificate.notAfter,
    'probe_tls_version_info{version="TLS 1.3"}': 1,
    'probe_tls_cipher_info{cipher="TLS_AES_256_GCM_SHA384"}': 1,
  })
  for (const phase of ['connect', 'tls', 'processing', 'transfer']) {
    t.ok((values[`probe_http_duration_seconds{phase="${phase}"}`] ?? 0) > 0, phase)
  }
  t.equal((await probe(server.url(), `${trust(t)}\nfail_if_ssl: true`)).ending, 'failed')
  t.equal((await probe(server.url(), `${trust(t)}\nfail_if_not_ssl: true`)).ending, 'success')
  await server.idle()
})

test('a certificate that does not hold fails before the request', async (t) => {
  const server = await httpServer(t, response(), { certificate })
  const { ending, values, records } = await probe(server.url())
  t.equal(ending, 'failed')
  t.strictSame(tlsNames(values), [])
  t.match(values, { probe_http_ssl: 0, probe_http_status_code: 0 })
  t.equal(values['probe_http_duration_seconds{phase="connect"}'], 0, 'there was no connection to speak of')
  t.match(records.at(-1), { message: 'The TLS handshake failed', fields: { err: /unknown authority/ } })
  t.equal(server.requests.length, 0)
  const skipped = await probe(server.url(), 'tls_config: {insecure_skip_verify: true}')
  t.equal(skipped.values['probe_ssl_last_chain_expiry_timestamp_seconds'], -62_135_596_800)
  await server.idle()
})

test('the name for SNI and verification: server_name, Host, target', async (t) => {
  const server = await tlsServer(t, { certificate, talk: (socket) => void socket.end(response()) })
  const rows: readonly (readonly [host: string, more: string, yaml: string, sent: string | false, ending: string])[] = [
    ['localhost', '', '', 'localhost', 'success'],
    ['127.0.0.1', '', '', false, 'success'],
    ['127.0.0.1', '', 'headers: {Host: example.com}', 'example.com', 'success'],
    ['127.0.0.1', '', 'headers: {Host: "example.com:8443"}', 'example.com', 'success'],
    ['localhost', ', server_name: example.com', 'headers: {Host: example.org}', 'example.com', 'success'],
    ['localhost', '', 'headers: {Host: example.org}', 'example.org', 'failed'],
    ['localhost', ', server_name: example.org', '', 'example.org', 'failed'],
  ]
  for (const [i, [host, more, yaml, sent, ending]] of rows.entries()) {
    const config = `preferred_ip_protocol: ip4\n${trust(t, more)}\n${yaml}`
    const result = await probe(`https://${host}:${server.port}`, config)
    t.equal(result.ending, ending, `${host} ${more} ${yaml}`)
    // The server tells of handshakes that both sides finished.
    if (ending === 'success') t.equal(server.serverNames[i], sent)
  }
})

test('only the final response decides on ssl', async (t) => {
  const plain = await httpServer(t, response())
  const secure = await httpServer(t, redirect(plain.url()), { certificate })
  const { ending, values } = await probe(secure.url(), trust(t))
  t.equal(ending, 'success')
  t.equal(values['probe_http_ssl'], 0)
  t.strictSame(tlsNames(values), [])
  t.ok((values['probe_http_duration_seconds{phase="tls"}'] ?? 0) > 0)
  const back = await httpServer(t, redirect(secure.url('/')))
  const looped = await probe(back.url(), `${trust(t)}\nfail_if_not_ssl: true`)
  t.equal(looped.values['probe_http_ssl'], 0)
  t.equal(looped.ending, 'failed')
})

type Serve = (stream: nodeHttp2.ServerHttp2Stream, headers: nodeHttp2.IncomingHttpHeaders) => void

/** Serves HTTP/2 alone until the test ends. */
async function h2Server(t: Test, serve: Serve): Promise<{ readonly url: string; readonly open: () => number }> {
  const sockets = new Set<net.Socket>()
  const server = nodeHttp2.createSecureServer({ key: certificate.keyPem, cert: certificate.certPem })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    serve(stream, headers)
  })
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return { url: `https://127.0.0.1:${(server.address() as net.AddressInfo).port}/`, open: () => sockets.size }
}

test('HTTP/2 where the target speaks it', async (t) => {
  const seen: nodeHttp2.IncomingHttpHeaders[] = []
  const bodies: string[] = []
  const server = await h2Server(t, (stream, headers) => {
    seen.push(headers)
    let body = ''
    stream.setEncoding('utf8').on('data', (part: string) => (body += part))
    stream.on('end', () => {
      bodies.push(body)
      stream.additionalHeaders({ ':status': 103, link: '</x>' })
      stream.respond({ ':status': 200, 'last-modified': 'Fri, 21 Nov 2025 11:00:00 GMT', 'x-a': 'one' })
      stream.end('hello')
    })
  })
  const yaml = `${trust(t)}\nmethod: POST\nbody: ask\nheaders: {X-B: b, Connection: keep-alive}\nhttp_headers: {X-C: {values: [c, d]}}\nfail_if_header_not_matches: [{header: X-A, regexp: one}]\nvalid_http_versions: [HTTP/2.0]`
  const { ending, values } = await probe(`${server.url}a?b`, yaml)
  t.equal(ending, 'success')
  t.match(values, {
    probe_http_version: 2,
    probe_http_status_code: 200,
    probe_http_content_length: -1,
    probe_http_uncompressed_body_length: 5,
    probe_http_last_modified_timestamp_seconds: 1_763_722_800,
  })
  t.match(seen[0], {
    ':method': 'POST',
    ':path': '/a?b',
    ':scheme': 'https',
    ':authority': new URL(server.url).host,
    'content-length': '3',
    'user-agent': /^Blackbox-Exporter\//,
    'x-b': 'b',
    'x-c': 'c, d',
  })
  t.notOk('connection' in (seen[0] ?? {}))
  t.strictSame(bodies, ['ask'])
  const none = await probe(server.url, `${trust(t)}\nenable_http2: false`)
  t.equal(none.ending, 'failed', 'it is not offered when the module says so')
})

test('HTTP/2 lengths, methods and bodies from files', async (t) => {
  const server = await h2Server(t, (stream, headers) => {
    stream.resume().on('end', () => {
      if (stream.destroyed) return
      const length = headers[':path'] === '/long' ? { 'content-length': 9 } : {}
      stream.respond(
        { ':status': headers[':path'] === '/404' ? 404 : 200, ...length },
        { endStream: headers[':path'] === '/none' },
      )
      if (headers[':path'] !== '/none') stream.end(headers[':method'] === 'HEAD' ? '' : 'nine char')
    })
  })
  const dir = t.testdir({ body: 'x'.repeat(200_000), 'ca.pem': authority.certPem })
  const trusting = `tls_config: {ca_file: ${dir}/ca.pem}`
  const rows: readonly (readonly [path: string, yaml: string, length: number, bytes: number])[] = [
    ['long', '', 9, 9],
    ['none', '', 0, 0],
    ['long', 'method: HEAD', 9, 0],
    ['long', `method: POST\nbody_file: ${dir}/body`, 9, 9],
    ['any', 'fail_if_body_not_matches_regexp: [nine]', -1, 9],
  ]
  for (const [path, yaml, length, bytes] of rows) {
    const { ending, values } = await probe(server.url + path, `${trusting}\n${yaml}`)
    t.equal(ending, 'success', `${path} ${yaml}`)
    t.equal(values['probe_http_content_length'], length, `${path} ${yaml}`)
    t.equal(values['probe_http_uncompressed_body_length'], bytes, `${path} ${yaml}`)
  }
  const missing = await probe(server.url, `${trusting}\nmethod: POST\nbody_file: ${dir}/nothing`)
  t.match(missing.records.at(-1), { message: 'The body file can not be read' })
  t.equal((await probe(`${server.url}404`, trusting)).values['probe_http_status_code'], 404)
})

test('HTTP/2 responses that end early', async (t) => {
  const ways: Readonly<Record<string, Serve>> = {
    'reset after the head': (stream) => {
      stream.respond({ ':status': 200 })
      stream.write('part', () => stream.destroy(new Error('a fault of the server')))
    },
    'closed after the head': (stream) => {
      stream.respond({ ':status': 200 })
      stream.write('part', () => stream.session?.socket.destroy())
    },
    'closed before the head': (stream) => stream.session?.destroy(),
  }
  for (const [what, way] of Object.entries(ways)) {
    const server = await h2Server(t, way)
    const { ending, values } = await probe(server.url, trust(t))
    t.equal(ending, 'failed', what)
    t.equal(values['probe_http_uncompressed_body_length'], what.endsWith('after the head') ? 4 : 0, what)
  }
})

test('HTTP/2 redirects, limits and deadlines', async (t) => {
  const server = await h2Server(t, (stream, headers) => {
    if (headers[':path'] === '/') stream.respond({ ':status': 302, location: '/big' }, { endStream: true })
    else if (headers[':path'] === '/big') {
      stream.respond({ ':status': 200 })
      stream.end('x'.repeat(5000))
    }
  })
  const followed = await probe(server.url, trust(t))
  t.match(followed, {
    ending: 'success',
    values: { probe_http_redirects: 1, probe_http_uncompressed_body_length: 5000 },
  })
  const limited = await probe(server.url, `${trust(t)}\nbody_size_limit: 1KB`)
  t.match(limited, { ending: 'failed', values: { probe_http_uncompressed_body_length: 1024 } })
  const silent = await probe(`${server.url}silent`, trust(t), 0.3)
  t.match(silent, { ending: 'timeout', values: { probe_http_status_code: 0 } })
})
