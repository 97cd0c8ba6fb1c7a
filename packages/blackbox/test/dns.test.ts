// SPDX-License-Identifier: Apache-2.0
import { runOnce } from '@leadline/kit/testing'
import { type Test, test } from 'tap'
import { dns } from '../src/probers/dns.ts'
import { type Answer, addressRecord, dnsServer, type ReplyOptions, replyTo, transports } from './servers/dns.ts'

/** Answers with two addresses, and only those who ask for recursion. */
const recursive: Answer = (query, send) => {
  const wanted = query.packet.flag_rd
  const answers = [addressRecord('127.0.0.1'), addressRecord('127.0.0.2')]
  send(replyTo(query, wanted ? { answers } : { rcode: 5 }))
}

/** What an authoritative server says of a zone: one record in each section. */
const authoritativeReply: ReplyOptions = {
  authoritative: true,
  answers: [
    {
      type: 'SOA',
      name: 'example.com',
      ttl: 3600,
      data: {
        mname: 'ns.example.com',
        rname: 'noc.example.com',
        serial: 1000,
        refresh: 7200,
        retry: 3600,
        expire: 1_209_600,
        minimum: 3600,
      },
    },
    addressRecord('127.0.0.1'),
  ],
  authorities: [
    { type: 'NS', name: 'example.com', ttl: 7200, data: 'ns1.isp.net' },
    { type: 'NS', name: 'example.com', ttl: 7200, data: 'ns2.isp.net' },
  ],
  additionals: [addressRecord('127.0.0.1', 'ns1.isp.net'), addressRecord('127.0.0.2', 'ns2.isp.net')],
}

const authoritative: Answer = (query, send) => send(replyTo(query, authoritativeReply))

/** A module's settings and how its probe must end. */
interface Row {
  readonly yaml: string
  readonly succeeds: boolean
}

async function checkRows(t: Test, answer: Answer, rows: readonly Row[]): Promise<void> {
  for (const transport of transports) {
    const { target } = await dnsServer(t, transport, answer)
    for (const { yaml, succeeds } of rows) {
      const run = await runOnce(dns, { target, yaml: `{transport_protocol: ${transport}, ${yaml}}` })
      t.equal(run.ending, succeeds ? 'success' : 'failed', `${transport}: ${yaml}`)
      t.equal(run.values['probe_dns_query_succeeded'], 1, `${transport}: a reply arrived whatever it says`)
    }
  }
}

test('a recursive server: RD bit, response codes, validators', (t) =>
  checkRows(t, recursive, [
    { yaml: 'query_name: example.com', succeeds: true },
    { yaml: 'query_name: example.com, valid_rcodes: [SERVFAIL, NXDOMAIN]', succeeds: false },
    { yaml: 'query_name: example.com, recursion_desired: false, valid_rcodes: [REFUSED]', succeeds: true },
    { yaml: 'query_name: example.com, recursion_desired: false', succeeds: false },
    {
      yaml: 'query_name: example.com, validate_answer_rrs: {fail_if_matches_regexp: [".*7200.*"], fail_if_not_matches_regexp: [".*3600.*"]}',
      succeeds: true,
    },
    {
      yaml: 'query_name: example.com, validate_authority_rrs: {fail_if_matches_regexp: [".*7200.*"]}',
      succeeds: true,
    },
    {
      yaml: 'query_name: example.com, validate_additional_rrs: {fail_if_none_matches_regexp: [".*3600.*"]}',
      succeeds: false,
    },
  ]))

const validators = ['validate_answer_rrs', 'validate_authority_rrs', 'validate_additional_rrs'] as const
/** An expression for each section that one of its two records matches, one that both do, one that neither does. */
const expressions = {
  validate_answer_rrs: { one: '127.0.0.1$', both: '^example.com.\\t3600\\tIN\\t', none: '7200\\tIN' },
  validate_authority_rrs: { one: 'ns1.isp.net.$', both: '\\t7200\\tIN\\tNS\\t', none: '^ns1' },
  validate_additional_rrs: { one: '^ns1.isp.net.', both: '\\tA\\t127.0.0.', none: '127.0.0.3' },
}

test('the four rules in each section', (t) => {
  const rows = validators.flatMap((section) => {
    const { one, both, none } = expressions[section]
    const row = (rule: string, list: string[], succeeds: boolean): Row => {
      const rules = `{fail_if_${rule}_regexp: [${list.map((source) => `'${source}'`).join(', ')}]}`
      return { yaml: `query_name: example.com, query_type: SOA, ${section}: ${rules}`, succeeds }
    }
    return [
      row('matches', [one], false),
      row('matches', [none], true),
      row('matches', [none, one], false),
      row('not_matches', [both], true),
      row('not_matches', [one], false),
      row('not_matches', [both, one], false),
      row('none_matches', [one], true),
      row('none_matches', [none], false),
      row('none_matches', [none, one], true),
      // Against its name, and as the peer's own test has it.
      row('all_match', [both], true),
      row('all_match', [one], false),
      row('all_match', [both, one], false),
    ]
  })
  return checkRows(t, authoritative, rows)
})

test('rules over sections without records', (t) =>
  checkRows(
    t,
    (query, send) => send(replyTo(query)),
    validators.flatMap((section) => [
      { yaml: `query_name: a, ${section}: {fail_if_matches_regexp: ['']}`, succeeds: true },
      { yaml: `query_name: a, ${section}: {fail_if_all_match_regexp: ['']}`, succeeds: true },
      { yaml: `query_name: a, ${section}: {fail_if_not_matches_regexp: ['']}`, succeeds: false },
      { yaml: `query_name: a, ${section}: {fail_if_none_matches_regexp: ['']}`, succeeds: false },
    ]),
  ))

test('code, answer, authority, additional are judged in this order, and the reason is logged', async (t) => {
  const { target } = await dnsServer(t, 'udp', (query, send) =>
    send(replyTo(query, { ...authoritativeReply, rcode: 3 })),
  )
  const rule = '{fail_if_matches_regexp: [example, isp]}'
  const yaml = `{query_name: example.com, validate_answer_rrs: ${rule}, validate_authority_rrs: ${rule}, validate_additional_rrs: ${rule}`
  const last = async (more: string) => (await runOnce(dns, { target, yaml: `${yaml}${more}}` })).records.at(-1)
  t.match(await last(''), {
    level: 'error',
    message: 'Rcode is not one of the valid rcodes',
    fields: { rcode: 'NXDOMAIN', valid_rcodes: ['NOERROR'] },
  })
  t.match(await last(', valid_rcodes: [NXDOMAIN]'), {
    level: 'error',
    message: 'Answer RRs validation failed',
    fields: { regexp: 'example', rr: /^example\.com\.\t3600\tIN\tSOA\tns\.example\.com\. noc\.example\.com\. 1000 / },
  })
  const answerOnly = yaml.replace(rule, '{}')
  const authorityFails = await runOnce(dns, { target, yaml: `${answerOnly}, valid_rcodes: [NXDOMAIN]}` })
  t.match(authorityFails.records.at(-1), { message: 'Authority RRs validation failed' })
  const additionalOnly = answerOnly.replace(rule, '{}')
  const additionalFails = await runOnce(dns, { target, yaml: `${additionalOnly}, valid_rcodes: [NXDOMAIN]}` })
  t.match(additionalFails.records.at(-1), { message: 'Additional RRs validation failed' })
})

test('a server that fails: response codes by name', (t) =>
  checkRows(t, (query, send) => send(replyTo(query, { rcode: 2 })), [
    { yaml: 'query_name: example.com', succeeds: false },
    { yaml: 'query_name: example.com, valid_rcodes: [SERVFAIL, NXDOMAIN]', succeeds: true },
    { yaml: 'query_name: example.com, query_type: AAAA, valid_rcodes: [NOERROR]', succeeds: false },
  ]))

test('the serial of SOA queries, and of no others', async (t) => {
  const { target } = await dnsServer(t, 'udp', authoritative)
  const soa = await runOnce(dns, { target, yaml: '{query_name: example.com, query_type: SOA}' })
  t.equal(soa.values['probe_dns_serial'], 1000)
  const any = await runOnce(dns, { target, yaml: '{query_name: example.com}' })
  t.notOk('probe_dns_serial' in any.values, 'absent for ANY although the answer has one')
  const { target: bare } = await dnsServer(t, 'udp', recursive)
  const none = await runOnce(dns, { target: bare, yaml: '{query_name: example.com, query_type: SOA}' })
  t.equal(none.values['probe_dns_serial'], 0, 'zero when the answer has none')
})

test('metrics of a probe that succeeds', async (t) => {
  for (const transport of transports) {
    const { target } = await dnsServer(t, transport, authoritative)
    const yaml = `{query_name: example.com, transport_protocol: ${transport}}`
    const { values, ending, durationSeconds } = await runOnce(dns, { target, yaml })
    t.equal(ending, 'success')
    t.strictSame(Object.keys(values).toSorted(), [
      'probe_dns_additional_rrs',
      'probe_dns_answer_rrs',
      'probe_dns_authority_rrs',
      'probe_dns_duration_seconds{phase="connect"}',
      'probe_dns_duration_seconds{phase="request"}',
      'probe_dns_duration_seconds{phase="resolve"}',
      'probe_dns_lookup_time_seconds',
      'probe_dns_query_succeeded',
      'probe_ip_addr_hash',
      'probe_ip_protocol',
    ])
    t.match(values, {
      probe_dns_answer_rrs: 2,
      probe_dns_authority_rrs: 2,
      probe_dns_additional_rrs: 2,
      probe_dns_query_succeeded: 1,
      probe_ip_protocol: 4,
      probe_ip_addr_hash: 3_668_918_509,
    })
    const phase = (name: string): number => values[`probe_dns_duration_seconds{phase="${name}"}`] as number
    for (const name of ['resolve', 'connect', 'request']) t.ok(phase(name) > 0, `${transport}: ${name} took time`)
    t.ok(phase('resolve') + phase('connect') + phase('request') <= durationSeconds)
  }
})

test('an OPT record counts as additional, and brings the upper bits of the response code', async (t) => {
  const { target } = await dnsServer(t, 'udp', (query, send) => {
    const opt = {
      type: 'OPT',
      name: '.',
      udpPayloadSize: 1232,
      extendedRcode: 1,
      ednsVersion: 0,
      flags: 0,
      options: [],
    }
    send(replyTo(query, { additionals: [opt as never] }))
  })
  const yaml =
    '{query_name: a, valid_rcodes: [BADSIG], validate_additional_rrs: {fail_if_not_matches_regexp: ["(?s)^\\n;; OPT PSEUDOSECTION:\\n; EDNS: version 0; flags:; udp: 1232$"]}}'
  const { ending, values } = await runOnce(dns, { target, yaml })
  t.equal(ending, 'success')
  t.equal(values['probe_dns_additional_rrs'], 1)
})
