// SPDX-License-Identifier: Apache-2.0
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { HostnameConflict } from '../src/prober.ts'
import { http } from '../src/probers/http.ts'
import { httpServer, response } from './servers/http.ts'
import { closedPort } from './servers/tcp.ts'

const always = [
  'probe_dns_lookup_time_seconds',
  'probe_failed_due_to_regex',
  'probe_http_content_length',
  'probe_http_duration_seconds{phase="resolve"}',
  'probe_http_redirects',
  'probe_http_ssl',
  'probe_http_status_code',
  'probe_http_uncompressed_body_length',
  'probe_http_version',
  'probe_ip_addr_hash',
  'probe_ip_protocol',
]
const requestPhases = ['connect', 'processing', 'tls', 'transfer'].map(
  (phase) => `probe_http_duration_seconds{phase="${phase}"}`,
)

const probe = (target: string, yaml = '{}', timeoutSeconds = 5) => runOnce(http, { target, yaml, timeoutSeconds })

test('a page that is fine', async (t) => {
  const server = await httpServer(t, response('hello', { headers: ['Last-Modified: Fri, 21 Nov 2025 11:00:00 GMT'] }))
  const { ending, values } = await probe(server.url())
  t.equal(ending, 'success')
  const names = [...always, ...requestPhases, 'probe_http_last_modified_timestamp_seconds']
  t.strictSame(Object.keys(values).toSorted(), names.toSorted())
  t.match(values, {
    probe_failed_due_to_regex: 0,
    probe_http_content_length: 5,
    'probe_http_duration_seconds{phase="tls"}': 0,
    probe_http_last_modified_timestamp_seconds: 1_763_722_800,
    probe_http_redirects: 0,
    probe_http_ssl: 0,
    probe_http_status_code: 200,
    probe_http_uncompressed_body_length: 5,
    probe_http_version: 1.1,
    probe_ip_protocol: 4,
  })
  await server.idle()
})

test('a refused connection leaves zeros', async (t) => {
  const { ending, values, records } = await probe(`http://127.0.0.1:${await closedPort()}`)
  t.equal(ending, 'failed')
  t.strictSame(Object.keys(values).toSorted(), [...always, ...requestPhases].toSorted())
  t.match(values, { probe_http_status_code: 0, probe_http_content_length: 0, probe_http_version: 0 })
  for (const phase of requestPhases) t.equal(values[phase], 0)
  t.match(records.at(-1), { message: 'The connection failed', fields: { err: /ECONNREFUSED/ } })
})

test('a name that does not resolve leaves the resolve phase alone', async (t) => {
  const { ending, values } = await probe('http://')
  t.equal(ending, 'failed')
  t.strictSame(Object.keys(values).toSorted(), always.toSorted())
  t.equal(values['probe_ip_protocol'], 0)
})

test('a target that is no URL fails before all', async (t) => {
  for (const target of ['http://a b/', 'http://[::1', 'http://h:99999/', 'http://h/\r\nX: y', 'http://h\tx/']) {
    const { ending, values, records } = await probe(target)
    t.equal(ending, 'failed', target)
    t.notOk('probe_dns_lookup_time_seconds' in values)
    t.match(records.at(-1), { message: 'Could not parse the target as a URL' })
  }
})

test('the request on the wire', async (t) => {
  const server = await httpServer(t, response())
  const { target } = server
  const agent = /^User-Agent: Blackbox-Exporter\/\d+\.\d+\.\d+$/
  const rows: readonly (readonly [what: string, target: string, yaml: string, lines: readonly unknown[]])[] = [
    ['plain', `http://${target}`, '{}', ['GET / HTTP/1.1', `Host: ${target}`, agent, 'Connection: close']],
    [
      'no scheme, a query, a fragment',
      `${target}/a/../b?c=d e#f`,
      '{}',
      ['GET /a/../b?c=d%20e HTTP/1.1', `Host: ${target}`, agent, 'Connection: close'],
    ],
    [
      'a scheme in capitals',
      `HTTP://${target}/é`,
      '{}',
      ['GET /%C3%A9 HTTP/1.1', `Host: ${target}`, agent, 'Connection: close'],
    ],
    [
      'headers',
      `http://${target}`,
      'headers: {x-b: "2", X-A: "1", host: example.com, accept-encoding: gzip}',
      ['GET / HTTP/1.1', 'Host: example.com', agent, 'Accept-Encoding: gzip', 'X-A: 1', 'X-B: 2', 'Connection: close'],
    ],
    [
      'no agent',
      `http://${target}`,
      'headers: {User-Agent: ""}',
      ['GET / HTTP/1.1', `Host: ${target}`, 'Connection: close'],
    ],
    [
      'another agent',
      `http://${target}`,
      'headers: {user-agent: me}',
      ['GET / HTTP/1.1', `Host: ${target}`, 'User-Agent: me', 'Connection: close'],
    ],
    [
      'POST without a body',
      `http://${target}`,
      'method: POST',
      ['POST / HTTP/1.1', `Host: ${target}`, agent, 'Content-Length: 0', 'Connection: close'],
    ],
    [
      'DELETE without a body',
      `http://${target}`,
      'method: DELETE',
      ['DELETE / HTTP/1.1', `Host: ${target}`, agent, 'Connection: close'],
    ],
    [
      'lengths and codings that are not the config to decide',
      `http://${target}`,
      'headers: {Content-Length: "7", Transfer-Encoding: chunked}',
      ['GET / HTTP/1.1', `Host: ${target}`, agent, 'Connection: close'],
    ],
    [
      'userinfo beats the config',
      `http://us%40er:pa:ss@${target}`,
      'basic_auth: {username: a, password: b}',
      ['GET / HTTP/1.1', `Host: ${target}`, agent, `Authorization: Basic ${btoa('us@er:pa:ss')}`, 'Connection: close'],
    ],
    [
      'a bearer token and http_headers',
      `http://${target}`,
      'authorization: {credentials: s3cret}\nhttp_headers: {x-more: {values: [a, b], secrets: [c]}}',
      [
        'GET / HTTP/1.1',
        `Host: ${target}`,
        agent,
        'Authorization: Bearer s3cret',
        'X-More: a',
        'X-More: b',
        'X-More: c',
        'Connection: close',
      ],
    ],
  ]
  for (const [i, [what, url, yaml, lines]] of rows.entries()) {
    t.equal((await probe(url, yaml)).ending, 'success', what)
    t.match(server.requests[i]?.lines, lines, what)
    t.equal(server.requests[i]?.lines.length, lines.length, what)
  }
})

test('bodies on the wire', async (t) => {
  const server = await httpServer(t, response())
  const dir = t.testdir({ full: 'from a file', empty: '' })
  const rows: readonly (readonly [yaml: string, framing: string | undefined, body: string])[] = [
    ['method: POST\nbody: "näh"', 'Content-Length: 4', Buffer.from('näh').toString('latin1')],
    ['body: "with GET"', 'Content-Length: 8', 'with GET'],
    [`method: PUT\nbody_file: ${dir}/full`, 'Transfer-Encoding: chunked', 'b\r\nfrom a file\r\n0\r\n\r\n'],
    [`method: POST\nbody_file: ${dir}/empty`, 'Transfer-Encoding: chunked', '0\r\n\r\n'],
    [`body_file: ${dir}/empty`, undefined, ''],
  ]
  for (const [i, [yaml, framing, body]] of rows.entries()) {
    t.equal((await probe(server.url(), yaml)).ending, 'success', yaml)
    const request = server.requests[i]
    t.equal(
      request?.lines.find((line) => /^(Content-Length|Transfer-Encoding)/.test(line)),
      framing,
      yaml,
    )
    t.equal(request?.body, body, yaml)
  }
  const { ending, records } = await probe(server.url(), `method: POST\nbody_file: ${dir}/missing`)
  t.equal(ending, 'failed')
  t.match(records.at(-1), { message: 'The body file can not be read', fields: { err: /ENOENT/ } })
})

test('a large body goes out whole', async (t) => {
  const server = await httpServer(t, response())
  const dir = t.testdir({ big: 'x'.repeat(3_000_000) })
  await probe(server.url(), `method: POST\nbody_file: ${dir}/big`)
  t.equal(server.requests[0]?.body.replaceAll(/[^x]/g, '').length, 3_000_000)
})

test('status codes', async (t) => {
  const rows: readonly (readonly [status: number, yaml: string, ending: string])[] = [
    [200, '{}', 'success'],
    [299, '{}', 'success'],
    [300, '{}', 'failed'],
    [404, '{}', 'failed'],
    [404, 'valid_status_codes: [404]', 'success'],
    [200, 'valid_status_codes: [404]', 'failed'],
  ]
  for (const [status, yaml, ending] of rows) {
    const server = await httpServer(t, response('', { status: `${status} X` }))
    const result = await probe(server.url(), yaml)
    t.equal(result.ending, ending, `${status} ${yaml}`)
    t.equal(result.values['probe_http_status_code'], status)
  }
})

test('versions', async (t) => {
  const server = await httpServer(t, 'HTTP/1.0 200 OK\r\n\r\n')
  const { ending, values } = await probe(server.url(), 'valid_http_versions: [HTTP/1.0]')
  t.equal(ending, 'success')
  t.equal(values['probe_http_version'], 1)
  const other = await probe(server.url(), 'valid_http_versions: [HTTP/1.1, HTTP/2.0]')
  t.equal(other.ending, 'failed')
  t.match(other.records.at(-1), { message: 'The HTTP version of the response is not valid' })
  t.equal((await probe(server.url(), 'fail_if_not_ssl: true')).ending, 'failed')
})

test('content lengths and what was read', async (t) => {
  const rows: readonly (readonly [wire: string, method: string, length: number, bytes: number, ending: string])[] = [
    ['Content-Length: 5\r\n\r\nhello', 'GET', 5, 5, 'success'],
    ['Content-Length: 0\r\n\r\n', 'GET', 0, 0, 'success'],
    ['Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', 'GET', -1, 5, 'success'],
    ['\r\nhello', 'GET', -1, 5, 'success'],
    ['Content-Length: 5\r\n\r\n', 'HEAD', 5, 0, 'success'],
    ['Content-Length: 9\r\n\r\nhello', 'GET', 9, 5, 'failed'],
    ['Transfer-Encoding: chunked\r\n\r\n9\r\nhello', 'GET', -1, 5, 'failed'],
  ]
  for (const [wire, method, length, bytes, ending] of rows) {
    const server = await httpServer(t, `HTTP/1.1 200 OK\r\n${wire.startsWith('\r\n') ? wire : wire}`)
    const { values, ...result } = await probe(server.url(), `method: ${method}`)
    t.equal(result.ending, ending, wire)
    t.equal(values['probe_http_content_length'], length, wire)
    t.equal(values['probe_http_uncompressed_body_length'], bytes, wire)
    t.equal(values['probe_http_status_code'], 200)
  }
})

test('the body size limit', async (t) => {
  const server = await httpServer(t, response('x'.repeat(2000)))
  const over = await probe(server.url(), 'body_size_limit: 1KB')
  t.equal(over.ending, 'failed')
  t.match(over.values, { probe_http_uncompressed_body_length: 1024, probe_http_content_length: 2000 })
  const within = await probe(server.url(), 'body_size_limit: 2000B')
  t.equal(within.ending, 'success')
  t.equal(within.values['probe_http_uncompressed_body_length'], 2000)
})

test('body rules', async (t) => {
  const server = await httpServer(t, response('{"ok": true}'))
  const rows: readonly (readonly [yaml: string, regex: number, cel: number | undefined])[] = [
    ['fail_if_body_matches_regexp: [ok]', 1, undefined],
    ['fail_if_body_not_matches_regexp: [ko]', 1, undefined],
    ['fail_if_body_matches_regexp: [ko]', 0, undefined],
    ['fail_if_body_json_matches_cel: body.ok', 0, 1],
    ['fail_if_body_json_not_matches_cel: body.ok', 0, 0],
    // The peer's CEL finds nothing left of a body that its regular expressions read.
    ['fail_if_body_matches_regexp: [ko]\nfail_if_body_json_not_matches_cel: body.ok', 0, 0],
    ['fail_if_body_matches_regexp: [ko]\nfail_if_body_json_matches_cel: body.ok', 0, 1],
    // A status that is wrong leaves them out.
    ['valid_status_codes: [404]\nfail_if_body_matches_regexp: [ok]', 0, undefined],
  ]
  for (const [yaml, regex, cel] of rows) {
    const { ending, values } = await probe(server.url(), yaml)
    t.equal(ending, regex + (cel ?? 0) > 0 || yaml.startsWith('valid') ? 'failed' : 'success', yaml)
    t.equal(values['probe_failed_due_to_regex'], regex, yaml)
    t.equal(values['probe_failed_due_to_cel'], cel, yaml)
    t.equal(values['probe_http_uncompressed_body_length'], 12, yaml)
  }
})

test('a body that can not be had fails its first rule', async (t) => {
  const short = await httpServer(t, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort')
  const regex = await probe(short.url(), 'fail_if_body_matches_regexp: [x]')
  t.match(regex.values, { probe_failed_due_to_regex: 1, probe_http_uncompressed_body_length: 5 })
  const cel = await probe(short.url(), 'fail_if_body_json_matches_cel: body.x')
  t.match(cel.values, { probe_failed_due_to_regex: 0, probe_failed_due_to_cel: 1 })
  const large = await httpServer(t, response('x'.repeat(11 * 1024 * 1024)))
  const kept = await probe(large.url(), 'fail_if_body_matches_regexp: [y]')
  t.match(kept.values, { probe_failed_due_to_regex: 1, probe_http_uncompressed_body_length: 11_534_336 })
  t.match(kept.records.at(-1), { fields: { err: /larger than 10485760 bytes; set body_size_limit/ } })
})

test('header rules fail as regular expressions do', async (t) => {
  const server = await httpServer(t, response('', { headers: ['X-A: one', 'X-A: two'] }))
  const yaml = 'fail_if_header_matches: [{header: x-a, regexp: two}]'
  const { ending, values } = await probe(server.url(), yaml)
  t.equal(ending, 'failed')
  t.equal(values['probe_failed_due_to_regex'], 1)
})

test('what came until the deadline counts', async (t) => {
  const server = await httpServer(t, (_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart')
    return undefined
  })
  const { ending, values, durationSeconds } = await probe(server.url(), '{}', 0.3)
  t.equal(ending, 'timeout')
  t.ok(durationSeconds < 0.8)
  t.match(values, { probe_http_status_code: 200, probe_http_content_length: 9, probe_http_uncompressed_body_length: 4 })
  t.ok((values['probe_http_duration_seconds{phase="transfer"}'] ?? 0) > 0.1)
  await server.idle()
})

test('a server that stays silent has connected and no more', async (t) => {
  const server = await httpServer(t, () => undefined)
  const { ending, values } = await probe(server.url(), '{}', 0.2)
  t.equal(ending, 'timeout')
  t.ok((values['probe_http_duration_seconds{phase="connect"}'] ?? 0) > 0)
  t.equal(values['probe_http_duration_seconds{phase="processing"}'], 0)
  await server.idle()
})

test('the hostname parameter', (t: Test) => {
  const config = http.config.absent
  const named = http.withHostname?.(config, 'example.com')
  t.strictSame(named?.headers, new Map([['Host', 'example.com']]))
  const other = { ...config, headers: new Map([['host', 'example.org']]) }
  t.throws(() => http.withHostname?.(other, 'example.com'), HostnameConflict)
  t.equal(http.withHostname?.(other, 'example.org'), other)
  t.end()
})

test('a hostname with a line break in it is not sent', async (t) => {
  const server = await httpServer(t, response())
  const config = http.withHostname?.(http.config.absent, 'a\r\nX: y')
  const { Executor, silent, systemClock } = await import('@leadline/kit')
  const executor = new Executor(http)
  const options = { target: server.url(), config: config ?? http.config.absent, timeoutSeconds: 5, log: silent }
  t.equal((await executor.execute({ ...options, clock: systemClock })).ending, 'failed')
  t.equal(server.requests.length, 0)
})
