// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { ConfigError, jsonSchemaOf, printConfig, readConfig } from '@leadline/kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { test } from 'tap'
import { parse, stringify } from 'yaml'
import { blackboxConfig } from '../src/config.ts'
import { formatByteSize, parseByteSize } from '../src/http/byte-size.ts'
import { isAcceptable } from '../src/http/compression-config.ts'
import { type HttpConfig, httpConfig } from '../src/http/config.ts'
import { canonicalHeaderName } from '../src/http/headers-config.ts'
import { httpMistakes } from './config/http-mistakes.ts'

const folder = new URL('config/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.startsWith('http-'))
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const fitsSchema = new Ajv2020({ allowUnionTypes: true }).compile(jsonSchemaOf(blackboxConfig, 'blackbox'))
const parseYaml = (text: string): unknown => parse(text, { merge: true, uniqueKeys: false })

function read(yaml: string): HttpConfig {
  return readConfig(httpConfig, yaml, 'http.yml')
}

function mistakesIn(name: string): string[] {
  try {
    readConfig(blackboxConfig, textOf(name), name)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n').map((line) => line.replace(/(Allowed here: ).*/, '$1'))
  }
}

test('each bad file is refused with its place and the reason', (t) => {
  const names = files.filter((name) => name.endsWith('.bad.yml'))
  t.same(
    names.map((name) => name.slice('http-'.length, -'.bad.yml'.length)).toSorted(),
    Object.keys(httpMistakes).toSorted(),
  )
  for (const [what, { structural, messages }] of Object.entries(httpMistakes)) {
    const name = `http-${what}.bad.yml`
    t.same(
      mistakesIn(name),
      messages.map((message) => `${name}:${message}`),
      what,
    )
    t.equal(fitsSchema(parseYaml(textOf(name))), !structural, `the JSON Schema about ${what}`)
  }
  t.end()
})

test('each good file is read, fits the JSON Schema, and is printed without secrets', (t) => {
  const names = files.filter((name) => name.endsWith('.good.yml'))
  t.ok(names.length > 0)
  for (const name of names) {
    t.same(mistakesIn(name), [], name)
    t.ok(fitsSchema(parseYaml(textOf(name))), `the JSON Schema about ${name}: ${JSON.stringify(fitsSchema.errors)}`)
    const config = readConfig(blackboxConfig, textOf(name), name)
    const printed = printConfig(blackboxConfig, config, 2)
    t.notMatch(printed, /hush/, `${name} printed`)
    const again = readConfig(blackboxConfig, printed, 'printed.yml')
    t.equal(printConfig(blackboxConfig, again, 2), printed, `${name} printed, read and printed`)
  }
  t.end()
})

test('defaults', (t) => {
  const config = read('{}')
  t.match(config, {
    valid_status_codes: [],
    valid_http_versions: [],
    preferred_ip_protocol: '',
    ip_protocol_fallback: true,
    skip_resolve_phase_with_proxy: false,
    fail_if_ssl: false,
    fail_if_not_ssl: false,
    method: '',
    fail_if_body_matches_regexp: [],
    fail_if_body_not_matches_regexp: [],
    fail_if_header_matches: [],
    fail_if_header_not_matches: [],
    body_file: '',
    compression: '',
    body_size_limit: 0,
    enable_http3: false,
    follow_redirects: true,
    enable_http2: true,
    no_proxy: '',
    proxy_from_environment: false,
  })
  const absent = ['body', 'basic_auth', 'authorization', 'oauth2', 'proxy_url'] as const
  for (const key of [...absent, 'fail_if_body_json_matches_cel', 'fail_if_body_json_not_matches_cel'] as const)
    t.equal(config[key], undefined, key)
  for (const key of ['headers', 'http_headers', 'proxy_connect_header'] as const) t.equal(config[key].size, 0, key)
  t.same(httpConfig.absent, config)
  t.end()
})

test('every field is read', (t) => {
  const config = read(`
valid_status_codes: [200, 0x1f4, 404]
valid_http_versions: [HTTP/2.0]
preferred_ip_protocol: ip4
ip_protocol_fallback: no
skip_resolve_phase_with_proxy: "yes"
fail_if_ssl: On
fail_if_not_ssl: true
method: 123
headers: {Host: vhost.example, x-n: 1}
fail_if_body_matches_regexp: [a]
fail_if_body_not_matches_regexp: [b, c]
fail_if_body_json_matches_cel: body.d == 1
fail_if_body_json_not_matches_cel: body.e == 1
fail_if_header_matches: [{header: F, regexp: f, allow_missing: true}]
fail_if_header_not_matches: [{header: G, regexp: g}]
body: !!binary AP8=
compression: Deflate
body_size_limit: 1KB
follow_redirects: false
enable_http2: false
basic_auth: {username: u, password: p}
tls_config: {server_name: s}
proxy_url: https://u:p@proxy.example:8443
no_proxy: a,b
proxy_connect_header: {H: [i, j]}
http_headers: {X-K: {values: [k], secrets: [l], files: [m]}}
`)
  t.match(config, {
    valid_status_codes: [200, 500, 404],
    valid_http_versions: ['HTTP/2.0'],
    preferred_ip_protocol: 'ip4',
    ip_protocol_fallback: false,
    skip_resolve_phase_with_proxy: true,
    fail_if_ssl: true,
    fail_if_not_ssl: true,
    method: '123',
    fail_if_body_matches_regexp: [{ source: 'a' }],
    fail_if_body_not_matches_regexp: [{ source: 'b' }, { source: 'c' }],
    fail_if_body_json_matches_cel: { source: 'body.d == 1' },
    fail_if_body_json_not_matches_cel: { source: 'body.e == 1' },
    fail_if_header_matches: [{ header: 'F', regexp: { source: 'f' }, allow_missing: true }],
    fail_if_header_not_matches: [{ header: 'G', regexp: { source: 'g' }, allow_missing: false }],
    compression: 'deflate',
    body_size_limit: 1024,
    follow_redirects: false,
    enable_http2: false,
    basic_auth: { username: 'u', password: 'p' },
    tls_config: { server_name: 's' },
    no_proxy: 'a,b',
  })
  t.same(config.body, Buffer.from([0, 255]))
  t.same(config.headers, new Map(Object.entries({ Host: 'vhost.example', 'x-n': '1' })))
  t.equal(config.proxy_url?.href, 'https://u:p@proxy.example:8443/')
  t.same(config.proxy_connect_header, new Map([['H', ['i', 'j']]]))
  t.same(config.http_headers, new Map([['X-K', { values: ['k'], secrets: ['l'], files: ['m'] }]]))
  t.equal(read('body_file: a').body_file, 'a')
  t.equal(read('proxy_from_environment: true').proxy_from_environment, true)
  t.equal(read('body: ""').body, undefined)
  t.end()
})

test('old spellings become the new ones', (t) => {
  const bearer = { type: 'Bearer', credentials: 'x', credentials_file: '', credentials_ref: '' }
  t.same(read('bearer_token: x').authorization, bearer)
  t.same(read('bearer_token_file: f').authorization, { ...bearer, credentials: '', credentials_file: 'f' })
  t.same(read('authorization: {type: "  ", credentials: x}').authorization, bearer)
  t.equal(read('authorization: {type: " DSN ", credentials: x}').authorization?.type, 'DSN')
  t.equal(read('no_follow_redirects: true').follow_redirects, false)
  t.equal(read('{no_follow_redirects: false, follow_redirects: false}').follow_redirects, true)
  const warnings: string[] = []
  readConfig(httpConfig, 'no_follow_redirects: true', 'http.yml', (line) => warnings.push(line))
  t.same(warnings, ['http.yml:1:22: no_follow_redirects: is old; write follow_redirects'])
  t.notMatch(printConfig(httpConfig, read('{no_follow_redirects: true, bearer_token: x}'), 2), /no_follow|bearer_token/)
  t.end()
})

test('an unknown grant is taken for client_credentials, with a warning', (t) => {
  const warnings: string[] = []
  const yaml = 'oauth2: {client_id: a, token_url: "http://b", grant_type: password}'
  readConfig(httpConfig, yaml, 'http.yml', (line) => warnings.push(line))
  t.same(warnings, ['http.yml:1:9: oauth2: grant_type "password" is not known; client_credentials is taken'])
  t.end()
})

test('secrets are printed as <secret>, proxy passwords as xxxxx', (t) => {
  const printed = printConfig(
    httpConfig,
    read(`
headers: {authorization: hush, Cookie: hush, X-Api-Key: hush, X-Auth-Token: hush, X-Author: shown, Accept: shown2}
basic_auth: {username: shown3, password: hush}
proxy_url: http://user:hush@proxy.example:3128
proxy_connect_header: {Proxy-Authorization: [hush]}
http_headers: {X-A: {values: [shown4], secrets: [hush]}}
tls_config: {cert: shown5, key: hush}
`),
    2,
  )
  t.notMatch(printed, /hush/)
  for (const shown of ['shown', 'shown2', 'shown3', 'shown4', 'shown5']) t.match(printed, new RegExp(`${shown}\\n`))
  t.match(printed, /Cookie: <secret>[^]*\n {2}authorization: <secret>/)
  t.match(printed, 'proxy_url: http://user:xxxxx@proxy.example:3128\n')
  t.end()
})

test('an Accept-Encoding header must allow the compression', (t) => {
  const pairs: readonly (readonly [Parameters<typeof isAcceptable>[0], string, boolean])[] = [
    ['', 'gzip', true],
    ['gzip', '', true],
    ['gzip', 'gzip', true],
    ['gzip', 'gzip;q=1.0', true],
    ['gzip', 'gzip, compress', true],
    ['gzip', 'compress, gzip', true],
    ['br', 'gzip, compress', false],
    ['br', 'gzip, compress, *', true],
    ['br', 'gzip, compress, *;q=0.1', true],
    ['br', 'gzip, compress, br;q=0.0', false],
    ['br', 'gzip, compress, *;q=0.0', false],
    ['br', 'gzip;q=1.0, compress;q=0.5, br;q=0.1, *;q=0.0', true],
    ['br', '*;q=0.0, compress;q=0.5, br;q=0.1, gzip;q=1.0', true],
    ['br', ' gzip;q=1.0, compress; q=0.5, br;q=0.1, *; q=0.0 ', true],
    ['gzip', 'gzip;q=x', false],
    ['gzip', 'gzip;q=0.0001', false],
  ]
  for (const [coding, header, wanted] of pairs)
    t.equal(isAcceptable(coding, header), wanted, `${coding} by "${header}"`)
  t.equal(read('{compression: GZIP, headers: {accept-encoding: gzip}}').compression, 'gzip')
  t.end()
})

test('header names are spelt as Go spells them', (t) => {
  t.equal(canonicalHeaderName('accEpt-enCoding'), 'Accept-Encoding')
  t.equal(canonicalHeaderName('x-1a-b'), 'X-1a-B')
  t.equal(canonicalHeaderName('not a token'), 'not a token')
  t.end()
})

test('sizes count in steps of 1024', (t) => {
  const sizes = { '0': 0, '1B': 1, '1KB': 1024, '1KiB': 1024, '1.5KB': 1536, '10MB': 10_485_760, '1GiB': 2 ** 30 }
  const more = {
    '1TB': 2 ** 40,
    '1PB': 2 ** 50,
    '1EB': 2 ** 60,
    '1KB1B': 1025,
    '1MiB512KiB': 1_572_864,
    '.5MB': 524_288,
  }
  for (const [size, bytes] of Object.entries({ ...sizes, ...more, '+1B': 1, '-1KB': -1024, '1.9B': 1 }))
    t.equal(parseByteSize(size), bytes, size)
  t.equal(formatByteSize(1_572_864), '1MiB512KiB')
  t.equal(formatByteSize(0), '0B')
  t.equal(read('body_size_limit: -5B').body_size_limit, 0)
  t.end()
})

test('a printed size reads to the same number', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      return parseByteSize(formatByteSize(bytes)) === bytes
    }),
  )
  t.pass('no counterexample')
  t.end()
})

test('any YAML is read or refused by a ConfigError', (t) => {
  const scalar = fc.oneof(
    fc.constantFrom(null, true, 0, -1, 1.5, '', '10MB', 'gzip', ':[', 'body.a', 'http://u:p@h', 'a;q=', '*'),
    fc.string({ maxLength: 6 }),
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('tree'), { maxLength: 3 }), tie('map')),
    map: fc.dictionary(
      fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('values', 'header', 'regexp')),
      tie('tree'),
    ),
  }))
  const keys = Object.keys(httpConfig.absent)
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 5 }), (value) => {
      try {
        const config = read(stringify(value))
        return typeof printConfig(httpConfig, config, 2) === 'string'
      } catch (error) {
        return error instanceof ConfigError && error.problems.length > 0
      }
    }),
    { numRuns: 1_000 },
  )
  t.pass('no counterexample')
  t.end()
})
