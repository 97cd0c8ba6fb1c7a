// SPDX-License-Identifier: Apache-2.0
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { followRedirect, type Hop } from '../src/http/redirect.ts'
import { formatUrl, parseTarget } from '../src/http/target.ts'
import { http } from '../src/probers/http.ts'
import { makeCertificate } from './servers/certificates.ts'
import { type HttpServer, header, httpServer, type RawRequest, redirect, response } from './servers/http.ts'

const probe = (target: string, yaml = '') => runOnce(http, { target, yaml: `preferred_ip_protocol: ip4\n${yaml}` })

const pathOf = ({ lines }: RawRequest): string => (lines[0] as string).split(' ')[1] as string

/** Answers `/` with a redirect and everything else with 200. */
const once =
  (location: string, status?: string) =>
  (request: RawRequest): string =>
    pathOf(request) === '/' ? redirect(location, status) : response()

/** What a request was, without the fields that are always there. */
const told = ({ lines, body }: RawRequest): string[] => [
  ...lines.filter((line) => !/^(User-Agent|Connection|Host|Referer|Content-Length: 0)/.test(line)),
  ...(body === '' ? [] : [body]),
]

test('methods and bodies over redirects', async (t) => {
  const dir = t.testdir({ body: 'x' })
  const post = 'method: POST\nbody: x\nheaders: {Content-Type: text/plain, X-A: a}'
  const rows: readonly (readonly [status: string, yaml: string, second: readonly string[] | undefined])[] = [
    ...['301', '302', '303'].flatMap((status) => [
      [status, post, ['GET /next HTTP/1.1', 'X-A: a']] as const,
      [status, 'method: HEAD', ['HEAD /next HTTP/1.1']] as const,
      [status, `method: POST\nbody_file: ${dir}/body`, ['GET /next HTTP/1.1']] as const,
    ]),
    ...['307', '308'].flatMap((status) => [
      [status, post, ['POST /next HTTP/1.1', 'Content-Length: 1', 'Content-Type: text/plain', 'X-A: a', 'x']] as const,
      [status, 'method: DELETE', ['DELETE /next HTTP/1.1']] as const,
      [status, `method: POST\nbody_file: ${dir}/body`, undefined] as const,
    ]),
    ['300', '', undefined],
    ['304', '', undefined],
  ]
  for (const [status, yaml, second] of rows) {
    const server = await httpServer(t, once('/next', `${status} X`))
    const { ending, values } = await probe(server.url(), yaml)
    t.equal(ending, second === undefined ? 'failed' : 'success', `${status} ${yaml}`)
    t.equal(values['probe_http_redirects'], second === undefined ? 0 : 1)
    t.equal(values['probe_http_status_code'], second === undefined ? Number(status) : 200)
    t.strictSame(server.requests[1] && told(server.requests[1]), second, `${status} ${yaml}`)
  }
})

test('relative locations keep address and Host; absolute ones have their own', async (t) => {
  const server: HttpServer = await httpServer(t, (request) => {
    if (pathOf(request) === '/a/b') return redirect('../c?d')
    return pathOf(request) === '/c?d' ? redirect(`http://localhost:${server.port}/e`) : response()
  })
  const { ending, values } = await probe(`http://localhost:${server.port}/a/b`, 'headers: {Host: example.com}')
  t.equal(ending, 'success')
  t.equal(values['probe_http_redirects'], 2)
  const hosts = server.requests.map(({ lines }) => header(lines, 'host'))
  t.strictSame(hosts, ['example.com', 'example.com', `localhost:${server.port}`])
  const referers = server.requests.map(({ lines }) => header(lines, 'referer'))
  t.strictSame(referers, [undefined, server.url('/a/b'), server.url('/c?d')])
})

test('the eleventh redirect is the result', async (t) => {
  const server = await httpServer(t, redirect('/again'))
  const { ending, values } = await probe(server.url())
  t.equal(ending, 'failed')
  t.equal(server.requests.length, 11)
  t.match(values, {
    probe_http_redirects: 11,
    probe_http_status_code: 302,
    probe_http_content_length: 5,
    probe_http_uncompressed_body_length: 0,
  })
  t.equal((await probe(server.url(), 'valid_status_codes: [302]')).ending, 'success')
})

test('a redirect that the module refuses is the result', async (t) => {
  const server = await httpServer(t, redirect('elsewhere://x'))
  const { ending, values } = await probe(server.url(), 'follow_redirects: false\nvalid_status_codes: [302]')
  t.equal(ending, 'success')
  t.match(values, {
    probe_http_redirects: 1,
    probe_http_status_code: 302,
    probe_http_uncompressed_body_length: 0,
    probe_failed_due_to_regex: 0,
  })
  const yaml = 'follow_redirects: false\nvalid_status_codes: [302]\nfail_if_body_matches_regexp: [nothing]'
  const judged = await probe(server.url(), yaml)
  t.equal(judged.ending, 'failed')
  t.equal(judged.values['probe_failed_due_to_regex'], 1, 'its body is not read, so that no rule can let it pass')
})

test('a location that can not be followed fails the probe, without a status', async (t) => {
  for (const location of ['ftp://localhost/', 'http://[::1', 'http:///nowhere', 'http://localhost:99999/']) {
    const server = await httpServer(t, redirect(location))
    const { ending, values, records } = await probe(server.url())
    t.equal(ending, 'failed', location)
    t.match(values, { probe_http_status_code: 0, probe_http_content_length: 0, probe_http_version: 0 })
    t.match(records.at(-1), { message: 'The Location of a redirect can not be followed', fields: { location } })
  }
  const none = await httpServer(t, response('', { status: '302 Found' }))
  const { values } = await probe(none.url())
  t.match(values, { probe_http_status_code: 302, probe_http_redirects: 0 })
})

test('a later hop that fails leaves no status', async (t) => {
  const server = await httpServer(t, (request, socket) => {
    if (pathOf(request) === '/') return redirect('/gone')
    socket.destroy()
    return undefined
  })
  const { ending, values } = await probe(server.url())
  t.equal(ending, 'failed')
  t.match(values, { probe_http_status_code: 0, probe_http_redirects: 1, probe_http_version: 0 })
})

test('cookies come back to their site alone', async (t) => {
  const server: HttpServer = await httpServer(t, (request) => {
    if (pathOf(request) === '/') {
      return redirect('/in', '302 Found', ['Set-Cookie: a=1; Path=/', 'Set-Cookie: b=2; Path=/other', 'Set-Cookie: ;;'])
    }
    return pathOf(request) === '/in' ? redirect(`http://localhost:${server.port}/out`) : response()
  })
  t.equal((await probe(server.url(), 'headers: {Cookie: own=0}')).ending, 'success')
  const cookies = server.requests.map(({ lines }) => header(lines, 'cookie'))
  t.strictSame(cookies, ['own=0', 'own=0; a=1', undefined])
})

test('credentials go to the same name, and to no other', async (t) => {
  const configs = [
    'basic_auth: {username: u, password: p}',
    'authorization: {credentials: t}',
    'headers: {Authorization: x}',
  ]
  const more = 'http_headers: {X-Open: {values: [o]}, X-Hidden: {secrets: [h]}, X-Mixed: {values: [o], secrets: [h]}}'
  for (const yaml of configs) {
    const server: HttpServer = await httpServer(t, (request) => {
      if (pathOf(request) === '/') return redirect(`http://localhost:${server.port}/same`)
      return pathOf(request) === '/same' ? redirect(`http://127.0.0.1:${server.port}/foreign`) : response()
    })
    t.equal((await probe(`http://localhost:${server.port}`, `${yaml}\n${more}`)).ending, 'success')
    const [first, same, foreign] = server.requests.map(({ lines }) =>
      lines.filter((line) => /^(Authorization|X-)/.test(line)).map((line) => line.split(':')[0]),
    )
    t.strictSame(first, ['Authorization', 'X-Open', 'X-Hidden', 'X-Mixed', 'X-Mixed'], yaml)
    t.strictSame(same, first, yaml)
    t.strictSame(foreign, ['X-Open'], yaml)
  }
})

const firstTo = (target: string): Hop => ({
  url: parseTarget(target),
  address: { ip: '192.0.2.1', family: 4 },
  host: 'example.com',
  serverName: 'inner.example',
  method: 'GET',
  withBody: false,
  foreign: false,
  referer: '',
  request: undefined,
})

test('which sites credentials are for', async (t) => {
  const rows: readonly (readonly [target: string, location: string, foreign: boolean])[] = [
    ['http://example.com', 'https://EXAMPLE.com:444/', false],
    ['http://example.com', 'http://www.example.com/', false],
    ['http://www.example.com', 'http://example.com/', true],
    ['http://example.com', 'http://badexample.com/', true],
    ['https://example.com', 'http://example.com/', true],
    ['http://[::1]', 'http://[::1]:81/', false],
    ['http://[::1]', 'http://[::2]/', true],
    ['https://example.com', '//example.com/', false],
  ]
  for (const [target, location, foreign] of rows) {
    const first = firstTo(target)
    const hop = followRedirect(first, first, 302, location)
    t.equal(hop.foreign, foreign, `${target} ${location}`)
    t.equal(hop.address, undefined)
    t.equal(followRedirect(first, { ...hop, foreign: true }, 302, target).foreign, true, 'once foreign, for good')
  }
  const first = firstTo('https://example.com/a')
  t.equal(followRedirect(first, first, 302, 'http://example.com/').referer, '', 'no Referer from https to http')
  t.equal(followRedirect(first, first, 302, '/b').referer, 'https://192.0.2.1/a')
  t.equal(followRedirect(first, first, 302, '/b').serverName, 'inner.example')
  t.equal(followRedirect(first, first, 302, 'https://example.com/b').serverName, 'inner.example')
  t.equal(followRedirect(first, first, 302, 'https://example.org/b').serverName, 'example.org')
})

test('locations beside their base', async (t) => {
  const base = parseTarget('https://u:p@h.example:8443/a/b/c?q')
  const rows: Readonly<Record<string, string>> = {
    '/x': 'https://h.example:8443/x',
    x: 'https://h.example:8443/a/b/x',
    '../x': 'https://h.example:8443/a/x',
    '../../../x/./y/..': 'https://h.example:8443/x/',
    '.': 'https://h.example:8443/a/b/',
    '?r': 'https://h.example:8443/a/b/c?r',
    '#f': 'https://h.example:8443/a/b/c?q',
    '//o.example/x': 'https://o.example/x',
    'HTTP://o.example': 'http://o.example/',
    '/grün und "so"?ü ': 'https://h.example:8443/gr%C3%BCn%20und%20%22so%22?%C3%BC%20',
    '/a%2Fb%': 'https://h.example:8443/a%2Fb%',
    'https://[fe80::1%25eth0]:1/': 'https://[fe80::1]:1/',
    'https://bücher.example/': 'https://xn--bcher-kva.example/',
  }
  const first: Hop = {
    url: base,
    address: undefined,
    host: '',
    serverName: '',
    method: 'GET',
    withBody: false,
    foreign: false,
    referer: '',
    request: undefined,
  }
  for (const [location, url] of Object.entries(rows)) {
    t.equal(formatUrl(followRedirect(first, first, 302, location).url), url, location)
  }
  t.equal(followRedirect(first, first, 302, '/x').url.userinfo, 'u:p')
  t.equal(followRedirect(first, first, 302, '//h.example/x').url.userinfo, undefined)
})

test('phases are summed over hops, transfer is of the last', async (t) => {
  const certificate = await makeCertificate({ names: ['localhost'], ips: ['127.0.0.1'] })
  const slow = 0.06
  const server = await httpServer(
    t,
    async (request, socket) => {
      await new Promise((resolve) => setTimeout(resolve, slow * 1000))
      if (pathOf(request) !== '/') return void socket.end(response())
      socket.write('HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 9\r\n\r\n')
      return undefined
    },
    { certificate },
  )
  const { ending, values } = await probe(server.url(), 'tls_config: {insecure_skip_verify: true}')
  t.equal(ending, 'success')
  const phase = (name: string): number => values[`probe_http_duration_seconds{phase="${name}"}`] ?? Number.NaN
  t.ok(phase('processing') > 2 * slow * 0.95, 'both hops')
  t.ok(phase('transfer') < slow, 'not the redirect, whose body never came')
  for (const name of ['resolve', 'connect', 'tls', 'processing', 'transfer']) t.ok(phase(name) > 0, name)
  await server.idle()
})
