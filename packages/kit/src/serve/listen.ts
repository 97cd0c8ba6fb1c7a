// SPDX-License-Identifier: Apache-2.0
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { FlagError } from '../flags/table.ts'

/** Where to listen: an address, or a socket that was handed over. */
export type ListenTarget = { readonly host: string | undefined; readonly port: number } | { readonly fd: number }

/** Connections that may wait to be accepted; Linux makes it net.core.somaxconn when that is less. Node's own 511 has the
 * others of a burst come a second later, by TCP's next try. */
const backlog = 4096

/** An address that is listened on. */
export interface BoundAddress {
  readonly host: string
  readonly port: number
  /** As Go writes it: `127.0.0.1:9115`, `[::]:9115`. */
  readonly text: string
}

/**
 * Reads `host:port`, `:port` (all interfaces, both families) or `[::1]:port`. Throws FlagError for anything else, vsock
 * included, which Node can't open.
 */
export function parseListenAddress(text: string): ListenTarget {
  if (text.startsWith('vsock:')) {
    throw new FlagError(`flag --web.listen-address: Node can't listen on vsock (${text}); use host:port`)
  }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d+)$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw new FlagError(`flag --web.listen-address wants host:port, :port or [ipv6]:port, not "${text}"`)
  }
  const host = match[1] ?? match[2]
  return { host: host === '' ? undefined : host, port }
}

/**
 * A listening server that hands its connections on. With `allowHalfOpen` a client that has sent all may close its side and
 * still be answered. Rejects with `listen <address>: <reason>`.
 */
export async function listen(
  target: ListenTarget,
  allowHalfOpen: boolean,
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ allowHalfOpen, noDelay: true }, onConnection)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ ...target, backlog }, resolve)
  try {
    await promise
  } catch (error) {
    throw new Error(`listen ${targetText(target)}: ${reasonOf(error as NodeJS.ErrnoException)}`, { cause: error })
  }
  server.off('error', reject)
  return server
}

/** Where a server listens. */
export function boundAddress(server: Server): BoundAddress {
  const address = server.address() as AddressInfo | string
  if (typeof address === 'string') return { host: address, port: 0, text: address }
  const { address: host, port } = address
  return { host, port, text: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` }
}

function targetText(target: ListenTarget): string {
  if ('fd' in target) return `on file descriptor ${target.fd}`
  const host = target.host ?? ''
  return host.includes(':') ? `[${host}]:${target.port}` : `${host}:${target.port}`
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is already in use',
  EACCES: 'not permitted',
  EADDRNOTAVAIL: "the machine doesn't have this address",
  ENOTFOUND: 'no such host',
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined || reasons[code] === undefined ? message : `${reasons[code]} (${code})`
}
