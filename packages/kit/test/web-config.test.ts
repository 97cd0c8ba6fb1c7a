// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { printConfig, silent } from '@leadline/kit'
import { hash } from 'bcryptjs'
import { test } from 'tap'
import { alternativeNames } from '../src/web/client-certificate.ts'
import { webConfig } from '../src/web/config.ts'
import { WebConfigFile } from '../src/web/file.ts'
import { RateLimiter } from '../src/web/rate-limit.ts'
import { Users } from '../src/web/users.ts'
import { ask, makeToy, serveToy } from './toy.ts'
import { webFolder } from './web-folder.ts'

const folder = join(import.meta.dirname, 'web-config')

/** File to the mistake, after its name. */
const mistakes: Readonly<Record<string, string>> = {
  'unknown-key':
    '1:1: field tls_config not found. Allowed here: tls_server_config, http_server_config, basic_auth_users, rate_limit',
  'unknown-tls-key':
    '3:3: tls_server_config: field keyfile not found; did you mean key_file? Allowed here: cert, key, client_ca, cert_file, key_file, client_ca_file, client_auth_type, client_allowed_sans, min_version, max_version, cipher_suites, curve_preferences, prefer_server_cipher_suites',
  'no-cert': '2:3: tls_server_config: missing one of cert or cert_file',
  'no-key': '2:3: tls_server_config: missing one of key or key_file',
  'auth-type':
    '4:21: tls_server_config.client_auth_type: "RequireAndVerify" is not one of NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert',
  'ca-without-policy':
    '4:19: tls_server_config.client_ca_file: a client CA wants a client_auth_type that asks for certificates',
  'sans-without-required':
    '5:24: tls_server_config.client_allowed_sans: wants client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert',
  'tls-version':
    '4:16: tls_server_config.min_version: "TLS111" is not one of TLS10, TLS11, TLS12, TLS13; did you mean TLS11?',
  'tls-versions-swapped': '5:16: tls_server_config.max_version: TLS12 is older than min_version TLS13',
  cipher:
    '4:19: tls_server_config.cipher_suites[0]: "TLS_RSA_WITH_RC4_128_SHA" is not one of TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'http2-cipher':
    '2:3: tls_server_config: cipher_suites wants TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or its ECDSA form for HTTP/2, or http2: false',
  curve:
    '4:23: tls_server_config.curve_preferences[0]: "CurveP257" is not one of CurveP256, CurveP384, CurveP521, X25519; did you mean CurveP256?',
  header:
    '3:5: http_server_config.headers: field X-Powered-By not found. Allowed here: Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection, Content-Security-Policy',
  'frame-options': '3:22: http_server_config.headers.X-Frame-Options: "allow" is not one of deny, sameorigin',
  'content-type-options':
    '3:29: http_server_config.headers.X-Content-Type-Options: "sniff" is not one of nosniff; did you mean nosniff?',
  password: '2:10: basic_auth_users.alice: is not a bcrypt hash ($2a$, $2b$ or $2y$ and 60 characters long)',
  'users-list': '2:3: basic_auth_users: wants a mapping, not a list',
  'rate-interval': '2:13: rate_limit.interval: wants a duration such as 1s or 100ms, or 0',
  'rate-burst': '2:3: rate_limit: burst must be at least 1, or no request is ever allowed',
  empty: 'the file is empty (EOF)',
}

test('bad web configs', async (t) => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.bad.yml'))
  t.strictSame(
    names.toSorted(),
    Object.keys(mistakes)
      .map((name) => `${name}.bad.yml`)
      .toSorted(),
  )
  for (const [name, mistake] of Object.entries(mistakes)) {
    const path = join(folder, `${name}.bad.yml`)
    const separator = /^\d/.test(mistake) ? ':' : ': '
    t.throws(() => new WebConfigFile(path, silent).check(), { message: `${path}${separator}${mistake}` }, name)
  }
})

test('good web configs', async (t) => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.good.yml'))
  t.equal(names.length, 5)
  for (const name of names) t.doesNotThrow(() => new WebConfigFile(join(folder, name), silent).check(), name)
  const { tls_server_config: tls, http_server_config: http, rate_limit } = read('tls')
  t.equal(tls.cert_file, join(folder, 'server.pem'), 'relative to the folder of the web config')
  t.equal(tls.key_file, '/etc/keys/server.key')
  t.equal(tls.cert, '')
  t.strictSame(rate_limit, { interval: 0.1, burst: 20 })
  t.equal(http.http2, false)
  t.equal(read('nothing').http_server_config.http2, true)
  t.notMatch(printConfig(webConfig, read('users'), 2), /\$2[ay]/, 'hashes are not printed')
})

function read(name: string) {
  return new WebConfigFile(join(folder, `${name}.good.yml`), silent).current()
}

test('alternative names as Go has them', async (t) => {
  t.strictSame(alternativeNames('DNS:a.example, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, email:a@b.example'), [
    'a.example',
    '127.0.0.1',
    '::1',
    'a@b.example',
  ])
  t.strictSame(alternativeNames('URI:spiffe://mesh/a, DNS:"evil, DNS:trusted", othername:<unsupported>'), [
    'spiffe://mesh/a',
    'evil, DNS:trusted',
  ])
  t.strictSame(alternativeNames(''), [])
})

/** Users alice, with this password, and bob, whose hash takes its time. */
async function usersYaml(password: string): Promise<string> {
  return `basic_auth_users:\n  alice: ${await hash(password, 4)}\n  bob: ${await hash('b', 10)}\n`
}

test('users', async (t) => {
  const { flag, put } = await webFolder(t, { 'web.yml': await usersYaml('old') })
  const { port } = await serveToy(t, makeToy(), [flag])
  const as = (auth?: string, path = '/-/healthy') =>
    ask(`http://127.0.0.1:${port}${path}`, auth === undefined ? {} : { auth })
  const refused = await as()
  t.match(refused, { status: 401, body: 'Unauthorized\n', headers: { 'www-authenticate': 'Basic' } })
  t.match(refused.headers, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
  t.equal((await as('alice:old')).status, 200)
  t.equal((await as('alice:old')).status, 200, 'from the cache')
  t.equal((await as('alice:new')).status, 401)
  t.equal((await as('alice:new')).status, 401, 'from the cache')
  t.equal((await as('alice:')).status, 401)
  t.equal((await as('mallory:old')).status, 401)
  t.equal((await as(undefined, '/nowhere')).status, 401, 'nothing is told of what there is')
  t.equal((await as(undefined, '/%zz')).status, 401)
  for (const authorization of ['Basic', 'Basic !', `Basic ${btoa('alice')}`, `Bearer ${btoa('alice:old')}`]) {
    const { status } = await ask(`http://127.0.0.1:${port}/`, { headers: { authorization } })
    t.equal(status, 401, authorization)
  }
  await put('web.yml', await usersYaml('new'))
  t.equal((await as('alice:old')).status, 401, 'the cache holds for one hash only')
  t.equal((await as('alice:new')).status, 200)
  const slow = as('bob:b')
  const order: string[] = []
  await Promise.all([slow.then(() => order.push('bob')), as('alice:new').then(() => order.push('alice'))])
  t.strictSame(order, ['alice', 'bob'], 'a comparison does not block the others')
})

test('a broken web config', async (t) => {
  const { flag, put } = await webFolder(t, { 'web.yml': '{}\n' })
  const { port, lines } = await serveToy(t, makeToy(), [flag])
  const url = `http://127.0.0.1:${port}/-/healthy`
  t.equal((await ask(url)).status, 200)
  await put('web.yml', 'basic_auth_users: 7\n')
  t.match(await ask(url), { status: 500, body: 'Internal Server Error\n' })
  t.match(await ask(url), { status: 500 })
  const logged = lines.filter((line) => line.includes('Unable to parse web config'))
  t.equal(logged.length, 1, 'logged once')
  t.match(logged[0], 'web.yml:1:19: basic_auth_users: wants a mapping')
  await put('web.yml', 'http_server_config: {headers: {X-Frame-Options: deny}}\n')
  t.match(await ask(url), { status: 200, headers: { 'x-frame-options': 'deny' } })
})

test('rate limit, before users', async (t) => {
  const limited = 'rate_limit: {interval: 1h, burst: 2}\n'
  const users = `basic_auth_users: {alice: ${await hash('a', 4)}}\n`
  const { flag, put } = await webFolder(t, { 'web.yml': limited + users })
  const { port } = await serveToy(t, makeToy(), [flag])
  const url = `http://127.0.0.1:${port}/-/healthy`
  t.equal((await ask(url)).status, 401)
  t.equal((await ask(url, { auth: 'alice:a' })).status, 200)
  t.match(await ask(url, { auth: 'alice:a' }), { status: 429, body: 'Too Many Requests\n' })
  await put('web.yml', `${limited}# changed\n${users}`)
  t.equal((await ask(url, { auth: 'alice:a' })).status, 429, 'the same limit goes on counting')
  await put('web.yml', users)
  t.equal((await ask(url, { auth: 'alice:a' })).status, 200)
})

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

test('verdicts are remembered, and too many questions refused', async (t) => {
  const users = new Users()
  t.teardown(() => users.close())
  const known = new Map([['alice', await hash('right', 4)]])
  t.equal(users.allows(undefined, known), false)
  const first = users.allows(basic('alice', 'right'), known)
  t.type(first, Promise, 'compared in the thread')
  t.equal(await first, true)
  t.equal(users.allows(basic('alice', 'right'), known), true, 'known at once')
  const unknown = users.allows(basic('mallory', 'right'), known)
  t.type(unknown, Promise, 'an unknown user costs a comparison as well')
  t.equal(await unknown, false)
  t.equal(users.allows(basic('mallory', 'right'), known), false, 'known at once')
  const guess = async (text: string): Promise<boolean> => users.allows(basic('alice', text), known)
  const guesses = Array.from({ length: 70 }, (_, i) => guess(`guess ${i}`))
  const again = users.allows(basic('alice', 'guess 0'), known)
  const verdicts = await Promise.allSettled(guesses)
  t.equal(verdicts.filter(({ status }) => status === 'rejected').length, 5, 'one is compared and 64 wait')
  t.equal(await again, false, 'the same guess shares one comparison')
  await Promise.all(Array.from({ length: 60 }, (_, i) => guess(`more ${i}`)))
  const forgotten = users.allows(basic('alice', 'guess 0'), known)
  t.type(forgotten, Promise, 'the oldest guesses are forgotten')
  t.equal(await forgotten, false)
  t.equal(users.allows(basic('alice', 'right'), known), true, 'guesses do not drive out who belongs')
})

test('the token bucket', async (t) => {
  const clock = { time: 0, now: () => clock.time, unix: () => clock.time }
  const limiter = new RateLimiter(10, 2, clock)
  t.strictSame([limiter.allow(), limiter.allow(), limiter.allow()], [true, true, false])
  clock.time = 9
  t.equal(limiter.allow(), false)
  clock.time = 10
  t.strictSame([limiter.allow(), limiter.allow()], [true, false])
  clock.time = 1000
  t.strictSame([limiter.allow(), limiter.allow(), limiter.allow()], [true, true, false], 'no more than the burst')
})
