// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import type { Test } from 'tap'
import { type TcpServer, tcpServer } from './tcp.ts'

/** A SOCKS5 proxy of a test. */
export interface SocksProxy extends TcpServer {
  /** `user:password` of the connections that gave one, and where each wanted to go. */
  readonly asked: readonly string[]
}

/** Serves SOCKS5 with CONNECT (RFC 1928), and with user and password (RFC 1929) to those who offer them. */
export async function socksProxy(t: Test, { refuse = false } = {}): Promise<SocksProxy> {
  const asked: string[] = []
  const server = await tcpServer(t, async (socket) => {
    const [, count = 0] = await bytes(socket, 2)
    const methods = await bytes(socket, count)
    const withUser = methods.includes(2)
    socket.write(Buffer.from([5, withUser ? 2 : 0]))
    if (withUser) asked.push(await readUser(socket))
    const [, , , kind] = await bytes(socket, 4)
    const host = await readHost(socket, kind ?? 0)
    const port = (await bytes(socket, 2)).readUInt16BE()
    asked.push(`${host}:${port}`)
    if (refuse) return socket.end(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]))
    const target = net.connect(port, host, () => {
      socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
      socket.pipe(target).pipe(socket)
    })
    socket.on('close', () => target.destroy())
    return undefined
  })
  return { ...server, asked }
}

async function readUser(socket: net.Socket): Promise<string> {
  const [, length = 0] = await bytes(socket, 2)
  const name = await bytes(socket, length)
  const password = await bytes(socket, (await bytes(socket, 1))[0] ?? 0)
  socket.write(Buffer.from([1, 0]))
  return `${name.toString()}:${password.toString()}`
}

async function readHost(socket: net.Socket, kind: number): Promise<string> {
  if (kind === 3) return (await bytes(socket, (await bytes(socket, 1))[0] ?? 0)).toString()
  const address = await bytes(socket, kind === 4 ? 16 : 4)
  return kind === 4 ? '::1' : address.join('.')
}

/** Exactly so many bytes; never resolves when they don't come. */
function bytes(socket: net.Socket, count: number): Promise<Buffer> {
  if (count === 0) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve) => {
    const look = (): void => {
      const got = socket.read(count) as Buffer | null
      if (got === null) return
      socket.off('readable', look)
      resolve(got)
    }
    socket.on('readable', look)
    look()
  })
}
