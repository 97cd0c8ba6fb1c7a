// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import type { RunSignal } from '@leadline/kit'
import type { Address } from './resolve.ts'

/** How to dial. */
export interface DialOptions {
  /** Ends the attempt and, for its whole life, the socket. */
  readonly signal: RunSignal
  /** Address to connect from; the system chooses when absent. */
  readonly localAddress?: string
}

/** Why a connection could not be made; `code` is the system's, such as ECONNREFUSED. */
export class DialError extends Error {
  readonly code: string
  constructor(message: string, code: string) {
    super(message)
    this.name = 'DialError'
    this.code = code
  }
}

/**
 * One TCP connection to one address: no second attempt, no other address, no delay of small packets.
 * The socket is destroyed as soon as the signal aborts, and never has an 'error' event that nobody hears.
 * Rejects with DialError such as `connect 127.0.0.1:1: ECONNREFUSED`, or with the signal's reason.
 */
export function dial(address: Address, port: number, { signal, localAddress }: DialOptions): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    const socket = net.connect({
      host: address.ip,
      port,
      noDelay: true,
      autoSelectFamily: false,
      localAddress,
    })
    const leave = (): void => {
      reject(signal.reason)
      socket.destroy()
    }
    // A run may open many sockets one after the other, and its signal must not keep them all.
    const release = (): void => signal.removeEventListener('abort', leave)
    signal.addEventListener('abort', leave, { once: true })
    const fail = (error: NodeJS.ErrnoException): void => {
      release()
      reject(dialError(address, port, localAddress, error))
    }
    socket.once('close', release).on('error', fail)
    socket.once('connect', () => {
      socket.on('error', ignore).off('error', fail)
      resolve(socket)
    })
  })
}

/**
 * Hears the errors of a socket for the rest of its life: a reset after the last reader left must not end the process. It
 * leads to nothing, since V8's quick collections spare a socket that was destroyed, and all that its listeners lead to.
 */
export function ignore(): void {}

function dialError(
  address: Address,
  port: number,
  localAddress: string | undefined,
  error: NodeJS.ErrnoException,
): DialError {
  const host = address.family === 6 ? `[${address.ip}]` : address.ip
  const from = localAddress === undefined ? '' : ` from ${localAddress}`
  const code = error.code ?? 'UNKNOWN'
  return new DialError(`connect ${host}:${port}${from}: ${code}`, code)
}
