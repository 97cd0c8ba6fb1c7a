// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { parsePort, splitHostPort } from '../src/net/target.ts'

const split: readonly (readonly [target: string, host: string, port: string])[] = [
  ['example.com:80', 'example.com', '80'],
  ['127.0.0.1:http', '127.0.0.1', 'http'],
  ['[::1]:443', '::1', '443'],
  ['[fe80::1%eth0]:53', 'fe80::1%eth0', '53'],
  ['[localhost]:1', 'localhost', '1'],
  [':80', '', '80'],
  ['localhost:', 'localhost', ''],
  ['[]:80', '', '80'],
  [':', '', ''],
]

for (const [target, host, port] of split) {
  test(`splits ${target}`, async (t) => t.strictSame(splitHostPort(target), { host, port }))
}

const broken = [
  '',
  'localhost',
  '::1',
  '::1:80',
  'a:b:80',
  '[::1]',
  '[::1]80',
  '[::1:80',
  '::1]:80',
  '[::1]]:80',
  '[[::1]:80',
  '[::1]:[80',
  '[::1]:80]',
  'loc[alhost:80',
  'a]:80',
  '[a]b:80',
  '[a]:b:80',
]

for (const target of broken) {
  test(`refuses ${target === '' ? 'nothing' : target}`, async (t) => t.equal(splitHostPort(target), undefined))
}

test('a port is digits, nothing or a service', async (t) => {
  t.equal(parsePort('65535'), 65_535)
  t.equal(parsePort('080'), 80)
  t.equal(parsePort('+80'), 80)
  t.equal(parsePort(''), 0)
  t.equal(parsePort('https'), 443)
  t.equal(parsePort('SMTP'), 25)
  for (const bad of ['65536', '-1', '8a', '1e3', ' 80', 'constructor', 'nothing-of-the-kind'])
    t.equal(parsePort(bad), undefined, bad)
})
