// SPDX-License-Identifier: Apache-2.0

/** What is wrong in `config/http-<name>.bad.yml`. */
export interface Mistake {
  /** Whether the JSON Schema sees it, as it is in the form and not in what fields mean together. */
  readonly structural: boolean
  /** `line:column: message` of each mistake, up to a list of allowed keys. */
  readonly messages: readonly string[]
}

/** What each bad http config is refused with. */
export const httpMistakes: Readonly<Record<string, Mistake>> = {
  'authorization-and-basic': {
    structural: false,
    messages: [
      '7:9: modules.m.http.authorization: at most one of basic_auth, oauth2 & authorization must be configured',
    ],
  },
  'authorization-basic': {
    structural: false,
    messages: [
      '7:9: modules.m.http.authorization: authorization type cannot be set to "basic", use "basic_auth" instead',
    ],
  },
  'authorization-twice': {
    structural: false,
    messages: [
      '7:9: modules.m.http.authorization: at most one of authorization credentials & credentials_file must be configured',
    ],
  },
  'basic-two-names': {
    structural: false,
    messages: [
      '7:9: modules.m.http.basic_auth: at most one of basic_auth username, username_file & username_ref must be configured',
    ],
  },
  'basic-two-passwords': {
    structural: false,
    messages: [
      '7:9: modules.m.http.basic_auth: at most one of basic_auth password, password_file & password_ref must be configured',
    ],
  },
  'bearer-and-authorization': {
    structural: false,
    messages: [
      '8:9: modules.m.http.authorization: authorization is not compatible with bearer_token & bearer_token_file',
    ],
  },
  'bearer-and-basic': {
    structural: false,
    messages: [
      '6:26: modules.m.http.bearer_token_file: at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured',
    ],
  },
  'bearer-twice': {
    structural: false,
    messages: ['6:21: modules.m.http.bearer_token: at most one of bearer_token & bearer_token_file must be configured'],
  },
  'body-and-body-file': {
    structural: false,
    messages: ['7:18: modules.m.http.body_file: setting body and body_file both are not allowed'],
  },
  'body-matches-regexp-null': {
    structural: true,
    messages: ['6:37: modules.m.http.fail_if_body_matches_regexp[0]: wants a regular expression'],
  },
  'body-matches-regexp': {
    structural: false,
    messages: [
      '8:11: modules.m.http.fail_if_body_matches_regexp[1]: "Could not compile regular expression" regexp=":[": error parsing regexp: missing closing ]: `[`',
    ],
  },
  'body-not-matches-regexp': {
    structural: false,
    messages: [
      '7:11: modules.m.http.fail_if_body_not_matches_regexp[0]: "Could not compile regular expression" regexp=":[": error parsing regexp: missing closing ]: `[`',
    ],
  },
  'body-size-metric-kilo': {
    structural: true,
    messages: ['6:24: modules.m.http.body_size_limit: units: unknown unit kB in 10kB; write 10B, 10KB or 10MiB'],
  },
  'body-size-mixed': {
    structural: false,
    messages: ['6:24: modules.m.http.body_size_limit: units: unknown unit MiB in 1MB1MiB; write 10B, 10KB or 10MiB'],
  },
  'body-size-no-number': {
    structural: true,
    messages: ['6:24: modules.m.http.body_size_limit: units: invalid big; write 10B, 10KB or 10MiB'],
  },
  'body-size-overflow': {
    structural: false,
    messages: ['6:24: modules.m.http.body_size_limit: units: overflow parsing unit; write 10B, 10KB or 10MiB'],
  },
  'body-size-unit': {
    structural: true,
    messages: ['6:24: modules.m.http.body_size_limit: units: unknown unit  in 10; write 10B, 10KB or 10MiB'],
  },
  'bool-word': { structural: true, messages: ['6:20: modules.m.http.fail_if_ssl: wants true or false, not "maybe"'] },
  'cel-empty': {
    structural: true,
    messages: [
      '6:38: modules.m.http.fail_if_body_json_matches_cel: "Could not compile CEL program" expression="": Unexpected token: EOF',
    ],
  },
  'cel-extension': {
    structural: false,
    messages: [
      '6:42: modules.m.http.fail_if_body_json_not_matches_cel: "Could not compile CEL program" expression="body.a.lowerAscii() == "a"": undeclared reference to \'lowerAscii\'',
    ],
  },
  'cel-list': {
    structural: true,
    messages: ['6:38: modules.m.http.fail_if_body_json_matches_cel: wants a CEL expression, not a list'],
  },
  'cel-syntax': {
    structural: false,
    messages: [
      '6:38: modules.m.http.fail_if_body_json_matches_cel: "Could not compile CEL program" expression="body.a ==": Unexpected token: EOF',
    ],
  },
  'cel-undeclared': {
    structural: false,
    messages: [
      '6:42: modules.m.http.fail_if_body_json_not_matches_cel: "Could not compile CEL program" expression="foo.bar == 1": Unknown variable: foo',
    ],
  },
  'compression-all-refused': {
    structural: false,
    messages: ['8:9: modules.m.http.headers: invalid configuration "Accept-Encoding: *;q=0.0", "compression: gzip"'],
  },
  'compression-mismatch-spelling': {
    structural: false,
    messages: ['8:9: modules.m.http.headers: invalid configuration "accEpt-enCoding: deflate", "compression: gzip"'],
  },
  'compression-mismatch': {
    structural: false,
    messages: ['8:9: modules.m.http.headers: invalid configuration "Accept-Encoding: deflate", "compression: gzip"'],
  },
  'compression-unknown': {
    structural: true,
    messages: [
      '6:20: modules.m.http.compression: unsupported compression algorithm: zstd; it takes gzip, br, deflate, identity',
    ],
  },
  'duplicate-key': { structural: false, messages: ['7:7: Map keys must be unique'] },
  'header-matches-empty-regexp': {
    structural: false,
    messages: [
      '8:19: modules.m.http.fail_if_header_not_matches[0].regexp: regexp must be set for HTTP header matchers',
    ],
  },
  'header-matches-no-header': {
    structural: false,
    messages: ['7:11: modules.m.http.fail_if_header_matches[0]: header name must be set for HTTP header matchers'],
  },
  'header-matches-no-regexp': {
    structural: false,
    messages: ['7:11: modules.m.http.fail_if_header_matches[0]: regexp must be set for HTTP header matchers'],
  },
  'header-matches-regexp': {
    structural: false,
    messages: [
      '8:19: modules.m.http.fail_if_header_matches[0].regexp: "Could not compile regular expression" regexp=":[": error parsing regexp: missing closing ]: `[`',
    ],
  },
  'header-name': { structural: false, messages: ['7:9: modules.m.http.headers: "X Y" is not the name of a header'] },
  'header-value': {
    structural: false,
    messages: ['7:22: modules.m.http.headers.X-Two-Lines: a header takes no control characters'],
  },
  'headers-list': { structural: true, messages: ['6:16: modules.m.http.headers: wants a mapping, not a list'] },
  'http-headers-name': {
    structural: false,
    messages: ['7:9: modules.m.http.http_headers: "X Y" is not the name of a header'],
  },
  'http-headers-reserved': {
    structural: false,
    messages: ['7:9: modules.m.http.http_headers: setting header "User-Agent" is not allowed'],
  },
  'http-headers-text': {
    structural: true,
    messages: ['7:14: modules.m.http.http_headers.X-A: wants a mapping, not "a"'],
  },
  'http3-and-http2': {
    structural: false,
    messages: ['6:7: modules.m.http: when enable_http3 is true, enable_http2 must be set to false'],
  },
  'http3-and-others': {
    structural: false,
    messages: [
      '8:28: modules.m.http.valid_http_versions: HTTP/3 and HTTP/2.0/1.1 cannot be used together - only HTTP/3.0 is allowed when enable_http3 is true',
    ],
  },
  'http3-version': {
    structural: false,
    messages: [
      '6:28: modules.m.http.valid_http_versions: HTTP/3 cannot be used as a valid HTTP version when enable_http3 is false',
    ],
  },
  http3: {
    structural: false,
    messages: ['6:21: modules.m.http.enable_http3: HTTP/3 cannot be probed: Node.js has no HTTP/3 client'],
  },
  method: { structural: false, messages: ['6:15: modules.m.http.method: "GET /" is not an HTTP method'] },
  'no-proxy-alone': {
    structural: false,
    messages: ['6:17: modules.m.http.no_proxy: if no_proxy is configured, proxy_url must also be configured'],
  },
  'no-proxy-and-environment': {
    structural: false,
    messages: [
      '7:17: modules.m.http.no_proxy: if proxy_from_environment is configured, no_proxy must not be configured',
    ],
  },
  'oauth2-algorithm': {
    structural: false,
    messages: ['7:9: modules.m.http.oauth2: valid signature algorithms are RS256, RS384 and RS512'],
  },
  'oauth2-and-basic': {
    structural: false,
    messages: ['9:9: modules.m.http.oauth2: at most one of basic_auth, oauth2 & authorization must be configured'],
  },
  'oauth2-bad-url': {
    structural: false,
    messages: ['8:20: modules.m.http.oauth2.token_url: "ftp://idp.example/token" is not an http or https URL'],
  },
  'oauth2-no-client': {
    structural: false,
    messages: ['7:9: modules.m.http.oauth2: oauth2 client_id must be configured'],
  },
  'oauth2-no-url': { structural: false, messages: ['7:9: modules.m.http.oauth2: oauth2 token_url must be configured'] },
  'oauth2-proxy': {
    structural: false,
    messages: ['9:19: modules.m.http.oauth2.no_proxy: if no_proxy is configured, proxy_url must also be configured'],
  },
  'oauth2-two-keys': {
    structural: false,
    messages: [
      '7:9: modules.m.http.oauth2: at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured using grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer',
    ],
  },
  'oauth2-two-secrets': {
    structural: false,
    messages: [
      '7:9: modules.m.http.oauth2: at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials',
    ],
  },
  'proxy-connect-header': {
    structural: false,
    messages: [
      '7:9: modules.m.http.proxy_connect_header: if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured',
    ],
  },
  'proxy-not-a-url': {
    structural: false,
    messages: ['6:18: modules.m.http.proxy_url: is not a URL of a proxy; it looks like http://proxy.example:3128'],
  },
  'proxy-scheme': {
    structural: false,
    messages: [
      '6:18: modules.m.http.proxy_url: ftp: is not the scheme of a proxy; it takes http, https, socks5 or socks5h',
    ],
  },
  'proxy-twice': {
    structural: false,
    messages: [
      '6:18: modules.m.http.proxy_url: if proxy_from_environment is configured, proxy_url must not be configured',
    ],
  },
  'regexp-look-ahead': {
    structural: false,
    messages: [
      '7:11: modules.m.http.fail_if_body_not_matches_regexp[0]: "Could not compile regular expression" regexp="a(?=b)": error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
  },
  'regexp-repeat': {
    structural: false,
    messages: [
      '7:11: modules.m.http.fail_if_body_not_matches_regexp[0]: "Could not compile regular expression" regexp="a{1001}": error parsing regexp: invalid repeat count: `{1001}`',
    ],
  },
  'status-class': {
    structural: true,
    messages: ['6:28: modules.m.http.valid_status_codes[0]: wants a whole number, not "2xx"'],
  },
  'status-not-a-list': {
    structural: true,
    messages: ['6:27: modules.m.http.valid_status_codes: wants a list, not "200"'],
  },
  'tls-ca-twice': {
    structural: false,
    messages: ['7:9: modules.m.http.tls_config: at most one of ca, ca_file & ca_ref must be configured'],
  },
  'tls-cert-alone': {
    structural: false,
    messages: [
      '7:9: modules.m.http.tls_config: exactly one of key or key_file must be configured when a client certificate is configured',
    ],
  },
  'tls-version': {
    structural: true,
    messages: [
      '7:22: modules.m.http.tls_config.min_version: unknown TLS version: TLS14; write one of TLS10, TLS11, TLS12, TLS13',
    ],
  },
  'two-mistakes': {
    structural: true,
    messages: [
      '6:7: modules.m.http: field fail_if_sl not found; did you mean fail_if_ssl? Allowed here: ',
      '7:28: modules.m.http.valid_status_codes[0]: wants a whole number, not "a"',
    ],
  },
  'unknown-key': {
    structural: true,
    messages: ['6:7: modules.m.http: field fail_if_not_tls not found; did you mean fail_if_not_ssl? Allowed here: '],
  },
}
