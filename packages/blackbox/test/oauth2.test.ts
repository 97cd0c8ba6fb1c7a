// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import { readConfig } from '@leadline/kit'
import { type Test, test } from 'tap'
import { authorizationFor } from '../src/http/authorization.ts'
import { httpConfig } from '../src/http/config.ts'
import { failureOf } from './check-failed.ts'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'
import { type TokenAnswer, type TokenRequest, tokenServer } from './servers/token.ts'

const forever = new AbortController().signal

/** Authorization by an `oauth2` block; indentation of `fields` does not matter. */
function authorize(url: string, fields: readonly string[] = [], signal = forever): Promise<string | undefined> {
  const yaml = ['oauth2:', 'client_id: probe', `token_url: ${url}`, ...fields].join('\n  ')
  return authorizationFor(readConfig(httpConfig, yaml, 'http.yml'), { signal, userAgent: 'Blackbox-Exporter/x' })
}

const token = (
  fields: Readonly<Record<string, unknown>> = { access_token: 'abc', token_type: 'bearer' },
): TokenAnswer => ({
  body: JSON.stringify(fields),
})

test('client_credentials: the secret in a Basic header, everything else in the form', async (t) => {
  const server = await tokenServer(t, () => token())
  const more = [
    'client_secret: "s e!c~r(e)t/"',
    'scopes: [read, write]',
    'endpoint_params: {audience: api, resource: r&s}',
  ]
  t.equal(await authorize(server.url, more), 'Bearer abc')
  const [request] = server.requests
  t.equal(server.requests.length, 1)
  t.equal(request?.method, 'POST')
  t.equal(request?.url, '/token?tenant=a')
  t.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded')
  t.equal(request?.headers['user-agent'], 'Blackbox-Exporter/x')
  const [, basic = ''] = request?.headers.authorization?.split(' ') ?? []
  t.equal(Buffer.from(basic, 'base64').toString(), 'probe:s+e%21c~r%28e%29t%2F')
  t.same(Object.fromEntries(request?.form ?? []), {
    grant_type: 'client_credentials',
    scope: 'read write',
    audience: 'api',
    resource: 'r&s',
  })
})

test('a refused header is followed by parameters, with a new token for each probe', async (t) => {
  const refuse = { status: 401, body: '{"error":"invalid_client"}' }
  const server = await tokenServer(t, ({ headers }) => (headers.authorization === undefined ? token() : refuse))
  t.equal(await authorize(server.url, ['client_secret: hush']), 'Bearer abc')
  t.same(Object.fromEntries(server.requests[1]?.form ?? []), {
    grant_type: 'client_credentials',
    client_id: 'probe',
    client_secret: 'hush',
  })
  await authorize(server.url, ['client_secret: hush'])
  t.equal(server.requests.length, 4)
})

test('the secret may come from a file, which may change', async (t) => {
  const server = await tokenServer(t, () => token())
  const file = join(t.testdir({ secret: 'one\n' }), 'secret')
  await authorize(server.url, [`client_secret_file: ${file}`])
  writeFileSync(file, 'two')
  await authorize(server.url, [`client_secret_file: ${file}`])
  const sent = server.requests.map(({ headers }) =>
    Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString(),
  )
  t.same(sent, ['probe:one', 'probe:two'])
})

test('what tokens are called', async (t) => {
  const answers: TokenAnswer[] = [
    token({ access_token: 'a' }),
    token({ access_token: 'b', token_type: 'MAC' }),
    token({ access_token: 'c', token_type: 'DPoP' }),
    { type: 'application/x-www-form-urlencoded; charset=utf-8', body: 'access_token=d&token_type=BEARER' },
    { type: 'text/plain', body: 'access_token=e%20f' },
  ]
  const server = await tokenServer(t, () => answers.shift())
  const got: (string | undefined)[] = []
  while (answers.length > 0) got.push(await authorize(server.url))
  t.same(got, ['Bearer a', 'MAC b', 'DPoP c', 'Bearer d', 'Bearer e f'])
})

const echo = ({ body, headers }: TokenRequest): TokenAnswer => ({
  status: 400,
  body: JSON.stringify({ error: 'invalid_grant', error_description: `${body} ${headers.authorization}` }),
})

test('refusals are told without the secret', async (t) => {
  const server = await tokenServer(t, echo)
  const failure = await failureOf(authorize(server.url, ['client_secret: hush']))
  t.match(failure, /^An OAuth 2.0 token can not be had /)
  t.match(failure, '"status_code":400')
  t.match(failure, '"error":"invalid_grant"')
  t.match(failure, `"token_url":"http://127.0.0.1:${server.port}/token"`)
  t.notMatch(failure, /hush|aHVzaA/)
})

test('answers that hold no token', async (t) => {
  const answers: readonly (readonly [TokenAnswer, RegExp])[] = [
    [{ body: '{}' }, /the answer has no access_token/],
    [{ body: 'null' }, /the answer has no access_token/],
    [{ body: 'not json' }, /the answer has no access_token/],
    [{ body: '{"access_token":1}' }, /the answer has no access_token/],
    [{ body: '{"error":"slow_down","access_token":"a"}' }, /"status_code":200,"error":"slow_down"/],
    [{ status: 500, body: 'hush' }, /"status_code":500\}/],
    [{ status: 302, body: '' }, /"status_code":302/],
    [{ body: 'x'.repeat(1_100_000) }, /larger than 1048576 bytes/],
  ]
  for (const [answer, wanted] of answers) {
    await t.test(String(wanted), async (sub) => {
      const server = await tokenServer(sub, () => answer)
      sub.match(await failureOf(authorize(server.url, ['client_secret: hush'])), wanted)
    })
  }
})

test('an endpoint that can not be reached', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  t.match(await failureOf(authorize(`http://127.0.0.1:${port}/`)), /ECONNREFUSED/)
})

test('a silent endpoint is left with the deadline, and its connection closed', async (t) => {
  const server = await tokenServer(t, () => undefined)
  const controller = new AbortController()
  const authorization = authorize(server.url, ['client_secret: hush'], controller.signal)
  await server.asked()
  controller.abort(new Error('deadline'))
  await t.rejects(authorization, { message: 'deadline' })
  await server.idle()
  t.equal(server.requests.length, 1, 'and not asked a second time')
})

test('parameters of the config take the place of grant_type alone', async (t) => {
  const server = await tokenServer(t, () => token())
  await authorize(server.url, ['endpoint_params: {grant_type: password}'])
  t.equal(server.requests[0]?.form.get('grant_type'), 'password')
  const failure = await failureOf(authorize(server.url, ['scopes: [a]', 'endpoint_params: {scope: b}']))
  t.match(failure, 'endpoint_params can not replace parameter \\"scope\\"')
})

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

interface Assertion {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly valid: boolean
}

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

function readAssertion(assertion: string, digest: string): Assertion {
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const valid = verify(
    digest,
    Buffer.from(`${header}.${claims}`),
    createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
    Buffer.from(signature, 'base64url'),
  )
  return { header: decode(header), claims: decode(claims), valid }
}

test('jwt-bearer: an assertion signed by the key', async (t) => {
  const server = await tokenServer(t, () => token())
  const file = join(t.testdir({ 'key.pem': keyPem }), 'key.pem')
  const before = Math.floor(Date.now() / 1000)
  t.equal(
    await authorize(server.url, [`grant_type: ${jwtBearer}`, `client_certificate_key_file: ${file}`]),
    'Bearer abc',
  )
  const [request] = server.requests
  t.equal(request?.form.get('grant_type'), jwtBearer)
  t.equal(request?.headers.authorization, undefined)
  const { header, claims, valid } = readAssertion(request?.form.get('assertion') ?? '', 'sha256')
  t.ok(valid)
  t.same(header, { alg: 'RS256', typ: 'JWT' })
  t.match(claims, { iss: 'probe', sub: 'probe', aud: server.url, jti: /^[\da-f-]{36}$/ })
  t.notOk('scope' in claims)
  t.ok(Number(claims['iat']) >= before)
  t.equal(Number(claims['exp']) - Number(claims['iat']), 600)
})

test('jwt-bearer: everything set', async (t) => {
  const server = await tokenServer(t, () => token())
  const key = JSON.stringify(keyPem)
  for (const [algorithm, digest] of Object.entries({ RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' })) {
    await authorize(server.url, [
      `grant_type: ${jwtBearer}`,
      `client_certificate_key: ${key}`,
      'client_certificate_key_id: key-1',
      `signature_algorithm: ${algorithm}`,
      'iss: issuer',
      'audience: https://idp.example',
      'scopes: [a, b]',
      'claims: {sub: other, tenant: {id: 1, tags: [x, true, ~]}}',
    ])
    const form = server.requests.at(-1)?.form
    const { header, claims, valid } = readAssertion(form?.get('assertion') ?? '', digest)
    t.ok(valid, algorithm)
    t.same(header, { alg: algorithm, kid: 'key-1', typ: 'JWT' })
    t.equal(form?.get('scope'), 'a b')
    t.match(claims, { iss: 'issuer', aud: 'https://idp.example', scope: 'a b', sub: 'other' })
    t.same(claims['tenant'], { id: 1, tags: ['x', true, null] })
  }
})

test('jwt-bearer: a key that is none', async (t) => {
  const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ec = JSON.stringify(other.export({ type: 'pkcs8', format: 'pem' }))
  for (const key of ['hush', ec, '""']) {
    const fields = [`grant_type: ${jwtBearer}`, `client_certificate_key: ${key}`]
    const failure = await failureOf(authorize('http://127.0.0.1:9/', fields))
    t.match(failure, 'client_certificate_key is not an RSA key in PEM')
    t.notMatch(failure, /hush|BEGIN/)
  }
})

test('a token endpoint over TLS is verified', async (t) => {
  const authority = await makeAuthority('root')
  const server = await tokenServer(t, () => token(), await makeCertificate({ authority, ips: ['127.0.0.1'] }))
  const file = join(t.testdir({ 'ca.pem': authority.certPem }), 'ca.pem')
  t.equal(await authorize(server.url, [`tls_config: {ca_file: ${file}}`]), 'Bearer abc')
  t.equal(await authorize(server.url, ['tls_config: {insecure_skip_verify: true}']), 'Bearer abc')
  t.match(await failureOf(authorize(server.url)), /certificate signed by unknown authority/)
  const wrongName = `tls_config: {ca_file: ${file}, server_name: other.example}`
  t.match(await failureOf(authorize(server.url, [wrongName])), /failed to verify certificate/)
})

/** A proxy that keeps the request lines it got, tunnels CONNECT and answers everything else itself. */
async function proxyServer(t: Test): Promise<{ readonly url: string; readonly lines: readonly string[] }> {
  const lines: string[] = []
  const note = ({ method, url, headers }: http.IncomingMessage): void => {
    lines.push(`${method} ${url} ${headers['proxy-authorization'] ?? '-'} ${String(headers['x-team'] ?? '-')}`)
  }
  const sockets = new Set<net.Socket>()
  const server = http.createServer((request, response) => {
    note(request)
    response.end('{"access_token":"by proxy"}')
  })
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    note(request)
    const [host, port] = (request.url ?? '').split(':')
    const onward = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const end of [socket, onward]) end.on('error', () => {})
    sockets.add(onward)
  })
  server.on('connection', (socket: net.Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return { url: `http://user:hush@127.0.0.1:${(server.address() as net.AddressInfo).port}`, lines }
}

test('tokens are fetched through the proxy of the client', async (t) => {
  const proxy = await proxyServer(t)
  const credentials = `Basic ${Buffer.from('user:hush').toString('base64')}`
  t.equal(await authorize('http://idp.example:8080/token', [`proxy_url: ${proxy.url}`]), 'Bearer by proxy')
  t.same(proxy.lines, [`POST http://idp.example:8080/token ${credentials} -`])
  const server = await tokenServer(t, () => token(), await makeCertificate({ ips: ['127.0.0.1'] }))
  const throughTunnel = [
    `proxy_url: ${proxy.url}`,
    'proxy_connect_header: {X-Team: [a]}',
    'tls_config: {insecure_skip_verify: true}',
  ]
  t.equal(await authorize(server.url, throughTunnel), 'Bearer abc')
  t.equal(proxy.lines[1], `CONNECT 127.0.0.1:${server.port} ${credentials} a`)
  t.equal(await authorize(server.url, [...throughTunnel, 'no_proxy: 127.0.0.1']), 'Bearer abc')
  t.equal(proxy.lines.length, 2, 'no_proxy went without it')
})
