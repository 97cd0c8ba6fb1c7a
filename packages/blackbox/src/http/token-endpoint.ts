// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import { abortSignalOf, type RunSignal } from '@leadline/kit'
import { tlsMaterial } from '../tls/context.ts'
import { handshake } from '../tls/handshake.ts'
import type { Oauth2Config } from './oauth2-config.ts'
import { type Proxy, proxyAuthorization, proxyFor, tunnelTarget } from './proxy.ts'
import { socksConnect } from './socks.ts'
import { formatUrl, type HttpUrl, parseTarget, portOf } from './target.ts'
import { openTunnel } from './tunnel.ts'

/** What a token endpoint answered. */
export interface TokenResponse {
  readonly status: number
  /** Without its parameters, in lower case; empty when there is none. */
  readonly mediaType: string
  readonly text: string
}

/** Largest answer in bytes; the rest would be no token. */
const maxBytes = 1_048_576

/**
 * Posts a form to a client's token endpoint, on a connection of its own and through the client's proxy.
 * Rejects with the signal's reason when it aborts, and with the error of the connection.
 */
export async function postForm(
  config: Oauth2Config,
  form: URLSearchParams,
  headers: Readonly<Record<string, string>>,
  signal: RunSignal,
): Promise<TokenResponse> {
  const url = parseTarget(config.token_url)
  const proxy = proxyFor(config, url, undefined)
  const plainProxy = !url.secure && proxy !== undefined && proxy.kind !== 'socks5' ? proxy : undefined
  const authorization = plainProxy && proxyAuthorization(plainProxy)
  const { Client } = await import('undici')
  const client = new Client(new URL(config.token_url).origin, {
    connect: (_, connected) => {
      connect(config, url, proxy, signal).then(
        (socket) => connected(null, socket),
        (error: Error) => connected(error, null),
      )
    },
  })
  try {
    const {
      statusCode,
      headers: fields,
      body,
    } = await client.request({
      method: 'POST',
      path: plainProxy === undefined ? url.path : formatUrl(url, undefined),
      headers: {
        ...headers,
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization !== undefined && { 'proxy-authorization': authorization }),
      },
      body: form.toString(),
      signal: abortSignalOf(signal),
    })
    const [mediaType = ''] = String(fields['content-type'] ?? '').split(';')
    return { status: statusCode, mediaType: mediaType.trim().toLowerCase(), text: await readText(body) }
  } finally {
    void client.destroy()
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body) {
    parts.push(part)
    bytes += part.length
    if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`)
  }
  return Buffer.concat(parts).toString('utf8')
}

async function connect(
  config: Oauth2Config,
  url: HttpUrl,
  proxy: Proxy | undefined,
  signal: RunSignal,
): Promise<net.Socket> {
  const place = proxy ?? { host: url.host, port: portOf(url) }
  const dialed = await dialAny(place.host, place.port, signal)
  const socket = proxy === undefined ? dialed : await passProxy(config, url, proxy, dialed, signal)
  if (!url.secure) return socket
  const serverName = config.tls_config.server_name || url.host
  return handshake(socket, await tlsMaterial(config.tls_config), { serverName, signal })
}

async function passProxy(
  config: Oauth2Config,
  url: HttpUrl,
  proxy: Proxy,
  dialed: net.Socket,
  signal: RunSignal,
): Promise<net.Socket> {
  if (proxy.kind === 'socks5') {
    await socksConnect(dialed, proxy, url.host, portOf(url))
    return dialed
  }
  const socket =
    proxy.kind === 'http'
      ? dialed
      : await handshake(dialed, await tlsMaterial(config.tls_config), { serverName: proxy.host, signal })
  if (url.secure) await openTunnel(socket, proxy, tunnelTarget(url, undefined), config.proxy_connect_header)
  return socket
}

/** Any address of the host that answers: unlike the target, the endpoint is not what is measured. */
function dialAny(host: string, port: number, signal: RunSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, signal: abortSignalOf(signal), noDelay: true, autoSelectFamily: true })
    socket.once('connect', () => resolve(socket))
    socket.on('error', (error) => reject(signal.aborted ? signal.reason : error))
  })
}
