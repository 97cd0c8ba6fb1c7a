// SPDX-License-Identifier: Apache-2.0
import type { Targets } from './targets/all.ts'

/** One probe that both programs make. */
export interface Case {
  readonly name: string
  readonly module: string
  readonly target: (targets: Targets) => string
  /** Further parameters of /probe. */
  readonly query?: Readonly<Record<string, string>>
}

/** A row: module, target and, where the module's name does not say it, what is special. */
function row(module: string, target: (targets: Targets) => string, special = ''): Case {
  return { name: special === '' ? module : `${module}, ${special}`, module, target }
}

/** A label may have 63 octets (RFC 1035 2.3.4), so no resolver asks the network for this name. */
const badName = `${'x'.repeat(64)}.test`

const http = (path: string) => (targets: Targets) => `http://${targets.http}${path}`
const https = (path: string) => (targets: Targets) => `https://${targets.https}${path}`

/** http without TLS. */
export const httpCases: readonly Case[] = [
  row('http_2xx', http('/ok')),
  row('http_2xx', (targets) => `${targets.http}/ok`, 'target without a scheme'),
  row('http_2xx', (targets) => `http://localhost:${targets.http.split(':')[1]}/ok`, 'target with a name'),
  row('http_2xx', () => `http://${badName}/`, 'a name that does not resolve'),
  row('http_2xx', http('/missing'), 'status 404'),
  row('http_404', http('/missing')),
  row('http_404', http('/ok'), 'status 200'),
  row('http_2xx', http('/empty'), 'status 204'),
  row('http_2xx', http('/error'), 'status 503'),
  row('http_2xx', http('/chunked'), 'chunked'),
  row('http_2xx', http('/no-length'), 'length told by the end'),
  row('http_2xx', http('/truncated'), 'truncated'),
  row('http_2xx', http('/modified'), 'Last-Modified'),
  row('http_2xx', http('/modified-badly'), 'Last-Modified that is no date'),
  row('http_2xx', http('/want-defaults'), 'request headers'),
  row('http_2xx', http('/want-query?a=b%20c&d=%2F'), 'query kept as it is'),
  row('http_2xx', ({ closed }) => `http://${closed}/`, 'refused'),
  row('http_2xx', ({ closing }) => `http://${closing}/`, 'closed without an answer'),
  row('http_2xx', ({ ssh }) => `http://${ssh}/`, 'not http'),
  row('http_short', http('/silent'), 'no answer'),
  row('http_short', http('/slow-body'), 'body without end'),
  row('http_ip4', http('/ok')),
  row('http_ip6_only', http('/ok'), 'an IPv4 address'),
  row('http_versions', http('/ok')),
  row('http_version_2', http('/ok'), 'HTTP/1.1 only'),
  row('http_post', http('/want-post')),
  row('http_post', http('/redirect-307'), 'sent again after 307'),
  row('http_post', http('/redirect-303'), 'GET after 303'),
  row('http_head', http('/ok')),
  row('http_basic', http('/want-basic')),
  row('http_2xx', ({ http: address }) => `http://user:secret@${address}/want-basic`, 'credentials in the target'),
  row('http_2xx', http('/want-basic'), 'credentials missing'),
  row('http_bearer', http('/want-bearer')),
  row('http_headers', http('/want-headers')),
]

/** Redirects and cookies. */
export const redirectCases: readonly Case[] = [
  row('http_2xx', http('/redirect'), 'relative redirect'),
  row('http_2xx', ({ http: at }) => `http://${at}/redirect-there?to=http://${at}/ok`, 'absolute redirect'),
  row('http_2xx', ({ http: at, closed }) => `http://${at}/redirect-there?to=http://${closed}/`, 'redirect refused'),
  row('http_redirect_ca', ({ http: at, https: to }) => `http://${at}/redirect-there?to=https://${to}/ok`, 'to https'),
  row('http_2xx', http('/redirect-nowhere'), 'redirect without Location'),
  row('http_2xx', http('/redirect-badly'), 'redirect that cannot be read'),
  row('http_2xx', http('/loop'), 'redirects without end'),
  row('http_2xx', http('/cookie'), 'cookie'),
  row('http_no_redirect', http('/redirect')),
  row('http_no_redirect_302', http('/redirect')),
  row('http_no_redirect_regex', http('/redirect')),
]

/** Rules on the body and the headers, compression and limits. */
export const ruleCases: readonly Case[] = [
  row('http_body_matches', http('/ok'), 'match'),
  row('http_body_matches', http('/large'), 'no match'),
  row('http_body_matches', http('/missing'), 'bad status'),
  row('http_body_not_matches', http('/ok'), 'match'),
  row('http_body_missing', http('/ok'), 'no match'),
  row('http_body_missing', http('/truncated'), 'truncated'),
  row('http_header_matches', http('/green'), 'match'),
  row('http_header_matches', http('/ok'), 'header missing'),
  row('http_header_not_matches', http('/green'), 'no match'),
  row('http_header_not_matches', http('/ok'), 'header missing'),
  row('http_header_required', http('/ok'), 'header missing'),
  row('http_gzip', http('/gzip')),
  row('http_gzip', http('/gzip-broken'), 'not gzip'),
  row('http_gzip', http('/ok'), 'not compressed'),
  row('http_2xx', http('/gzip'), 'gzip unasked'),
  row('http_br', http('/br')),
  row('http_deflate', http('/deflate')),
  row('http_identity', http('/ok')),
  row('http_limit', http('/ok'), 'below'),
  row('http_limit', http('/large'), 'above'),
  row('http_limit_gzip', http('/gzip-large'), 'above when unpacked'),
]

/** http over TLS and through proxies. */
export const tlsCases: readonly Case[] = [
  row('https_ca', https('/ok')),
  row('https_ca_http1', https('/ok')),
  row('https_ca', ({ h2 }) => `https://${h2}/`, 'HTTP/2'),
  row('https_ca_http1', ({ h2 }) => `https://${h2}/`, 'HTTP/2 not wanted'),
  row('https_insecure', ({ h2 }) => `https://${h2}/`, 'HTTP/2'),
  row('http_2xx', https('/ok'), 'unknown authority'),
  row('https_insecure', https('/ok')),
  row('https_wrong_name', https('/ok')),
  row('https_server_name', https('/ok')),
  row('https_tls12', https('/ok')),
  row('https_ca', ({ https: at }) => `https://localhost:${at.split(':')[1]}/ok`, 'target with a name'),
  row('https_ca', ({ http: at }) => `https://${at}/ok`, 'not TLS'),
  row('https_ca', ({ closed }) => `https://${closed}/`, 'refused'),
  row('http_fail_if_ssl', https('/ok'), 'TLS'),
  row('http_fail_if_ssl', http('/ok'), 'no TLS'),
  row('http_fail_if_not_ssl', https('/ok'), 'TLS'),
  row('http_fail_if_not_ssl', http('/ok'), 'no TLS'),
  row('http_proxy', http('/ok')),
  row('http_proxy', https('/ok'), 'CONNECT'),
  row('http_proxy', ({ closed }) => `http://${closed}/`, 'refused behind the proxy'),
  row('http_proxy_skip_resolve', http('/ok')),
]

/** tcp. */
export const tcpCases: readonly Case[] = [
  row('tcp_connect', ({ silent }) => silent),
  row('tcp_connect', ({ silent }) => `localhost:${silent.split(':')[1]}`, 'target with a name'),
  row('tcp_connect', ({ closed }) => closed, 'refused'),
  row('tcp_connect', () => '127.0.0.1', 'no port'),
  row('tcp_connect', () => `${badName}:80`, 'a name that does not resolve'),
  row('tcp_short', ({ silent }) => silent, 'no answer'),
  row('tcp_source', ({ silent }) => silent),
  row('tcp_tls', ({ tls }) => tls),
  row('tcp_tls', ({ closing }) => closing, 'closed during the handshake'),
  row('tcp_tls_insecure', ({ tls }) => tls),
  row('tcp_tls_unknown_ca', ({ tls }) => tls),
  row('tcp_banner', ({ ssh }) => ssh),
  row('tcp_banner', ({ greeter }) => greeter, 'another banner'),
  row('tcp_banner', ({ closing }) => closing, 'no banner'),
  row('tcp_banner_missing', ({ greeter }) => greeter),
  row('tcp_dialogue', ({ mail }) => mail),
  row('tcp_starttls', ({ mail }) => mail),
  row('tcp_starttls', ({ greeter }) => greeter, 'another banner'),
]

/** dns. */
export const dnsCases: readonly Case[] = [
  ...[
    'dns_soa',
    'dns_soa_tcp',
    'dns_a',
    'dns_a_bad_answer',
    'dns_a_none_matches',
    'dns_a_not_all',
    'dns_all_match',
    'dns_all_match_some',
    'dns_empty_section',
    'dns_authority',
    'dns_txt',
    'dns_mx',
    'dns_any',
    'dns_any_tcp',
    'dns_nxdomain',
    'dns_nxdomain_valid',
    'dns_refused',
    'dns_refused_valid',
    'dns_not_recursive',
  ].map((module) => row(module, ({ dns }) => dns)),
  row('dns_a', ({ dns }) => `localhost:${dns.split(':')[1]}`, 'target with a name'),
  row('dns_a', () => badName, 'a name that does not resolve'),
  row('dns_short', ({ closed }) => closed, 'refused'),
  row('dns_short_tcp', ({ closed }) => closed, 'refused'),
  row('dns_short', ({ dnsSilent }) => dnsSilent, 'no answer'),
  row('dns_short_tcp', ({ dnsTcpSilent }) => dnsTcpSilent, 'no answer'),
  row('dns_short', ({ dnsWrongId }) => dnsWrongId, 'wrong id'),
  row('dns_short_tcp', ({ dnsTcpWrongId }) => dnsTcpWrongId, 'wrong id'),
  row('dns_short', ({ dnsServfail }) => dnsServfail, 'SERVFAIL'),
  row('dns_short', ({ dnsTruncated }) => dnsTruncated, 'TC set'),
  row('dns_short', ({ dnsLarge }) => dnsLarge, 'more than 512 bytes'),
  row('dns_short', ({ dnsCutShort }) => dnsCutShort, 'cut short'),
  row('dns_tls', ({ dnsTls }) => dnsTls),
]
