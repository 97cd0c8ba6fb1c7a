// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { messageOf } from '@leadline/kit'
import { dial } from '../net/dial.ts'
import type { ExchangeOptions, Server } from './exchange.ts'
import { messageId } from './message.ts'
import { prefixLength } from './query.ts'

/** Makes the connection secure; it is over before the exchange counts as connected. */
export type Secure = (socket: Socket) => Promise<Socket>

/**
 * Asks over a TCP connection of its own, secured first if `secure` is given, and gives the reply without its length.
 * Rejects with the connection's error, or with the signal's reason.
 */
export async function exchangeOnStream(
  { address, port, localAddress }: Server,
  framed: Buffer,
  { signal, connected, ended }: ExchangeOptions,
  secure?: Secure,
): Promise<Buffer> {
  signal.addEventListener('abort', ended)
  try {
    const plain = await dial(address, port, localAddress === '' ? { signal } : { signal, localAddress })
    try {
      const socket = secure === undefined ? plain : await secure(plain)
      connected()
      socket.write(framed)
      const reply = await readFrame(socket)
      if (reply.length >= 2 && messageId(reply) !== messageId(framed.subarray(prefixLength))) {
        throw new Error('the reply has another id')
      }
      return reply
    } finally {
      plain.destroy()
    }
  } finally {
    signal.removeEventListener('abort', ended)
    if (!signal.aborted) ended()
  }
}

/** One message behind its length, in however many pieces it comes. Rejects when the connection ends before it does. */
function readFrame(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let held = Buffer.allocUnsafe(prefixLength)
    let filled = 0
    const take = (piece: Buffer): void => {
      let rest = piece
      for (;;) {
        const copied = rest.copy(held, filled)
        filled += copied
        rest = rest.subarray(copied)
        if (filled < held.length) return
        if (held.length > prefixLength) break
        const length = prefixLength + held.readUInt16BE(0)
        if (length === prefixLength) break
        held = Buffer.concat([held], length)
      }
      socket.off('data', take)
      resolve(held.subarray(prefixLength))
    }
    socket.on('data', take)
    socket.once('error', (error) => reject(new Error(`the connection broke: ${messageOf(error)}`)))
    socket.once('close', () => reject(new Error('the connection was closed before the reply was whole')))
    socket.once('end', () => reject(new Error('the connection was closed before the reply was whole')))
  })
}
