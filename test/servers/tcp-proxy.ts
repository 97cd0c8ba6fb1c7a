// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { prefer } from './priority.ts'
import { type Fault, type Link, tie } from './tcp-link.ts'

/** A TCP address. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** A TCP proxy that fails at will. */
export interface TcpProxy {
  /** Does the same to all connections, those that are there and those to come. */
  set(fault: Fault): void
  close(): Promise<void>
}

/** Starts a proxy that passes everything on at first. */
export async function startProxy(listen: Address, target: Address): Promise<TcpProxy> {
  let fault: Fault = 'pass'
  const proxy = await startFaultyProxy(listen, target, () => () => fault)
  return {
    set(next) {
      fault = next
      proxy.apply()
    },
    close: () => proxy.close(),
  }
}

/** A TCP proxy that fails for some connections. */
export interface FaultyProxy {
  /** Asks anew what is to happen to each connection. */
  apply(): void
  close(): Promise<void>
}

/** Starts a proxy that asks `judge`, for each connection that comes in, where to learn what is to happen to it. */
export async function startFaultyProxy(
  listen: Address,
  target: Address,
  judge: (near: Socket) => () => Fault,
): Promise<FaultyProxy> {
  // What goes through it must not be later than the servers at its ends.
  prefer(process.pid)
  const links = new Map<Socket, { readonly link: Link; readonly fault: () => Fault }>()
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (near) => {
    const link = tie(near, target)
    const fault = judge(near)
    links.set(near, { link, fault })
    near.once('close', () => links.delete(near))
    link.set(fault())
  })
  await once(server.listen(listen.port, listen.host), 'listening')
  return {
    apply() {
      for (const { link, fault } of links.values()) link.set(fault())
    },
    async close() {
      if (!server.listening) return
      const closed = once(server.close(), 'close')
      for (const near of links.keys()) near.destroy()
      await closed
    },
  }
}
