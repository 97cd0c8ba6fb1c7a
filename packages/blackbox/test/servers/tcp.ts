// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import net from 'node:net'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'

/** A TCP server of a test. */
export interface TcpServer {
  readonly port: number
  /** `host:port`, as a prober takes it. */
  readonly target: string
  /** How many connections are open. */
  readonly open: () => number
  /** Resolves when no connection is open. */
  readonly idle: () => Promise<void>
}

/** Serves connections with `talk` until the test ends; what a broken connection throws in `talk` is dropped. */
export async function tcpServer(
  t: Test,
  talk: (socket: net.Socket) => unknown = (socket) => socket.resume(),
  host = '127.0.0.1',
): Promise<TcpServer> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroySoon())
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) server.emit('idle')
    })
    void Promise.resolve(talk(socket)).catch((error: unknown) => socket.destroy(error as Error))
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
    target: net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`,
    open: () => sockets.size,
    async idle() {
      if (sockets.size > 0) await once(server, 'idle')
    },
  }
}

/** A function that gives the next line that a socket sends, undefined at its end. */
export function lineReader(socket: net.Socket): () => Promise<string | undefined> {
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
  return async () => {
    const { done, value } = await lines.next()
    return done === true ? undefined : value
  }
}

/** Writes pieces so that each leaves as a segment of its own: the next one waits until the other side has the last. */
export async function writePieces(socket: net.Socket, pieces: Iterable<Uint8Array | string>): Promise<void> {
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve))
    await new Promise(setImmediate)
  }
}

/** A port of the loopback that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
