// SPDX-License-Identifier: Apache-2.0
import { jsonSchemaOf, printConfig, readConfig } from '@leadline/kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'
import { parse } from 'yaml'
import { recordClasses, recordTypes } from '../src/dns/codes.ts'
import { dnsConfig } from '../src/dns/config.ts'

const read = (yaml: string) => readConfig(dnsConfig, yaml, 'blackbox.yml')

test('defaults', async (t) => {
  t.match(read('query_name: example.com'), {
    query_name: 'example.com',
    query_type: '',
    query_class: '',
    recursion_desired: true,
    transport_protocol: '',
    dns_over_tls: false,
    source_ip_address: '',
    preferred_ip_protocol: '',
    ip_protocol_fallback: true,
    valid_rcodes: [],
  })
})

const full = `query_name: example.com
query_type: SOA
query_class: CH
recursion_desired: no
transport_protocol: tcp
dns_over_tls: true
tls_config:
  server_name: dns.example.com
source_ip_address: 127.0.0.1
preferred_ip_protocol: ip4
ip_protocol_fallback: false
valid_rcodes: [NOERROR, NXDOMAIN, NOTIMPL]
validate_answer_rrs:
  fail_if_matches_regexp: [".*127.0.0.1"]
  fail_if_all_match_regexp: [a]
  fail_if_not_matches_regexp: ["www.prometheus.io.\\t300\\tIN\\tA\\t127.0.0.1"]
  fail_if_none_matches_regexp: [b]
validate_authority_rrs:
  fail_if_matches_regexp: [c]
validate_additional_rrs:
  fail_if_matches_regexp: [d]
`

test('a config prints as it reads, and its schema takes it', async (t) => {
  const value = read(full)
  const printed = printConfig(dnsConfig, value, 2)
  t.strictSame(printConfig(dnsConfig, read(printed), 2), printed)
  t.strictSame(parse(printed), { ...parse(full, { version: '1.1' }), tls_config: parse(printed).tls_config })
  const validate = new Ajv2020({ allowUnionTypes: true, strict: false }).compile(jsonSchemaOf(dnsConfig, 'dns'))
  t.ok(validate(parse(full)), JSON.stringify(validate.errors))
  t.notOk(validate({ query_name: 'a', query_type: 'BOGUS' }), 'the schema knows the types')
})

/** A config and what is said of it. */
const mistakes: readonly (readonly [yaml: string, message: string])[] = [
  ['{}', 'blackbox.yml:1:1: query name must be set for DNS module'],
  ['query_type: A', 'blackbox.yml:1:1: query name must be set for DNS module'],
  ['query_name: ""', 'blackbox.yml:1:13: query_name: query name must be set for DNS module'],
  ['{query_name: a, query_type: BOGUS}', "blackbox.yml:1:29: query_type: query type 'BOGUS' is not valid"],
  ['{query_name: a, query_type: aaaa}', "query type 'aaaa' is not valid; did you mean AAAA?"],
  ['{query_name: a, query_type: TYPE1}', "query type 'TYPE1' is not valid"],
  ['{query_name: a, query_class: X}', "blackbox.yml:1:30: query_class: query class 'X' is not valid"],
  [
    '{query_name: a, valid_rcodes: [NOERROR, NXDOMIAN]}',
    "blackbox.yml:1:41: valid_rcodes[1]: rcode 'NXDOMIAN' is not valid; did you mean NXDOMAIN?",
  ],
  ['{query_name: a, valid_rcodes: [""]}', "valid_rcodes[0]: rcode '' is not valid"],
  ['{query_name: a, transport_protocol: udp4}', "transport_protocol: transport protocol 'udp4' is not udp or tcp"],
  [
    '{query_name: a, dns_over_tls: true}',
    'blackbox.yml:1:31: dns_over_tls: dns_over_tls needs transport_protocol: tcp',
  ],
  ['{query_name: a, source_ip_address: here}', 'source_ip_address: "here" is not an IP address'],
  ['{query_name: a..b}', '"a..b" is not a domain name: it has an empty label'],
  [
    '{query_name: a, validate_answer_rrs: {fail_if_matches_regexp: ["(?!x)"]}}',
    'validate_answer_rrs.fail_if_matches_regexp[0]: "Could not compile regular expression"',
  ],
  ['{query_name: a, query_nmae: b}', 'field query_nmae not found; did you mean query_name?'],
  ['{query_name: a, validate_answer_rrs: {fail_if_match: []}}', 'field fail_if_match not found'],
]

test('mistakes are told where they are', async (t) => {
  for (const [yaml, message] of mistakes) {
    try {
      read(yaml)
      t.fail(`${yaml} must be refused`)
    } catch (error) {
      t.ok((error as Error).message.includes(message), `${yaml}: ${(error as Error).message}`)
    }
  }
})

test('every type and class that the peer knows by name, and none by number', async (t) => {
  for (const name of recordTypes.keys()) t.equal(read(`{query_name: a, query_type: "${name}"}`).query_type, name)
  for (const name of recordClasses.keys()) t.equal(read(`{query_name: a, query_class: "${name}"}`).query_class, name)
  t.strictSame([...recordClasses.keys()].toSorted(), ['ANY', 'CH', 'CS', 'HS', 'IN', 'NONE'])
})

test('a module without a dns block asks for the root', async (t) => {
  t.match(dnsConfig.absent, { query_name: '', recursion_desired: true, ip_protocol_fallback: true })
})
