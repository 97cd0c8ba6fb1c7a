// SPDX-License-Identifier: Apache-2.0
import type net from 'node:net'
import type tls from 'node:tls'
import { CheckFailed, messageOf, type Run } from '@leadline/kit'
import { dial } from '../net/dial.ts'
import { type Address, chooseAddress } from '../net/resolve.ts'
import { type TlsMaterial, tlsMaterial } from '../tls/context.ts'
import { handshake } from '../tls/handshake.ts'
import type { HttpConfig } from './config.ts'
import type { Measurements } from './measurements.ts'
import { type Proxy, proxyFor, tunnelTarget } from './proxy.ts'
import type { Hop } from './redirect.ts'
import { socksConnect } from './socks.ts'
import { portOf } from './target.ts'
import { openTunnel } from './tunnel.ts'

type ConnectRun = Pick<Run<HttpConfig, never>, 'config' | 'signal' | 'now' | 'log'>

/** A connection over which a hop's request can be sent. */
export interface Connection {
  /** The TLS socket where there is TLS. Destroyed by the run's signal; its owner destroys it earlier. */
  readonly socket: net.Socket
  /** TLS with the target itself. */
  readonly tls: { readonly socket: tls.TLSSocket; readonly material: TlsMaterial } | undefined
  /** The HTTP proxy that takes the request in absolute form; undefined where the request goes to the target. */
  readonly proxy: Proxy | undefined
  /** When it was ready, in seconds of the run's clock. */
  readonly readyAt: number
}

/** Where the addresses of a hop come from. */
export interface ConnectOptions {
  /** Family to take first where a name is looked up on the way, as `preferred_ip_protocol`; the other may serve too. */
  readonly prefer: string
  /** Whether it is a later hop, whose lookup counts as its resolve phase. */
  readonly later: boolean
}

/**
 * Connects for a hop: one address, one attempt. Adds to the connect and tls phases once the connection is ready, as Go's
 * GotConn does; time in CONNECT is in neither. Throws CheckFailed.
 */
export async function connect(
  run: ConnectRun,
  measured: Measurements,
  hop: Hop,
  options: ConnectOptions,
): Promise<Connection> {
  const { config, signal, now } = run
  const proxy = proxyFor(config, hop.url, hop.address?.ip)
  const place = proxy ?? { host: hop.url.host, port: portOf(hop.url) }
  const address = (proxy === undefined && hop.address) || (await lookUp(run, measured, place.host, options))
  const begin = now()
  let dialed: net.Socket
  try {
    dialed = await dial(address, place.port, { signal })
  } catch (error) {
    throw new CheckFailed('The connection failed', { err: messageOf(error) })
  }
  const connectedAt = now()
  if (proxy === undefined && !hop.url.secure) {
    measured.connect += connectedAt - begin
    return { socket: dialed, tls: undefined, proxy, readyAt: connectedAt }
  }
  const socket = proxy === undefined ? dialed : await passProxy(run, hop, proxy, dialed)
  if (hop.url.secure) return secure(run, measured, hop, { socket, connectSeconds: connectedAt - begin })
  const readyAt = now()
  measured.connect += readyAt - begin
  return { socket, tls: undefined, proxy: proxy?.kind === 'socks5' ? undefined : proxy, readyAt }
}

async function secure(
  { config, signal, now }: ConnectRun,
  measured: Measurements,
  { serverName }: Hop,
  { socket, connectSeconds }: { readonly socket: net.Socket; readonly connectSeconds: number },
): Promise<Connection> {
  const material = await tlsMaterial(config.tls_config)
  const begin = now()
  const options = config.enable_http2 ? { serverName, signal, alpn: ['h2', 'http/1.1'] } : { serverName, signal }
  const secured = await handshake(socket, material, options).catch(failed('The TLS handshake failed'))
  const readyAt = now()
  measured.connect += connectSeconds
  measured.tls += readyAt - begin
  return { socket: secured, tls: { socket: secured, material }, proxy: undefined, readyAt }
}

/** Takes what is necessary to get past a proxy. Gives the socket on which the target's own conversation begins. */
async function passProxy(
  { config, signal }: ConnectRun,
  hop: Hop,
  proxy: Proxy,
  dialed: net.Socket,
): Promise<net.Socket> {
  if (proxy.kind === 'socks5') {
    const host = hop.address?.ip ?? hop.url.host
    await socksConnect(dialed, proxy, host, portOf(hop.url)).catch(failed('The SOCKS proxy failed'))
    return dialed
  }
  const socket =
    proxy.kind === 'http'
      ? dialed
      : await handshake(dialed, await tlsMaterial(config.tls_config), { serverName: proxy.host, signal }).catch(
          failed('The TLS handshake with the proxy failed'),
        )
  if (hop.url.secure) {
    const target = tunnelTarget(hop.url, hop.address?.ip)
    await openTunnel(socket, proxy, target, config.proxy_connect_header).catch(failed('The proxy failed'))
  }
  return socket
}

/** Looks up a name on the way: the metrics of the lookup are of the target alone. */
async function lookUp(
  run: ConnectRun,
  measured: Measurements,
  host: string,
  { prefer, later }: ConnectOptions,
): Promise<Address> {
  const begin = run.now()
  try {
    const choice = { preferred_ip_protocol: prefer, ip_protocol_fallback: true }
    return await chooseAddress({ ...run, set: () => {} }, host, choice)
  } finally {
    if (later) measured.resolve = (measured.resolve ?? 0) + run.now() - begin
  }
}

/** Turns what a step rejected with into the target's failure. */
function failed(message: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof CheckFailed) throw error
    throw new CheckFailed(message, { err: messageOf(error) })
  }
}
