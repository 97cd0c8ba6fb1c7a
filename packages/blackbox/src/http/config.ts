// SPDX-License-Identifier: Apache-2.0
import {
  binary,
  bool,
  type Infer,
  type InferFields,
  integer,
  list,
  mapped,
  type ObjectNode,
  object,
  optional,
  type Shape,
  text,
} from '@leadline/kit'
import { celExpression } from '../match/cel-config.ts'
import { pattern, patterns } from '../match/pattern.ts'
import { byteSize } from './byte-size.ts'
import { compression, isAcceptable } from './compression-config.ts'
import { canonicalHeaderName, headers, isToken } from './headers-config.ts'
import { checkHttpClient, httpClientFields, settleBearer } from './http-client-config.ts'

const written = binary('Body of the request, with its length.')

const body = mapped(written, {
  absent: written.absent,
  to: (value) => (value?.length === 0 ? undefined : value),
  from: (value) => value,
})

const headerRule = object(
  'A header and what its values have to look like.',
  {
    header: text('Name of the header, in any case.'),
    regexp: pattern('Regular expression for each of its values.'),
    allow_missing: bool('Whether the header may be missing.'),
  },
  {
    check({ header, regexp }, node) {
      if (header === '') node.at('header').fail('header name must be set for HTTP header matchers')
      if (regexp === undefined || regexp.source === '')
        node.at('regexp').fail('regexp must be set for HTTP header matchers')
    },
  },
)

const fields = {
  valid_status_codes: list('Status codes that are fine; 200 to 299 when empty.', integer('A status code.')),
  valid_http_versions: list(
    'HTTP versions that are fine: HTTP/1.0, HTTP/1.1 or HTTP/2.0; any when empty.',
    text('An HTTP version.'),
  ),
  preferred_ip_protocol: text('ip6 (default) or ip4: which addresses of a name come first.'),
  ip_protocol_fallback: bool('Whether the other family may serve when the preferred one has no address.', true),
  skip_resolve_phase_with_proxy: bool('Whether a proxy gets the name of the target, which is then not looked up here.'),
  no_follow_redirects: optional(bool('Old spelling of `follow_redirects: false`.')),
  fail_if_ssl: bool('Whether a response over TLS is a failure.'),
  fail_if_not_ssl: bool('Whether a response without TLS is a failure.'),
  method: text('Method of the request; GET when empty.', {
    check: (method) => (method === '' || isToken(method) ? undefined : `"${method}" is not an HTTP method`),
  }),
  headers,
  fail_if_body_matches_regexp: patterns('The probe fails if one of these matches the body.'),
  fail_if_body_not_matches_regexp: patterns('The probe fails if one of these does not match the body.'),
  fail_if_body_json_matches_cel: celExpression('The probe fails if this is true of the JSON `body`.'),
  fail_if_body_json_not_matches_cel: celExpression('The probe fails if this is not true of the JSON `body`.'),
  fail_if_header_matches: list('The probe fails if a value of one of these headers matches.', headerRule),
  fail_if_header_not_matches: list('The probe fails if no value of one of these headers matches.', headerRule),
  body,
  body_file: text('File that holds the body of the request; sent in chunks, read for each probe.'),
  compression,
  body_size_limit: byteSize('Most bytes of a body that are read, after decompression; a longer one is a failure.'),
  enable_http3: bool('HTTP/3; has to be false.'),
  ...httpClientFields,
}

type Written = InferFields<typeof fields>

/** A header and what its values have to look like; `regexp` is always there. */
export type HeaderRule = Infer<typeof headerRule>

/** Settings of the http prober: old spellings are moved to the new ones. */
export type HttpConfig = Omit<Written, 'bearer_token' | 'bearer_token_file' | 'no_follow_redirects'>

/** Settings of the http prober. */
export const httpConfig: Shape<HttpConfig> = settled()

function settled(): Shape<HttpConfig> {
  const block = object('Settings of the http prober.', fields, { check })
  return mapped(block, { absent: settle(block.absent), to: settle, from: unsettle })
}

function settle({ no_follow_redirects, ...config }: Written): HttpConfig {
  const follow = no_follow_redirects === undefined ? config.follow_redirects : !no_follow_redirects
  return { ...settleBearer(config), follow_redirects: follow }
}

function unsettle(config: HttpConfig): Written {
  return { ...config, bearer_token: '', bearer_token_file: '', no_follow_redirects: undefined }
}

function check(config: Written, node: ObjectNode): void {
  checkHttpClient(config, node)
  if (config.no_follow_redirects !== undefined) node.at('no_follow_redirects').warn('is old; write follow_redirects')
  if (config.body !== undefined && config.body_file !== '')
    node.at('body_file').fail('setting body and body_file both are not allowed')
  checkAcceptEncoding(config, node)
  checkVersions(config, node)
}

function checkAcceptEncoding({ headers: sent, compression: coding }: Written, node: ObjectNode): void {
  for (const [name, value] of sent) {
    if (canonicalHeaderName(name) === 'Accept-Encoding' && !isAcceptable(coding, value))
      node.at('headers').fail(`invalid configuration "${name}: ${value}", "compression: ${coding}"`)
  }
}

function checkVersions({ enable_http3, enable_http2, valid_http_versions }: Written, node: ObjectNode): void {
  const place = node.at('valid_http_versions')
  if (!enable_http3) {
    if (valid_http_versions.includes('HTTP/3.0'))
      place.fail('HTTP/3 cannot be used as a valid HTTP version when enable_http3 is false')
    return
  }
  if (valid_http_versions.includes('HTTP/2.0') || valid_http_versions.includes('HTTP/1.1'))
    place.fail('HTTP/3 and HTTP/2.0/1.1 cannot be used together - only HTTP/3.0 is allowed when enable_http3 is true')
  if (enable_http2) node.at('enable_http2').fail('when enable_http3 is true, enable_http2 must be set to false')
  node.at('enable_http3').fail('HTTP/3 cannot be probed: Node.js has no HTTP/3 client')
}
