// SPDX-License-Identifier: Apache-2.0
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '@leadline/kit'
import { test } from 'tap'
import { authorizationFor, extraHeaders } from '../src/http/authorization.ts'
import { httpConfig } from '../src/http/config.ts'
import { failureOf } from './check-failed.ts'

const options = { signal: new AbortController().signal, userAgent: 'test' }

function authorization(yaml: string): Promise<string | undefined> {
  return authorizationFor(readConfig(httpConfig, yaml, 'http.yml'), options)
}

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}

test('nothing configured, no header', async (t) => {
  t.equal(await authorization('{}'), undefined)
  t.same(await extraHeaders(readConfig(httpConfig, '{}', 'http.yml')), [])
})

test('inline credentials', async (t) => {
  t.equal(await authorization('basic_auth: {username: user, password: "pä:ss"}'), basic('user:pä:ss'))
  t.equal(await authorization('basic_auth: {username: user}'), basic('user:'))
  t.equal(await authorization('basic_auth: {}'), basic(':'))
  t.equal(await authorization('bearer_token: abc'), 'Bearer abc')
  t.equal(await authorization('authorization: {credentials: abc}'), 'Bearer abc')
  t.equal(await authorization('authorization: {type: ApiKey, credentials: a b}'), 'ApiKey a b')
  t.equal(await authorization('authorization: {type: Negotiate}'), 'Negotiate')
})

test('credentials from files, which may change', async (t) => {
  const dir = t.testdir({ name: ' user\n', word: 'one\n', token: 'abc\r\n' })
  const config = readConfig(
    httpConfig,
    `basic_auth: {username_file: ${join(dir, 'name')}, password_file: ${join(dir, 'word')}}`,
    'http.yml',
  )
  t.equal(await authorizationFor(config, options), basic('user:one'))
  writeFileSync(join(dir, 'word'), 'two')
  t.equal(await authorizationFor(config, options), basic('user:two'))
  t.equal(await authorization(`bearer_token_file: ${join(dir, 'token')}`), 'Bearer abc')
  t.equal(await authorization(`authorization: {type: X, credentials_file: ${join(dir, 'token')}}`), 'X abc')
  rmSync(join(dir, 'word'))
  const failure = await failureOf(authorizationFor(config, options))
  t.match(failure, 'A secret can not be had')
  t.match(failure, '"secret":"password"')
  t.match(failure, join(dir, 'word'))
  t.match(failure, 'ENOENT')
})

test('references fail, since there is nobody to ask', async (t) => {
  const refs: Readonly<Record<string, string>> = {
    'basic_auth: {username_ref: a}': 'username',
    'basic_auth: {username: u, password_ref: a}': 'password',
    'authorization: {credentials_ref: a}': 'credentials',
    'oauth2: {client_id: c, client_secret_ref: a, token_url: "http://127.0.0.1:9/"}': 'client_secret',
  }
  for (const [yaml, secret] of Object.entries(refs)) {
    const failure = await failureOf(authorization(yaml))
    t.match(failure, 'cannot use secret ref without manager', yaml)
    t.match(failure, `"secret":"${secret}"`, yaml)
  }
})

test('http_headers: values, then secrets, then files', async (t) => {
  const dir = t.testdir({ a: ' three\n', b: 'four' })
  const config = readConfig(
    httpConfig,
    `http_headers:
  x-tenant:
    values: [one, one]
    secrets: [two]
    files: [${join(dir, 'a')}, ${join(dir, 'b')}]
  X-Other: {values: [five]}
`,
    'http.yml',
  )
  t.same(await extraHeaders(config), [
    ['X-Tenant', 'one'],
    ['X-Tenant', 'one'],
    ['X-Tenant', 'two'],
    ['X-Tenant', 'three'],
    ['X-Tenant', 'four'],
    ['X-Other', 'five'],
  ])
  writeFileSync(join(dir, 'b'), 'changed')
  t.same((await extraHeaders(config))[4], ['X-Tenant', 'changed'])
  rmSync(join(dir, 'b'))
  const failure = await failureOf(extraHeaders(config))
  t.match(failure, '"secret":"X-Tenant"')
  t.match(failure, 'ENOENT')
})
