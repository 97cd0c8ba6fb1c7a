// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** Something that listens on a loopback port until it is closed. */
export interface Target {
  readonly port: number
  close(): Promise<void>
}

/** Listens on a free port of 127.0.0.1; closing also destroys the connections that are left. */
export async function listen(server: Server): Promise<Target> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

/** A port of 127.0.0.1 where nobody listens any more. */
export async function closedPort(): Promise<number> {
  const target = await listen(createServer())
  await target.close()
  return target.port
}
