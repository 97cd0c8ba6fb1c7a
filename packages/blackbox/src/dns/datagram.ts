// SPDX-License-Identifier: Apache-2.0
import dgram from 'node:dgram'
import type { ExchangeOptions, Server } from './exchange.ts'
import { headerLength, messageId } from './message.ts'

/** Octets that a client without EDNS takes (RFC 1035 section 4.2.1); the rest of a longer datagram is lost, as with the peer. */
const largestDatagram = 512

/** Addresses are literals already: without this, dgram would ask the resolver twice, for its own side too. */
const takeLiteral = (
  host: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void => callback(null, host, host.includes(':') ? 6 : 4)

/**
 * Asks by one datagram from a socket of its own and gives the first one that comes back with the same id.
 * The socket is connected, so that the kernel drops what others send, and a closed port is told at once.
 * Rejects with the socket's error, or with the signal's reason.
 */
export function exchangeDatagrams(
  { address, port, localAddress }: Server,
  query: Buffer,
  { signal, connected, ended }: ExchangeOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    const socket = dgram.createSocket({ type: address.family === 6 ? 'udp6' : 'udp4', lookup: takeLiteral })
    const id = messageId(query)
    let open = true
    const close = (): void => {
      if (!open) return
      open = false
      signal.removeEventListener('abort', leave)
      socket.close()
      ended()
    }
    const fail = (error: unknown): void => {
      close()
      reject(error)
    }
    const leave = (): void => fail(signal.reason)
    socket.on('error', fail)
    socket.on('message', (datagram) => {
      // What is too short to be a message is taken for the answer, and refused when it is decoded.
      if (datagram.length >= headerLength && messageId(datagram) !== id) return
      close()
      resolve(datagram.subarray(0, largestDatagram))
    })
    // No callback of `connect`: it would be called for errors too, and they would not be events any more.
    socket.on('connect', () => {
      if (!open) return
      connected()
      socket.send(query, (error) => {
        if (error !== null) fail(error)
      })
    })
    signal.addEventListener('abort', leave)
    if (localAddress === '') socket.connect(port, address.ip)
    else socket.bind({ address: localAddress, exclusive: true }, () => open && socket.connect(port, address.ip))
  })
}
