// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import { bool, type Infer, list, messageOf, nearest, type ObjectNode, object, text } from '@leadline/kit'
import { patterns } from '../match/pattern.ts'
import { tlsConfig } from '../tls/config.ts'
import { recordClasses, recordTypes, responseCodes } from './codes.ts'
import { encodeName } from './name.ts'

/** Checks a name against those there are, with the nearest one as the mend. */
function known(what: string, names: ReadonlyMap<string, number>): (name: string) => string | undefined {
  return (name) => {
    if (names.has(name)) return undefined
    const near = nearest(name.toUpperCase(), [...names.keys()])
    return `${what} '${name}' is not valid${near === undefined ? '' : `; did you mean ${near}?`}`
  }
}

const knownClass = known('query class', recordClasses)
const knownType = known('query type', recordTypes)

function queryNameMistake(name: string): string | undefined {
  try {
    encodeName(name)
    return undefined
  } catch (error) {
    return `"${name}" is not a domain name: ${messageOf(error)}`
  }
}

function validator(section: string) {
  return object(
    `Expressions over the text form of the ${section} records, such as "example.com.\\t300\\tIN\\tA\\t192.0.2.1".`,
    {
      fail_if_matches_regexp: patterns('Fails when any record matches any of these.'),
      fail_if_all_match_regexp: patterns(
        "Fails when not every record matches all of these: the peer's meaning, against the name. Passes without records.",
      ),
      fail_if_not_matches_regexp: patterns('Fails when any record does not match one of these, or without records.'),
      fail_if_none_matches_regexp: patterns('Fails when no record matches any of these, or without records.'),
    },
  )
}

const transports = ['', 'udp', 'tcp']

const fields = {
  preferred_ip_protocol: text('ip6 (default) or ip4: which addresses of a name come first.'),
  ip_protocol_fallback: bool('Whether the other family may serve when the preferred one has no address.', true),
  dns_over_tls: bool(
    'Whether to ask over TLS (RFC 7858); needs transport_protocol: tcp. The default port is then 853.',
  ),
  tls_config: tlsConfig,
  source_ip_address: text('Address that queries come from.', {
    check: (address) => (net.isIP(address) === 0 ? `"${address}" is not an IP address` : undefined),
  }),
  transport_protocol: text('udp (default) or tcp.', {
    schema: { type: 'string', enum: transports },
    check: (name) => (transports.includes(name) ? undefined : `transport protocol '${name}' is not udp or tcp`),
  }),
  query_class: text('Class of the query: IN (default), CH, HS, CS, ANY or NONE.', {
    schema: { type: 'string', enum: ['', ...recordClasses.keys()] },
    check: (name) => (name === '' ? undefined : knownClass(name)),
  }),
  query_name: text('Name to ask for.', { check: queryNameMistake }),
  query_type: text('Type to ask for, in upper case; ANY when absent.', {
    schema: { type: 'string', enum: ['', ...recordTypes.keys()] },
    check: (name) => (name === '' ? undefined : knownType(name)),
  }),
  recursion_desired: bool('Whether the RD bit is set.', true),
  valid_rcodes: list(
    'Response codes that are a success; NOERROR when absent.',
    text('A response code such as NOERROR or NXDOMAIN.', {
      schema: { type: 'string', enum: [...responseCodes.keys()] },
      check: known('rcode', responseCodes),
    }),
  ),
  validate_answer_rrs: validator('answer'),
  validate_authority_rrs: validator('authority'),
  validate_additional_rrs: validator('additional'),
}

/** Settings of the dns prober. What could never succeed is refused when it is read, not at each probe. */
export const dnsConfig = object('Settings of the dns prober.', fields, { check: checkTogether })

/** Settings of the dns prober. */
export type DnsConfig = Infer<typeof dnsConfig>

/** The four lists of one section's validation. */
export type RecordValidator = DnsConfig['validate_answer_rrs']

function checkTogether(
  config: { readonly query_name: string; readonly dns_over_tls: boolean; readonly transport_protocol: string },
  node: ObjectNode,
): void {
  if (config.query_name === '') node.at('query_name').note('query name must be set for DNS module')
  if (config.dns_over_tls && config.transport_protocol !== 'tcp') {
    node.at('dns_over_tls').note('dns_over_tls needs transport_protocol: tcp')
  }
}
