// SPDX-License-Identifier: Apache-2.0
import { bool, type InferFields, list, mapOf, type ObjectNode, type Shape, secret, text } from '@leadline/kit'

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:', 'socks5h:'])

const written = text('URL of the proxy: http, https, socks5 or socks5h, with user and password if it asks for them.')

/** A proxy's URL; its password is printed as `xxxxx`. */
const proxyUrl: Shape<URL | undefined> = {
  ...written,
  absent: undefined,
  print: (url) => url && withoutPassword(url),
  read(node) {
    const value = written.read(node)
    if (value === '') return undefined
    const url = URL.parse(value)
    if (url === null || url.hostname === '')
      return node.fail('is not a URL of a proxy; it looks like http://proxy.example:3128')
    if (!schemes.has(url.protocol))
      return node.fail(`${url.protocol} is not the scheme of a proxy; it takes http, https, socks5 or socks5h`)
    return url
  },
}

function withoutPassword(url: URL): string {
  const shown = new URL(url)
  if (shown.password !== '') shown.password = 'xxxxx'
  return shown.pathname === '/' && shown.search === '' ? shown.href.replace(/\/$/, '') : shown.href
}

/** How requests reach a proxy: inlined in the http block and in oauth2. */
export const proxyFields = {
  proxy_url: proxyUrl,
  no_proxy: text('Names, addresses and networks that are reached without the proxy, with commas between them.'),
  proxy_from_environment: bool('Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the process decide.'),
  proxy_connect_header: mapOf(
    'Headers of a CONNECT request to the proxy.',
    list('Values of the header.', secret('A value; never printed.')),
  ),
}

/** How requests reach a proxy. */
export type ProxyConfig = InferFields<typeof proxyFields>

/** Notes proxy settings that contradict each other, in the peer's words. */
export function checkProxy(config: ProxyConfig, node: ObjectNode): void {
  const { proxy_url, no_proxy, proxy_from_environment, proxy_connect_header } = config
  if (proxy_connect_header.size > 0 && !proxy_from_environment && proxy_url === undefined)
    node
      .at('proxy_connect_header')
      .fail('if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured')
  if (proxy_from_environment && proxy_url !== undefined)
    node.at('proxy_url').fail('if proxy_from_environment is configured, proxy_url must not be configured')
  if (proxy_from_environment && no_proxy !== '')
    node.at('no_proxy').fail('if proxy_from_environment is configured, no_proxy must not be configured')
  if (!node.has('proxy_url') && no_proxy !== '')
    node.at('no_proxy').fail('if no_proxy is configured, proxy_url must also be configured')
}
