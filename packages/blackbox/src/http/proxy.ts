// SPDX-License-Identifier: Apache-2.0
import type { HttpConfig } from './config.ts'
import { type ProxyExemption, parseNoProxy } from './no-proxy.ts'
import { authorityOf, decodePercent, type HttpUrl, portOf } from './target.ts'

/** The settings that decide on a proxy. */
export type ProxyChoice = Pick<HttpConfig, 'proxy_url' | 'no_proxy' | 'proxy_from_environment'>

/** A proxy, ready to be connected to. */
export interface Proxy {
  readonly kind: 'http' | 'https' | 'socks5'
  /** Without brackets. */
  readonly host: string
  readonly port: number
  /** Percent-decoded; undefined when the URL has no userinfo. */
  readonly user: { readonly name: string; readonly password: string } | undefined
}

/** Proxy-Authorization for a proxy, undefined when it asks for none. */
export function proxyAuthorization({ user }: Proxy): string | undefined {
  return user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
}

/** Whether a config may lead through a proxy at all: then the peer lets `skip_resolve_phase_with_proxy` count. */
export function mayUseProxy(config: ProxyChoice): boolean {
  return config.proxy_url !== undefined || config.proxy_from_environment
}

/**
 * The proxy for a URL, undefined to go without (Go's net/http and golang.org/x/net/http/httpproxy).
 * `ip` is the address that the host stands for, which exemptions may name too.
 */
export function proxyFor(config: ProxyChoice, url: HttpUrl, ip: string | undefined): Proxy | undefined {
  if (!mayUseProxy(config)) return undefined
  const { proxy, exempt } = rulesOf(config)
  const chosen = url.secure ? proxy.https : proxy.http
  if (chosen === undefined || exempt?.(url.host, portOf(url))) return undefined
  return ip !== undefined && exempt?.(ip, portOf(url)) ? undefined : chosen
}

interface ProxyRules {
  readonly proxy: { readonly http: Proxy | undefined; readonly https: Proxy | undefined }
  readonly exempt: ProxyExemption | undefined
}

const rules = new WeakMap<ProxyChoice, ProxyRules>()
let environment: ProxyRules | undefined

function rulesOf(config: ProxyChoice): ProxyRules {
  if (config.proxy_from_environment) return (environment ??= environmentRules(process.env))
  let known = rules.get(config)
  if (known === undefined) {
    const proxy = config.proxy_url && readProxy(config.proxy_url)
    // Without no_proxy, Go asks nobody: then loopback goes through the proxy as well.
    const exempt = config.no_proxy === '' ? undefined : parseNoProxy(config.no_proxy)
    rules.set(config, (known = { proxy: { http: proxy, https: proxy }, exempt }))
  }
  return known
}

/** What HTTP_PROXY, HTTPS_PROXY and NO_PROXY say, in capitals first; read once in a process, as Go does. */
export function environmentRules(env: Readonly<Record<string, string | undefined>>): ProxyRules {
  const read = (name: string): string => env[name] || env[name.toLowerCase()] || ''
  return {
    proxy: { http: parseProxy(read('HTTP_PROXY')), https: parseProxy(read('HTTPS_PROXY')) },
    exempt: parseNoProxy(read('NO_PROXY')),
  }
}

/** A proxy as environments write it, with or without a scheme; undefined when it is empty or none. */
function parseProxy(text: string): Proxy | undefined {
  if (text === '') return undefined
  const url = /^(https?|socks5h?):\/\//i.test(text) ? URL.parse(text) : URL.parse(`http://${text}`)
  return url === null ? undefined : readProxy(url)
}

const kinds = { 'http:': 'http', 'https:': 'https', 'socks5:': 'socks5', 'socks5h:': 'socks5' } as const
const ports = { http: 80, https: 443, socks5: 1080 } as const

function readProxy(url: URL): Proxy | undefined {
  const kind = kinds[url.protocol as keyof typeof kinds]
  if (kind === undefined || url.hostname === '') return undefined
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? ports[kind] : Number(url.port),
    user:
      url.username === '' && url.password === ''
        ? undefined
        : { name: decodePercent(url.username), password: decodePercent(url.password) },
  }
}

/** Where a proxy is told to go: the address if there is one, as the peer does, with its port always. */
export function tunnelTarget(url: HttpUrl, ip: string | undefined): string {
  return authorityOf({ host: ip ?? url.host, port: portOf(url) })
}
