// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import type net from 'node:net'
import tls from 'node:tls'
import type { Test } from 'tap'
import type { TestCertificate } from './certificates.ts'

/** A TLS server of a test. */
export interface TlsServer {
  readonly port: number
  /** `host:port`, as a prober takes it. */
  readonly target: string
  /** How many connections are open, with those whose handshake is not over or failed. */
  readonly open: () => number
  /** Resolves when no connection is open. */
  readonly idle: () => Promise<void>
  /** Names that clients sent as SNI; false for none. */
  readonly serverNames: readonly (string | false)[]
}

/** Options of a TLS server. */
export interface TlsServerOptions extends Omit<tls.TlsOptions, 'cert' | 'key'> {
  readonly certificate: TestCertificate
  /** Sent after the server's own certificate, as they stand. */
  readonly chain?: readonly TestCertificate[]
  readonly host?: string
  /** What to do with a connection; the default reads and throws away. */
  readonly talk?: (socket: tls.TLSSocket) => unknown
}

/** Serves TLS until the test ends. */
export async function tlsServer(
  t: Test,
  { certificate, chain = [], host = '127.0.0.1', talk = (socket) => socket.resume(), ...options }: TlsServerOptions,
): Promise<TlsServer> {
  const sockets = new Set<net.Socket>()
  const serverNames: (string | false)[] = []
  const cert = [certificate, ...chain].map(({ certPem }) => certPem).join('')
  const server = tls.createServer({ ...options, key: certificate.keyPem, cert }, (socket) => {
    serverNames.push((socket as tls.TLSSocket & { servername: string | false }).servername)
    socket.on('error', () => socket.destroy())
    talk(socket)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) server.emit('idle')
    })
  })
  server.listen(0, host)
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as net.AddressInfo
  return {
    port,
    target: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    open: () => sockets.size,
    async idle() {
      if (sockets.size > 0) await once(server, 'idle')
    },
    serverNames,
  }
}
