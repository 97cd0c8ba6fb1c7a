// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'

/** Sends the same bytes again and again, as fast as they are taken, until the other side leaves. */
export function flood(socket: Socket, bytes: Uint8Array): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  }
  socket.on('drain', more)
  more()
}

/** Sends bytes one at a time, each a few milliseconds after the one before, then nothing more. */
export function dribble(socket: Socket, bytes: Uint8Array): void {
  let at = 0
  const timer = setInterval(() => {
    if (at < bytes.length) socket.write(bytes.subarray(at, ++at))
  }, 2)
  socket.on('close', () => clearInterval(timer))
}

/** Sends bytes and resets the connection once they are out. */
export function sendAndReset(socket: Socket, bytes: Uint8Array | string): void {
  socket.write(bytes, () => socket.resetAndDestroy())
}

/** A TLS 1.2 record that announces 16 KiB of handshake and begins with a ServerHello (RFC 5246 sections 6.2.1 and 7.4.1.3). */
export const endlessServerHello = Buffer.concat([
  Buffer.from([22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3]),
  Buffer.alloc(0x3ffa, 0x55),
])
