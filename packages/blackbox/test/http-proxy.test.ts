// SPDX-License-Identifier: Apache-2.0
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { parseNoProxy } from '../src/http/no-proxy.ts'
import { environmentRules, proxyFor } from '../src/http/proxy.ts'
import { parseTarget } from '../src/http/target.ts'
import { http } from '../src/probers/http.ts'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'
import { header, httpServer, redirect, response } from './servers/http.ts'
import { httpProxy } from './servers/http-proxy.ts'
import { socksProxy } from './servers/socks.ts'
import { closedPort } from './servers/tcp.ts'

const probe = (target: string, yaml: string, timeoutSeconds = 5) => runOnce(http, { target, yaml, timeoutSeconds })

const authority = await makeAuthority('root')
const certificate = await makeCertificate({ authority, names: ['localhost'], ips: ['127.0.0.1'] })
const trust = (t: Test): string => `tls_config: {ca_file: ${t.testdir({ 'ca.pem': authority.certPem })}/ca.pem}`

test('an http target through an http proxy: absolute form, with the address', async (t) => {
  const server = await httpServer(t, response('hello'))
  const proxy = await httpProxy(t)
  const target = `http://localhost:${server.port}/a?b`
  const yaml = `preferred_ip_protocol: ip4\nproxy_url: http://us%40er:secret@${proxy.target}`
  const { ending, values, records } = await probe(target, yaml)
  t.equal(ending, 'success')
  const [{ lines } = { lines: [] }] = proxy.requests
  t.equal(lines[0], `GET http://127.0.0.1:${server.port}/a?b HTTP/1.1`)
  t.equal(header(lines, 'host'), `localhost:${server.port}`)
  t.equal(header(lines, 'proxy-authorization'), `Basic ${btoa('us@er:secret')}`)
  t.equal(server.requests.length, 1)
  t.ok('probe_http_duration_seconds{phase="resolve"}' in values)
  t.notMatch(JSON.stringify(records), /secret/)
})

test('with the name left to the proxy there is no resolve phase', async (t) => {
  const server = await httpServer(t, response())
  const proxy = await httpProxy(t)
  const yaml = `skip_resolve_phase_with_proxy: true\nproxy_url: ${proxy.url('')}`
  const { ending, values } = await probe(`http://localhost:${server.port}/`, yaml)
  t.equal(ending, 'success')
  t.match(proxy.requests[0]?.lines[0], `GET http://localhost:${server.port}/ HTTP/1.1`)
  t.notOk('probe_http_duration_seconds{phase="resolve"}' in values)
  t.notOk('probe_ip_protocol' in values)
  const direct = await probe(server.url(), 'skip_resolve_phase_with_proxy: true')
  t.ok('probe_ip_protocol' in direct.values, 'without a proxy it counts for nothing')
})

test('an https target through CONNECT, with headers for the proxy alone', async (t) => {
  const server = await httpServer(t, response('hello'), { certificate })
  const proxy = await httpProxy(t)
  const yaml = `preferred_ip_protocol: ip4\n${trust(t)}\nproxy_url: http://u:p@${proxy.target}\nproxy_connect_header: {x-token: [a, b]}`
  const { ending, values } = await probe(`https://localhost:${server.port}/`, yaml)
  t.equal(ending, 'success')
  t.equal(values['probe_http_ssl'], 1)
  const [{ lines } = { lines: [] }] = proxy.requests
  t.match(lines, [
    `CONNECT 127.0.0.1:${server.port} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    /^User-Agent: Blackbox-Exporter/,
    'X-Token: a',
    'X-Token: b',
    `Proxy-Authorization: Basic ${btoa('u:p')}`,
  ])
  t.notMatch(server.requests[0]?.lines.join('\n'), /proxy-|x-token/i)
  for (const phase of ['connect', 'tls', 'processing', 'transfer']) {
    t.ok((values[`probe_http_duration_seconds{phase="${phase}"}`] ?? 0) > 0, phase)
  }
  await proxy.idle()
})

test('a proxy that is spoken to over TLS', async (t) => {
  const plain = await httpServer(t, response())
  const secure = await httpServer(t, response(), { certificate })
  const proxy = await httpProxy(t, { certificate })
  const yaml = `${trust(t)}\nproxy_url: ${proxy.url('')}`
  const overPlain = await probe(plain.url(), yaml)
  t.match(overPlain, { ending: 'success', values: { probe_http_ssl: 0 } })
  t.equal(overPlain.values['probe_http_duration_seconds{phase="tls"}'], 0, 'the phase is of the target')
  t.match(await probe(secure.url(), yaml), { ending: 'success', values: { probe_http_ssl: 1 } })
})

test('a proxy that refuses, closes, babbles or is not there', async (t) => {
  const server = await httpServer(t, response(), { certificate })
  const refusals: Readonly<Record<string, RegExp>> = {
    'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n': /status 407/,
    'SSH-2.0-x\r\n\r\n': /malformed status line/,
    'HTTP/1.1 200 OK\r\n': /closed the connection/,
  }
  for (const [refuse, err] of Object.entries(refusals)) {
    const proxy = await httpProxy(t, { refuse })
    const { ending, values, records } = await probe(server.url(), `proxy_url: ${proxy.url('')}`)
    t.equal(ending, 'failed', refuse)
    t.match(records.at(-1), { message: 'The proxy failed', fields: { err } })
    t.equal(values['probe_http_duration_seconds{phase="connect"}'], 0)
    await proxy.idle()
  }
  const silent = await httpServer(t, () => undefined)
  t.equal((await probe(server.url(), `proxy_url: ${silent.url('')}`, 0.2)).ending, 'timeout')
  await silent.idle()
  const gone = await probe(server.url(), `proxy_url: http://127.0.0.1:${await closedPort()}`)
  t.match(gone.records.at(-1), { message: 'The connection failed', fields: { err: /ECONNREFUSED/ } })
})

test('a proxy header that would break the request is not sent', async (t) => {
  const server = await httpServer(t, response(), { certificate })
  const proxy = await httpProxy(t)
  const yaml = `proxy_url: ${proxy.url('')}\nproxy_connect_header: {X-A: ["a\\r\\nX-B: b"]}`
  const { ending, records } = await probe(server.url(), yaml)
  t.equal(ending, 'failed')
  t.match(records.at(-1), { message: 'The request can not be sent' })
  t.equal(proxy.requests.length, 0)
})

test('SOCKS5, with and without a user', async (t) => {
  const plain = await httpServer(t, response('hello'))
  const secure = await httpServer(t, response('hello'), { certificate })
  const proxy = await socksProxy(t)
  t.equal((await probe(plain.url(), `proxy_url: socks5://${proxy.target}`)).ending, 'success')
  t.equal((await probe(secure.url(), `${trust(t)}\nproxy_url: socks5h://u:p%40@${proxy.target}`)).ending, 'success')
  const yaml = `skip_resolve_phase_with_proxy: true\nproxy_url: socks5://${proxy.target}`
  t.equal((await probe(`http://localhost:${plain.port}`, yaml)).ending, 'success')
  t.strictSame(proxy.asked, [plain.target, 'u:p@', secure.target, `localhost:${plain.port}`])
  t.match(plain.requests[0]?.lines[0], 'GET / HTTP/1.1')
  const refusing = await socksProxy(t, { refuse: true })
  const refused = await probe(plain.url(), `proxy_url: socks5://${refusing.target}`)
  t.match(refused, { ending: 'failed' })
  t.match(refused.records.at(-1), { message: 'The SOCKS proxy failed', fields: { err: /NotAllowed/ } })
  const silent = await httpServer(t, () => undefined)
  t.equal((await probe(plain.url(), `proxy_url: socks5://${silent.target}`, 0.2)).ending, 'timeout')
  await silent.idle()
})

test('redirects choose anew whether there is a proxy', async (t) => {
  const last = await httpServer(t, response())
  const first = await httpServer(t, redirect(last.url('/end')))
  const proxy = await httpProxy(t)
  const { ending, values } = await probe(first.url(), `proxy_url: ${proxy.url('')}`)
  t.equal(ending, 'success')
  t.equal(values['probe_http_redirects'], 1)
  t.equal(proxy.requests[1]?.lines[0], `GET ${last.url('/end')} HTTP/1.1`)
  const exempt = await probe(first.url(), `proxy_url: ${proxy.url('')}\nno_proxy: example.com`)
  t.equal(exempt.ending, 'success')
  t.equal(proxy.requests.length, 2, 'with no_proxy, loopback goes without, as in Go')
})

test('no_proxy, by the rules of httpproxy', (t) => {
  const rows: readonly (readonly [list: string, host: string, port: number, exempt: boolean])[] = [
    ['', 'example.com', 80, false],
    ['', 'localhost', 80, true],
    ['', '127.8.8.8', 80, true],
    ['', '::1', 80, true],
    ['*', 'example.com', 80, true],
    ['a.com, *', '192.0.2.1', 80, true],
    ['example.com', 'example.com', 80, true],
    ['EXAMPLE.com', 'Example.COM', 80, true],
    ['example.com', 'www.example.com', 80, true],
    ['example.com', 'badexample.com', 80, false],
    ['.example.com', 'example.com', 80, false],
    ['.example.com', 'www.example.com', 80, true],
    ['*.example.com', 'example.com', 80, false],
    ['*.example.com', 'www.example.com', 80, true],
    ['example.com:8080', 'example.com', 8080, true],
    ['example.com:8080', 'example.com', 80, false],
    ['192.0.2.1', '192.0.2.1', 80, true],
    ['192.0.2.1:80', '192.0.2.1', 81, false],
    ['192.0.2.0/24', '192.0.2.77', 80, true],
    ['192.0.2.0/24', '192.0.3.77', 80, false],
    ['192.0.2.0/33', '192.0.2.77', 80, false],
    ['2001:db8::/32', '2001:db8::5', 80, true],
    ['2001:db8::5', '2001:DB8:0::5', 80, true],
    ['[2001:db8::5]:443', '2001:db8::5', 443, true],
    ['[2001:db8::5]:443', '2001:db8::5', 80, false],
    [':80, ,', 'example.com', 80, false],
    ['bücher.example', 'xn--bcher-kva.example', 80, true],
  ]
  for (const [list, host, port, exempt] of rows)
    t.equal(parseNoProxy(list)(host, port), exempt, `${list} ${host}:${port}`)
  t.end()
})

test('no_proxy counts for the name and for its address', (t) => {
  const config = { proxy_url: new URL('http://proxy:3128'), proxy_from_environment: false }
  const url = parseTarget('http://inner.example/')
  const chosen = (no_proxy: string) => proxyFor({ ...config, no_proxy }, url, '192.0.2.1')?.host
  t.equal(chosen(''), 'proxy')
  t.equal(chosen('inner.example'), undefined)
  t.equal(chosen('192.0.2.0/24'), undefined)
  t.equal(chosen('other.example'), 'proxy')
  t.end()
})

test('proxies of the environment', (t) => {
  const { proxy, exempt } = environmentRules({
    HTTP_PROXY: 'proxy.example:3128',
    http_proxy: 'not-this-one:1',
    https_proxy: 'https://u:p@[2001:db8::1]',
    no_proxy: 'inner.example',
  })
  t.strictSame(proxy.http, { kind: 'http', host: 'proxy.example', port: 3128, user: undefined })
  t.strictSame(proxy.https, { kind: 'https', host: '2001:db8::1', port: 443, user: { name: 'u', password: 'p' } })
  t.equal(exempt?.('inner.example', 80), true)
  t.strictSame(environmentRules({}).proxy, { http: undefined, https: undefined })
  t.equal(environmentRules({ HTTP_PROXY: 'socks5://s' }).proxy.http?.port, 1080)
  t.end()
})
