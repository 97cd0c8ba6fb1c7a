// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { type Endpoint, endpointsMistake, endpointsOf, parseEndpoint } from '../src/endpoint.ts'
import { followed, followRule } from '../src/membership/follow.ts'

const good: readonly (readonly [text: string, url: string])[] = [
  ['http://10.0.0.1:2379', 'http://10.0.0.1:2379'],
  ['https://Etcd-1.Example:2379/', 'https://etcd-1.example:2379'],
  ['etcd-1:2379', 'http://etcd-1:2379'],
  ['HTTPS://a:443', 'https://a:443'],
  ['http://a:80', 'http://a:80'],
  ['[FE80::0:1]:2379', 'http://[fe80::1]:2379'],
  ['0x7f.1:02379', 'http://127.0.0.1:2379'],
]

test('an endpoint is spelt one way', async (t) => {
  for (const [text, url] of good) t.match(parseEndpoint(text, 'http'), { url }, text)
  t.match(parseEndpoint('a:2379', 'https'), { url: 'https://a:2379', scheme: 'https', host: 'a', address: 'a:2379' })
  t.match(parseEndpoint('https://[::1]:2379', 'http'), { host: '::1', address: '[::1]:2379' })
})

const bad: readonly (readonly [text: string, mistake: string])[] = [
  [
    'unix:///run/etcd.sock',
    '"unix:///run/etcd.sock" has the scheme unix; endpoints are http://host:port or https://host:port',
  ],
  ['unix:/run/etcd.sock', '"unix:/run/etcd.sock" is not http://host:port or https://host:port'],
  ['https://a', '"https://a" has no port; etcd listens on 2379 unless told otherwise: https://a:2379'],
  ['a', '"a" has no port; etcd listens on 2379 unless told otherwise: http://a:2379'],
  ['a:65536', '"a:65536" has a port that is not 1 to 65535'],
  ['a:0', '"a:0" has a port that is not 1 to 65535'],
  ['http://a:1/v3', '"http://a:1/v3" is not http://host:port or https://host:port'],
  ['http://a:1,http://b:1', '"http://a:1,http://b:1" is not http://host:port or https://host:port'],
  ['::1:2379', '"::1:2379" is not http://host:port or https://host:port'],
  ['a b:1', '"a b:1" has a host that is neither a name nor an address'],
  ['300.0.0.1:1', '"300.0.0.1:1" has a host that is neither a name nor an address'],
  ['', '"" is not http://host:port or https://host:port'],
  ['http://root:secret@a:1', 'an endpoint has an @ in it; users and passwords have their own settings'],
]

test('what is no endpoint is told in one line, which never shows a password', async (t) => {
  for (const [text, mistake] of bad) t.strictSame(parseEndpoint(text, 'http'), { mistake }, text)
})

test('a second endpoint of the same listener is a mistake', async (t) => {
  t.equal(
    endpointsMistake(['http://a:1', 'b:1', 'https://A:1']),
    '"https://A:1" is the same endpoint as "http://a:1"; give it once',
  )
  t.equal(endpointsMistake(['a:1', 'b:1']), undefined)
  t.equal(
    endpointsMistake(['a:1', 'b']),
    bad
      .find(([text]) => text === 'a')?.[1]
      .replaceAll('a"', 'b"')
      .replace('//a', '//b'),
  )
})

const cases: readonly (readonly [
  what: string,
  seeds: readonly string[],
  listed: readonly string[],
  urls: readonly string[],
])[] = [
  [
    'all http and https URLs, https first',
    ['http://a:1'],
    ['http://b:1', 'https://b:2'],
    ['https://b:2', 'http://b:1'],
  ],
  [
    'no plain URL from an https endpoint',
    ['https://a:1', 'http://c:1'],
    ['http://b:1', 'https://b:2'],
    ['https://b:2'],
  ],
  [
    'no other scheme and no broken URL',
    ['http://a:1'],
    ['unix://b:1', 'ftp://b:1', 'http://b', 'b:1', '', 'http://x@b:1'],
    [],
  ],
  [
    'no link-local, unspecified or multicast address in any spelling',
    ['http://127.0.0.1:1'],
    [
      'http://169.254.169.254:80',
      'http://2852039166:80',
      'http://[::ffff:169.254.169.254]:80',
      'http://[fe80::1]:1',
      'http://0.0.0.0:2379',
      'http://[::]:2379',
      'http://224.0.0.1:1',
    ],
    [],
  ],
  [
    'no loopback URL from elsewhere',
    ['http://10.0.0.1:1'],
    ['http://localhost:1', 'http://127.0.0.2:1', 'http://[::1]:1', 'http://x.localhost.:1', 'http://10.0.0.2:1'],
    ['http://10.0.0.2:1'],
  ],
  ['loopback URLs from a loopback endpoint', ['http://[::1]:1'], ['http://localhost:2'], ['http://localhost:2']],
]

test('listed URLs are followed within what the given endpoints allow', async (t) => {
  for (const [what, seeds, listed, urls] of cases) {
    const rule = followRule(endpointsOf(seeds, 'http'))
    t.strictSame(
      followed(listed, rule).map(({ url }: Endpoint) => url),
      urls,
      what,
    )
  }
})
