// SPDX-License-Identifier: Apache-2.0

/** One config, given to both programs. */
export interface ConfigCase {
  readonly name: string
  readonly yaml: string
  readonly isTakenByPeer: boolean
  /** Why we answer otherwise than the peer; absent when we agree. */
  readonly differs?: string
}

const http = (settings: string) => `modules: {m: {prober: http, http: {${settings}}}}\n`
const tcp = (settings: string) => `modules: {m: {prober: tcp, tcp: {${settings}}}}\n`
const dns = (settings: string) => `modules: {m: {prober: dns, dns: {query_name: a.test, ${settings}}}}\n`
const module = (settings: string) => `modules: {m: {prober: tcp, ${settings}}}\n`

const taken = (name: string, yaml: string): ConfigCase => ({ name, yaml, isTakenByPeer: true })
const refused = (name: string, yaml: string): ConfigCase => ({ name, yaml, isTakenByPeer: false })
const refusedByUs = (name: string, yaml: string, differs: string): ConfigCase => ({
  ...taken(name, yaml),
  differs,
})

const atLoad = 'the peer finds it at each probe only; we tell at load'
const after023 = 'the peer refuses it too, after 0.23'

/** What YAML and the top level may hold. */
const general: readonly ConfigCase[] = [
  taken('no modules', 'modules:\n'),
  taken('several documents', 'modules: {m: {prober: tcp}}\n---\nnonsense: true\n'),
  taken('merge keys', 'modules:\n  a: &a {prober: tcp, timeout: 3s}\n  b:\n    <<: *a\n    timeout: 4s\n'),
  taken('booleans of YAML 1.1', http('fail_if_ssl: yes, fail_if_not_ssl: off')),
  taken('scalars that become text', http('method: 123')),
  refused('empty file', ''),
  refused('no YAML', 'modules: {'),
  refused('unknown key at the top', 'modules: {m: {prober: tcp}}\nother: {}\n'),
  refused('unknown key in a module', module('nonsense: 1')),
  refused('unknown key in a block', http('nonsense: 1')),
  refused('unknown key in tls_config', http('tls_config: {nonsense: 1}')),
  refused('duplicate key', 'modules:\n  m: {prober: tcp}\n  m: {prober: http}\n'),
  refused('list of modules', 'modules: [m]\n'),
  taken('timeout', module('timeout: 1m30s')),
  taken('timeout below zero', module('timeout: -1s')),
  refused('timeout without unit', module('timeout: 5')),
  refused('timeout in days', module('timeout: 1d')),
  refused('bad block of another prober', module('dns: {}')),
  refusedByUs('unknown prober', 'modules: {m: {prober: nonsense}}\n', after023),
]

const httpConfigs: readonly ConfigCase[] = [
  taken('status codes', http('valid_status_codes: [200, 404]')),
  refused('status code that is no number', http('valid_status_codes: [2xx]')),
  refused('status codes that are no list', http('valid_status_codes: 200')),
  taken('any version text', http('valid_http_versions: [HTTP/2, nonsense]')),
  taken('no_follow_redirects', http('no_follow_redirects: true')),
  refused('bad regexp for the body', http('fail_if_body_matches_regexp: [":["]')),
  refused('look-ahead', http('fail_if_body_matches_regexp: ["a(?=b)"]')),
  refused('repeat above 1000', http('fail_if_body_matches_regexp: ["a{1001}"]')),
  refused('header rule without regexp', http('fail_if_header_matches: [{header: A}]')),
  refused('header rule without header', http('fail_if_header_matches: [{regexp: A}]')),
  taken('size limit', http('body_size_limit: 10MB')),
  refused('size limit without unit', http('body_size_limit: 10')),
  refused('compression that is not accepted', http('compression: gzip, headers: {accept-encoding: "br"}')),
  taken('compression that is accepted', http('compression: gzip, headers: {accept-encoding: "*"}')),
  taken('basic_auth', http('basic_auth: {username: a, password: b}')),
  refused('two credentials', http('basic_auth: {username: a}, authorization: {credentials: b}')),
  refused('basic as authorization type', http('authorization: {type: Basic, credentials: b}')),
  refused('two passwords', http('basic_auth: {username: a, password: b, password_file: c}')),
  taken('bearer_token', http('bearer_token: a')),
  refused('bearer_token and its file', http('bearer_token: a, bearer_token_file: b')),
  taken('CA file that is not there', http('tls_config: {ca_file: /nonexistent}')),
  refusedByUs('certificate without key', http('tls_config: {cert_file: a}'), after023),
  refused('unknown TLS version', http('tls_config: {min_version: TLS9}')),
  refused('unknown proxy URL', http('proxy_url: "http://[::1"')),
]

const otherConfigs: readonly ConfigCase[] = [
  refused('bad regexp in a dialogue', tcp('query_response: [{expect: ":["}]')),
  taken('a dialogue', tcp('query_response: [{expect: a, send: b}, {starttls: true}]')),
  refused('a dialogue that is no list', tcp('query_response: {expect: a}')),
  refused('no query name', 'modules: {m: {prober: dns, dns: {}}}\n'),
  refused('unknown query type', dns('query_type: X')),
  refused('query type in lower case', dns('query_type: a')),
  refused('unknown query class', dns('query_class: X')),
  refusedByUs('bad regexp for records', dns('validate_answer_rrs: {fail_if_matches_regexp: [":["]}'), atLoad),
  refusedByUs('unknown transport', dns('transport_protocol: sctp'), atLoad),
  refusedByUs('unknown rcode', dns('valid_rcodes: [NONSENSE]'), atLoad),
  refusedByUs('DNS over TLS over udp', dns('dns_over_tls: true'), atLoad),
]

/** Every config that both programs are given, in this order. */
export const configCases: readonly ConfigCase[] = [...general, ...httpConfigs, ...otherConfigs]
