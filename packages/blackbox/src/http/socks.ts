// SPDX-License-Identifier: Apache-2.0
import type net from 'node:net'
import type { Proxy } from './proxy.ts'

/**
 * Asks a SOCKS5 proxy, to which the socket is connected, for a connection (RFC 1928, user and password by RFC 1929).
 * The `socks` library speaks the protocol; the socket, its deadline and its end stay ours. Rejects with its error.
 */
export async function socksConnect(socket: net.Socket, proxy: Proxy, host: string, port: number): Promise<void> {
  const { SocksClient } = await import('socks')
  await SocksClient.createConnection({
    existing_socket: socket,
    command: 'connect',
    destination: { host, port },
    proxy: {
      host: proxy.host,
      port: proxy.port,
      type: 5,
      ...(proxy.user !== undefined && { userId: proxy.user.name, password: proxy.user.password }),
    },
    // The probe's own deadline destroys the socket long before this one.
    timeout: 600_000,
  })
}
