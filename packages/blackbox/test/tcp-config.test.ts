// SPDX-License-Identifier: Apache-2.0
import { printConfig, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { tcpConfig } from '../src/tcp/config.ts'

test('an empty block has the defaults', async (t) => {
  const config = readConfig(tcpConfig, '{}', 'a.yml')
  t.match(config, {
    preferred_ip_protocol: '',
    ip_protocol_fallback: true,
    source_ip_address: '',
    query_response: [],
    tls: false,
  })
})

const whole = `preferred_ip_protocol: ip4
ip_protocol_fallback: false
source_ip_address: 127.0.0.1
query_response:
  - expect: ^SSH-(\\d+)
    labels:
      - name: version
        value: \${1}
    send: SSH-2.0-probe
  - starttls: true
  - expect_bytes: !!binary AP8=
    send: !!binary AQI=
tls: true
tls_config:
  server_name: example.com
`

test('every field is read', async (t) => {
  const config = readConfig(tcpConfig, whole, 'a.yml')
  const [first, second, third] = config.query_response
  t.equal(config.preferred_ip_protocol, 'ip4')
  t.equal(config.ip_protocol_fallback, false)
  t.equal(config.source_ip_address, '127.0.0.1')
  t.equal(config.tls, true)
  t.equal(config.tls_config.server_name, 'example.com')
  t.equal(first?.expect?.source, '^SSH-(\\d+)')
  t.strictSame(first?.labels, [{ name: 'version', value: '${1}' }])
  t.strictSame(first?.send, Buffer.from('SSH-2.0-probe'))
  t.equal(first?.starttls, false)
  t.equal(second?.starttls, true)
  t.strictSame(third?.expect_bytes, Buffer.from([0, 255]))
  t.strictSame(third?.send, Buffer.from([1, 2]))
})

test('a printed config reads to the same again', async (t) => {
  const config = readConfig(tcpConfig, whole, 'a.yml')
  const printed = printConfig(tcpConfig, config, 2)
  t.strictSame(printConfig(tcpConfig, readConfig(tcpConfig, printed, 'b.yml'), 2), printed)
  t.match(printed, /expect_bytes: !!binary/)
  t.match(printed, /name: version/)
})

const mistakes: readonly (readonly [what: string, yaml: string, message: string | RegExp])[] = [
  [
    'expect beside expect_bytes',
    'query_response: [{expect: a, expect_bytes: b}]',
    'a.yml:1:44: query_response[0].expect_bytes: expect and expect_bytes are mutually exclusive',
  ],
  [
    'a regular expression that is none',
    'query_response: [{expect: ":["}]',
    /^a\.yml:1:27: query_response\[0\]\.expect: "Could not compile regular expression" regexp=":\["/,
  ],
  [
    'a label name that is none',
    'query_response: [{expect: a, labels: [{name: 1a, value: b}]}]',
    'a.yml:1:46: query_response[0].labels[0].name: "1a" is not a label name; it takes letters, digits and _, and no digit first',
  ],
  [
    'a reserved label name',
    'query_response: [{expect: a, labels: [{name: __a, value: b}]}]',
    'a.yml:1:46: query_response[0].labels[0].name: "__a" is reserved: names with __ in front are Prometheus\' own',
  ],
  [
    'a label without a name',
    'query_response: [{expect: a, labels: [{value: b}]}]',
    'a.yml:1:39: query_response[0].labels[0]: name must be set',
  ],
  [
    'a label twice',
    'query_response: [{expect: a, labels: [{name: b, value: c}, {name: b}]}]',
    'a.yml:1:38: query_response[0].labels: label b is there twice',
  ],
  [
    'a source address that is none',
    'source_ip_address: localhost',
    'a.yml:1:20: source_ip_address: "localhost" is not an IP address',
  ],
  [
    'a mistyped field',
    'query_responses: []',
    /^a\.yml:1:1: field query_responses not found; did you mean query_response\?/,
  ],
  [
    'a mistyped field of an entry',
    'query_response: [{expects: a}]',
    /^a\.yml:1:19: query_response\[0\]: field expects not found; did you mean expect\?/,
  ],
  ['a list that is none', 'query_response: a', 'a.yml:1:17: query_response: wants a list, not "a"'],
]

for (const [what, yaml, message] of mistakes) {
  test(`refuses ${what}`, async (t) => {
    t.throws(() => readConfig(tcpConfig, yaml, 'a.yml'), { name: 'ConfigError', message })
  })
}
