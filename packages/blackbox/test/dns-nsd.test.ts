// SPDX-License-Identifier: Apache-2.0
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { needServer } from '../../../test/servers/find.ts'
import { startNsd } from '../../../test/servers/nsd.ts'
import { dns } from '../src/probers/dns.ts'
import { transports } from './servers/dns.ts'

const soa = 'ns.example.test. host\\.master.example.test. 2024010101 7200 3600 1209600 300'

/** One record of each type: its data is the same in the zone file and in the text form that expressions see. */
const records: readonly (readonly [type: string, data: string])[] = [
  ['A', '192.0.2.1'],
  ['AAAA', '2001:db8::1:0:0:1'],
  ['AFSDB', '1 afs.example.test.'],
  ['APL', '1:192.0.2.0/24 !2:2001:db8::/32'],
  ['CAA', '128 iodef "mailto:security@example.test"'],
  ['CDNSKEY', '257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=='],
  ['CDS', '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118'],
  ['CERT', 'PKIX 12345 RSASHA256 MIIBIjANBg=='],
  ['CNAME', 'target.example.test.'],
  ['CSYNC', '66 3 A NS AAAA'],
  ['DHCID', 'AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA='],
  ['DNSKEY', '256 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4='],
  ['DS', '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118'],
  ['EUI48', '00-00-5e-00-53-2a'],
  ['EUI64', '00-00-5e-ef-10-00-00-2a'],
  ['HINFO', '"PDP-11" "UNIX V7"'],
  ['HTTPS', '1 . alpn="h3,h2" port="8443" ipv4hint="192.0.2.1,192.0.2.2" ipv6hint="2001:db8::1"'],
  ['IPSECKEY', '10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ=='],
  ['KX', '10 kx.example.test.'],
  ['L32', '10 10.1.2.0'],
  ['L64', '10 2001:0DB8:1140:1000'],
  ['LOC', '42 21 54.000 N 71 06 18.500 W -24m 30m 10m 2m'],
  ['LP', '10 l64.example.test.'],
  ['MX', '10 mail.example.test.'],
  ['NAPTR', '100 10 "S" "SIP+D2U" "!^.*$!sip:info@example.test!" _sip._udp.example.test.'],
  ['NID', '10 0014:4fff:ff20:ee64'],
  ['OPENPGPKEY', 'mDMEXEcE6RYJKwYBBAHaRw8BAQdA'],
  ['PTR', 'host.example.test.'],
  ['PX', '10 net2.it. prmd-net2.admd-p400.c-it.'],
  ['RP', 'mbox.example.test. txt.example.test.'],
  ['RT', '10 relay.example.test.'],
  ['SMIMEA', '3 1 1 0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3'],
  ['SPF', '"v=spf1 -all"'],
  ['SRV', '1 2 5060 sip.example.test.'],
  ['SSHFP', '4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789'],
  ['SVCB', '16 svc.example.test. mandatory="alpn" alpn="h2" key667="hello"'],
  ['TLSA', '3 1 1 0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3'],
  ['TXT', '"v=DKIM1; p=a\\"b" "\\195\\188ber"'],
  ['URI', '10 1 "https://example.test/a?b"'],
  ['X25', '311061700956'],
  [
    'ZONEMD',
    '2018031500 1 1 c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730044c',
  ],
]

const zone = [
  `example.test. 300 IN SOA ${soa}`,
  'example.test. 300 IN NS ns.example.test.',
  'ns.example.test. 300 IN A 127.0.0.1',
  ...records.map(([type, data]) => `${type.toLowerCase()}.example.test. 300 IN ${type} ${data}`),
  '',
].join('\n')

/** An expression that matches exactly this text. */
function exactly(text: string): string {
  return `^\\Q${text}\\E$`
}

test('records of a real name server', async (t) => {
  const binary = needServer(t, 'nsd')
  if (binary === undefined) return
  const nsd = await startNsd(binary, 'example.test', zone)
  t.teardown(() => nsd.stop())
  for (const transport of transports) {
    const ask = (name: string, type: string, expected: string) => {
      const rules = { validate_answer_rrs: { fail_if_not_matches_regexp: [exactly(expected)] } }
      const yaml = JSON.stringify({ query_name: name, query_type: type, transport_protocol: transport, ...rules })
      return runOnce(dns, { target: nsd.address, yaml })
    }
    for (const [type, data] of records) {
      const name = `${type.toLowerCase()}.example.test.`
      const run = await ask(name, type, `${name}\t300\tIN\t${type}\t${data}`)
      t.equal(run.ending, 'success', `${transport} ${type}: ${JSON.stringify(run.records.at(-1)?.fields)}`)
      t.equal(run.values['probe_dns_answer_rrs'], 1)
    }
    const serial = await ask('example.test', 'SOA', `example.test.\t300\tIN\tSOA\t${soa}`)
    t.equal(serial.ending, 'success', JSON.stringify(serial.records.at(-1)?.fields))
    t.match(serial.values, { probe_dns_serial: 2_024_010_101, probe_dns_authority_rrs: 1, probe_dns_additional_rrs: 1 })
    const missing = await ask('nowhere.example.test', 'A', '')
    t.match(missing.records.at(-1), { fields: { rcode: 'NXDOMAIN' } })
    t.match(missing.values, { probe_dns_query_succeeded: 1, probe_dns_answer_rrs: 0, probe_dns_authority_rrs: 1 })
  }
})
