// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { CheckFailed } from '@leadline/kit'
import { Inbox } from './inbox.ts'

/**
 * Both ways of a connection, read only as far as it is asked for, so that a flood waits in the kernel.
 * Whoever owns the socket destroys it at the deadline; what waits here then rejects.
 */
export class Channel {
  readonly #socket: Socket
  readonly #inbox = new Inbox()
  #ended: boolean
  #error: Error | undefined
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    // Go's connections stay writable after the other side's FIN, and dialogues may rely on it.
    socket.allowHalfOpen = true
    this.#ended = socket.readableEnded
    socket.on('readable', this.#stir).on('end', this.#end).on('close', this.#close).on('error', this.#fail)
  }

  /** How many bytes came in that nothing has asked for. */
  get unread(): number {
    return this.#inbox.length
  }

  /**
   * Reads lines until `judge` gives something for one; undefined when the other side ends before that.
   * A line comes without LF or CRLF and is good during the call only.
   * Throws CheckFailed when the connection breaks or a line passes `lineLimit`.
   */
  async findLine<T>(judge: (line: Buffer) => T | undefined): Promise<T | undefined> {
    for (;;) {
      for (let line = this.#takeLine(); line !== undefined; line = this.#takeLine()) {
        const found = judge(line)
        if (found !== undefined) return found
      }
      if (this.#ended) return undefined
      await this.#receive()
    }
  }

  /** Reads `count` bytes. Throws CheckFailed when the connection breaks or ends before that. */
  async readBytes(count: number): Promise<Buffer> {
    for (;;) {
      const bytes = this.#inbox.takeBytes(count)
      if (bytes !== undefined) return bytes
      if (this.#ended)
        throw new CheckFailed('Read less data than expected', { expected: count, read: this.#inbox.length })
      await this.#receive()
    }
  }

  /** Sends bytes; resolves when the kernel has them. Throws CheckFailed when the connection is broken. */
  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(new CheckFailed('Failed to send', { err: error.message }))
        else resolve()
      })
    })
  }

  /** Leaves the socket to go over to TLS; the channel must not be used any more. */
  release(): void {
    this.#socket.off('readable', this.#stir).off('end', this.#end).off('close', this.#close).off('error', this.#fail)
  }

  #takeLine(): Buffer | undefined {
    try {
      return this.#inbox.takeLine(this.#ended)
    } catch (cause) {
      throw new CheckFailed('Error reading from connection', {}, { cause })
    }
  }

  /** Puts what has come into the inbox, or waits until something comes or the connection ends. */
  async #receive(): Promise<void> {
    for (;;) {
      const chunk = this.#socket.destroyed ? null : (this.#socket.read() as Buffer | null)
      if (chunk !== null) return this.#inbox.put(chunk)
      if (this.#ended) return
      if (this.#error !== undefined) throw new CheckFailed('Error reading from connection', {}, { cause: this.#error })
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  readonly #stir = (): void => {
    this.#wake?.()
  }

  readonly #end = (): void => {
    this.#ended = true
    this.#wake?.()
  }

  readonly #fail = (error: Error): void => {
    this.#error ??= error
    this.#wake?.()
  }

  readonly #close = (): void => {
    if (!this.#ended) this.#fail(new Error('the connection was closed'))
  }
}
